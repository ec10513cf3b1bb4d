#include <catch2/catch.hpp>

#include <waybill/job_owner.hpp>

#include "support/a_job.hpp"
#include "support/program.hpp"
#include "support/temp_store.hpp"
#include "support/terminal_program.hpp"

using namespace waybill;
using namespace waybill::test;
using Catch::Contains;

namespace {

/// A store with a job that is a quarter done, and one that waits.
staging_key start_jobs(temp_store& store) {
    REQUIRE(store->create(acme, a_job("people")).ok());
    REQUIRE(store->create(globex, a_job("visitors")).ok());
    const auto key = store.owner().claim(1, no_objection).at(0).key;
    job_metrics metrics;
    metrics.exported = 1'250;
    metrics.candidates = 50'000;
    metrics.looked_at = 12'500;
    REQUIRE(store.owner().note_progress(key, "engine-1", metrics));
    return key;
}

const std::string takes_screen = "\033[?1049h", gives_back = "\033[?1049l";

} // namespace

TEST_CASE("One look at a store shows what runs, how far it is, and what waits") {
    temp_store store;
    start_jobs(store);
    const auto asked = waybill_tool({"top", "--store", store.file(), "--once", "--json"});
    CAPTURE(asked.err);
    REQUIRE(asked.code == 0);
    const auto seen = asked.json();
    CHECK(seen["jobs"]["PROCESSING"] == 1);
    CHECK(seen["oldestWaiting"]["org"] == globex.org);
    CHECK(seen["perSecond"].is_null());
    CHECK(seen["walBytes"] > 0);
    REQUIRE(seen["running"].size() == 1);
    const auto& job = seen["running"][0];
    CHECK(job["datasetId"] == "people");
    CHECK(job["org"] == acme.org);
    CHECK(job["percent"] == 25);
    CHECK(job["exported"] == 1'250);
    CHECK(job["attempt"] == 1);
    CHECK(job["since"] == to_rfc3339(store.clock.now()));

    const auto text = waybill_tool({"top", "--store", store.file()}).out; // no terminal: once
    CHECK_THAT(text, Contains("25 %") && Contains("1,250") && Contains("people") && !Contains("\033"));
}

TEST_CASE("Two looks tell what happened a second in between") {
    temp_store store;
    const auto key = start_jobs(store);
    terminal_program top(WAYBILL_TOOL,
                         {"top", "--store", store.file(), "--json", "--looks", "2", "--interval", "86400"});
    top.read_until("\"walBytes\"");
    for (int i = 0; i < 3; ++i)
        REQUIRE(store->create(acme, a_job("more" + std::to_string(i))).ok());
    REQUIRE(store.owner().fail(key, {{"unknown", "it broke", ""}}, "lifecycle", ""));
    top.press("\n");
    top.read_until("\"walBytes\"");
    CHECK(top.wait() == 0);
    const auto last = top.written().rfind("{\"at\"");
    const auto seen = nlohmann::json::parse(top.written().substr(last));
    const double created = seen["perSecond"]["created"], finished = seen["perSecond"]["finished"],
                 failed = seen["perSecond"]["failed"];
    CHECK(created > 0);
    CHECK(finished == Approx(created / 3));
    CHECK(failed == Approx(finished));
    CHECK_THAT(top.written(), !Contains("\033"));
}

TEST_CASE("A terminal is drawn anew at Enter, and given back as it was at Ctrl-C") {
    temp_store store;
    start_jobs(store);
    terminal_program top(WAYBILL_TOOL, {"top", "--store", store.file(), "--interval", "86400"});
    top.read_until(takes_screen);
    CHECK_THAT(top.read_until("25 %"), Contains("\033[1m")); // bold heads
    REQUIRE(store->create(acme, a_job("more")).ok());
    top.press("\n");
    top.read_until("\033[H");
    CHECK_THAT(top.read_until("25 %"), !Contains(gives_back));
    top.press("\x03");
    CHECK(top.wait() == 0);
    CHECK_THAT(top.written(), Catch::EndsWith(gives_back));
}

TEST_CASE("Without color a terminal is drawn without bold, and a last look gives it back too") {
    temp_store store;
    start_jobs(store);
    terminal_program top(WAYBILL_TOOL, {"top", "--store", store.file(), "--looks", "1"}, {"NO_COLOR=1"});
    CHECK(top.wait() == 0);
    CHECK_THAT(top.written(), Contains("25 %") && !Contains("\033[1m") && Catch::EndsWith(gives_back));
}

TEST_CASE("What cannot be looked at ends top before it takes the terminal") {
    const temp_directory dir;
    terminal_program top(WAYBILL_TOOL, {"top", "--store", dir / "none.db"});
    CHECK(top.wait() == 3);
    CHECK_THAT(top.written(), Contains("there is no job store") && !Contains("\033"));
}
