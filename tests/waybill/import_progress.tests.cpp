#include <catch2/catch.hpp>

#include "import_progress.hpp"

using namespace std::chrono_literals;
using waybill::tool::progress_text;

TEST_CASE(
    "The progress of an import tells records, megabytes, percent, rate, and at that rate the time left") {
    CHECK(progress_text({25'000'000, 120'000}, 100'000'000, 4s) ==
          "120,000 records, 25 MB, 25 %, 30,000 records/s, 12 s left");
    CHECK(progress_text({1'000'000, 3'000}, 400'000'000, 1s) ==
          "3,000 records, 1 MB, 0 %, 3,000 records/s, 6 min 39 s left");
    CHECK(progress_text({100, 2}, 100, 2s) == "2 records, 0 MB, 100 %, 1 records/s");
}

TEST_CASE("The progress of an import whose size nobody knows tells neither percent nor the time left") {
    CHECK(progress_text({5'000'000, 9'000}, std::nullopt, 3s) == "9,000 records, 5 MB, 3,000 records/s");
    CHECK(progress_text({0, 0}, 100, 0ms) == "0 records, 0 MB, 0 %, 0 records/s");
}
