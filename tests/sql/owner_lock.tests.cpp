#include <fstream>

#include <catch2/catch.hpp>

#include "sql/owner_lock.hpp"
#include "support/temp_directory.hpp"

using namespace waybill;
using waybill::test::temp_directory;

TEST_CASE("a lock is held by one at a time and free again at its end") {
    const temp_directory directory;
    {
        const auto first = sql::owner_lock::take(directory / "lock", "store");
        REQUIRE(first.ok());
        const auto second = sql::owner_lock::take(directory / "lock", "store");
        REQUIRE_FALSE(second.ok());
        CHECK(second.error().code == errc::owned_elsewhere);
        CHECK(second.error().message.find("the store is owned by process ") == 0);
    }
    CHECK(sql::owner_lock::take(directory / "lock", "store").ok());
    CHECK(std::filesystem::exists(directory / "lock"));
}

TEST_CASE("marks that were raised are there for the next owner and never go down by raising") {
    const temp_directory directory;
    {
        auto lock = sql::owner_lock::take(directory / "lock", "store").value();
        lock.raise({7, 1'000, 20});
        lock.raise({3, 2'000, 10});
    }
    const auto lock = sql::owner_lock::take(directory / "lock", "store").value();
    CHECK(lock.marks().epoch == 7);
    CHECK(lock.marks().job_id == 2'000);
    CHECK(lock.marks().commit_sequence == 20);
}

TEST_CASE("a record fits into one disk sector and has no trace of the one before") {
    const temp_directory directory;
    {
        auto lock = sql::owner_lock::take(directory / "lock", "store").value();
        lock.raise({INT64_MAX, INT64_MAX, INT64_MAX});
        lock.settle({1, 2, 3});
    }
    CHECK(std::filesystem::file_size(directory / "lock") == 256);
    const auto owner = sql::inspect_owner(directory / "lock");
    REQUIRE(owner.has_value());
    CHECK(owner->marks.epoch == 1);
    CHECK(owner->marks.job_id == 2);
    CHECK(owner->marks.commit_sequence == 3);
}

TEST_CASE("a lock in a folder that is not there is a failure that names the file") {
    const temp_directory directory;
    CHECK_THROWS_WITH(sql::owner_lock::take(directory / "missing" / "lock", "store"),
                      Catch::Contains("missing/lock"));
    CHECK_FALSE(sql::inspect_owner(directory / "lock").has_value());
}

TEST_CASE("a lock file whose first record a power cut has lost is taken as new, another text is not") {
    const temp_directory directory;
    const auto file = directory / "lock";
    std::ofstream(file, std::ios::binary) << std::string(256, '\0');
    CHECK(sql::inspect_owner(file)->marks.job_id == 0);
    CHECK(sql::owner_lock::take(file, "store").value().marks().epoch == 0);
    std::ofstream(file, std::ios::binary) << std::string(255, '\0') << 'x';
    CHECK_THROWS_WITH(sql::owner_lock::take(file, "store"), Catch::Contains("is not a Waybill lock file"));
}
