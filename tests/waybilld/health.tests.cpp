#include <catch2/catch.hpp>

#include <boost/asio/io_context.hpp>

#include "client.hpp"
#include "host_health.hpp"

using namespace waybill;
using namespace waybill::http;
using namespace waybill::test;
using namespace std::chrono_literals;

TEST_CASE("A host that works is alive and ready") {
    const running_host host;
    for (const auto* const path : {"/healthz", "/readyz", "/healthz", "/readyz"}) {
        const auto seen = host.connect().ask("GET", path);
        CHECK(seen.status == 200);
        CHECK(seen.body == "ok\n");
    }
}

TEST_CASE("A thread that does not answer for longer than the patience is late, until it does") {
    host_health::clock::time_point now{1h};
    host_health health(10s, [&now] { return now; });
    boost::asio::io_context turning;
    boost::asio::io_context standing;
    health.watch("the one", turning.get_executor());
    health.watch("the other", standing.get_executor());
    CHECK_FALSE(health.late()); // both are asked
    turning.run();
    now += 10s;
    CHECK_FALSE(health.late());
    turning.restart();
    turning.run();
    now += 1s;
    CHECK(health.late() == "the other has not come round for 11 s");
    standing.run();
    CHECK_FALSE(health.late());
    now += 1h; // nobody has looked meanwhile, and this look's predecessor was answered by both
    turning.restart();
    turning.run();
    standing.restart();
    standing.run();
    CHECK_FALSE(health.late());
}

TEST_CASE("A lifecycle that does not come round is late, however idle it is meant to be") {
    host_health::clock::time_point now{1h};
    host_health health(10s, [&now] { return now; });
    health.expect_rounds(60s);
    now += 70s;
    CHECK_FALSE(health.late());
    now += 1s;
    CHECK(health.late() == "the lifecycle has not come round for 71 s");
    health.came_round();
    CHECK_FALSE(health.late());
}
