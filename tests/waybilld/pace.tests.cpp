#include <catch2/catch.hpp>

#include "pace.hpp"

using namespace waybill::http;
using namespace std::chrono_literals;

namespace {

const pace::clock::time_point start{1'000s};

} // namespace

TEST_CASE("Whoever moves nothing has the whole credit and no more") {
    pace slow(10s, 100);
    slow.resume(start);
    CHECK(slow.left(start) == 10s);
    CHECK(slow.left(start + 9'999ms) == 1ms);
    CHECK(slow.left(start + 10s) == 0s);
    CHECK(slow.left(start + 1h) == 0s);
}

TEST_CASE("Bytes give time back at the least rate, and never more than the credit") {
    pace slow(10s, 100);
    slow.resume(start);
    slow.moved(50, start + 4s);
    CHECK(slow.left(start + 4s) == 6'500ms);
    slow.moved(1'000'000, start + 4s);
    CHECK(slow.left(start + 4s) == 10s);
    slow.moved(SIZE_MAX, start + 5s);
    CHECK(slow.left(start + 5s) == 10s);
}

TEST_CASE("A byte now and then does not last, the least rate lasts for ever, and one byte less does not") {
    const auto lasts = [](std::size_t bytes, std::chrono::seconds every) {
        pace slow(10s, 100);
        slow.resume(start);
        auto now = start;
        while (now < start + 1h && slow.left(now) > 0s) {
            now += every;
            if (slow.left(now) > 0s) slow.moved(bytes, now);
        }
        return now - start;
    };
    CHECK(lasts(1, 5s) == 15s);
    CHECK(lasts(100, 1s) >= 1h);
    CHECK(lasts(900, 9s) >= 1h);
    CHECK(lasts(99, 1s) < 1h);
    CHECK(lasts(1'000'000, 10s) == 10s);
}

TEST_CASE("The time in which nobody waits for the client is not counted") {
    pace slow(10s, 100);
    slow.resume(start);
    slow.pause(start + 4s);
    slow.resume(start + 1h);
    CHECK(slow.left(start + 1h) == 6s);
    slow.moved(100, start + 1h);
    CHECK(slow.left(start + 1h) == 7s);
}
