#include <catch2/catch.hpp>

#include <unistd.h>

#include "support/a_job.hpp"
#include "support/program.hpp"
#include "support/temp_store.hpp"

using namespace waybill;
using namespace waybill::test;
using Catch::Contains;

TEST_CASE("Stats tell jobs by tenant and status, what waits longest, sizes and the owner") {
    temp_store store;
    const auto first = store->create(globex, a_job("one")).value();
    store.clock.advance(std::chrono::hours{2});
    for (const auto* const dataset : {"two", "three"})
        REQUIRE(store->create(acme, a_job(dataset)).ok());
    REQUIRE(store->cancel(acme, first.id + 1).ok());

    const auto asked = waybill_tool({"stats", "--store", store.file(), "--json"});
    CAPTURE(asked.err);
    REQUIRE(asked.code == 0);
    const auto seen = asked.json();
    CHECK(seen["jobs"]["NEW"] == 2);
    CHECK(seen["jobs"]["CANCELLED"] == 1);
    REQUIRE(seen["tenants"].size() == 2);
    CHECK(seen["tenants"][0]["org"] == acme.org);
    CHECK(seen["tenants"][0]["jobs"]["CANCELLED"] == 1);
    CHECK(seen["tenants"][0]["oldestWaiting"]["id"] == first.id + 2);
    CHECK(seen["oldestWaiting"]["id"] == first.id);
    CHECK(seen["oldestWaiting"]["org"] == globex.org);
    CHECK(seen["oldestWaiting"]["since"] == to_rfc3339(first.creation_time));
    CHECK(seen["database"]["bytes"] > 4096);
    CHECK(seen["database"]["walBytes"] > 0);
    CHECK(seen["schemaVersion"] >= 5);
    CHECK(seen["owner"]["pid"] == ::getpid());
    CHECK(seen["owner"]["running"] == true);

    const auto text = waybill_tool({"stats", "--store", store.file()}).out;
    CHECK_THAT(text, Contains(globex.org + " / prod") && Contains("all") && Contains("KiB"));
    CHECK_THAT(text, Contains("job " + std::to_string(first.id) + " of " + globex.org + " / prod: "));
    CHECK_THAT(text, Contains("process " + std::to_string(::getpid())) && !Contains("\033"));
    CHECK(store->create(acme, a_job("four")).ok()); // its owner goes on
}

TEST_CASE("Stats of an empty store say that nothing waits, and those of none that there is none") {
    temp_store store;
    store.close();
    CHECK(waybill_tool({"stats", "--store", store.file(), "--json"}).json()["oldestWaiting"].is_null());
    const auto text = waybill_tool({"stats", "--store", store.file()}).out;
    CHECK_THAT(text, Contains("oldest waiting  none") && Contains("owner           none"));
    const temp_directory dir;
    CHECK(waybill_tool({"stats", "--store", dir / "none.db"}).code == 3);
    CHECK(std::filesystem::is_empty(dir.path()));
    CHECK(waybill_tool({"stats", "--url", "http://127.0.0.1:1"}).code == 1);
}
