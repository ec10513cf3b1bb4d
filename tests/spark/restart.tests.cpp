#include <catch2/catch.hpp>

#include "spark/clusters.hpp"
#include "spark/spark_bench.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

struct restarted_engine {
    standalone_master master;
    spark_bench bench;
    std::unique_ptr<spark_engine> engine;
    publication what = a_publication(7, 1);
    played_driver driver = bench.driver(what);

    void begin() { engine = bench.engine(master.url()); }
    void submit() {
        begin();
        engine->submit(what.key, what.job);
    }
    void end() { engine.reset(); }
    attempt_report wait_for(attempt_state state) const { return bench.wait_for(*engine, what.key, state); }
};

} // namespace

TEST_CASE("After a restart an attempt is found by what was recorded of it, and only then") {
    restarted_engine one;
    one.begin();
    CHECK_FALSE(one.engine->find(one.what.key));
    one.engine->submit(one.what.key, one.what.job);
    one.wait_for(attempt_state::running);
    one.end();
    one.begin();
    CHECK(one.engine->find(one.what.key));
    CHECK_FALSE(one.engine->find({7, 2, 3}));
    CHECK(one.wait_for(attempt_state::running).engine_job_id == one.master.id(0));
    REQUIRE(one.driver.claim(one.master.id(0)));
    one.driver.stage();
    one.wait_for(attempt_state::staged);
    CHECK(one.master.drivers() == 1);
}

TEST_CASE("A host that ended between the submission and its answer adopts the driver that came of it") {
    restarted_engine one;
    one.master.set_fault(for_some(one.master.create, 1, silent));
    one.submit();
    one.master.server().wait_for(one.master.create);
    one.end();
    REQUIRE(one.driver.claim(one.master.id(0)));
    one.begin();
    REQUIRE(one.engine->find(one.what.key));
    CHECK(one.wait_for(attempt_state::running).engine_job_id == one.master.id(0));
    one.driver.stage();
    one.wait_for(attempt_state::staged);
    CHECK(one.master.drivers() == 1);
}

TEST_CASE("A host that ended between the intent and its submission submits after the restart") {
    restarted_engine one;
    one.master.set_fault(for_some(one.master.create, 1, silent));
    one.submit();
    one.master.server().wait_for(one.master.create);
    one.end(); // nobody has claimed: as if nothing had been submitted
    one.begin();
    REQUIRE(one.engine->find(one.what.key));
    one.master.server().wait_for(one.master.create, 2);
    REQUIRE(one.driver.claim(one.master.id(1)));
    one.driver.stage();
    CHECK(one.wait_for(attempt_state::staged).engine_job_id == one.master.id(1));
}

TEST_CASE("What was staged while no host ran is there after the restart") {
    restarted_engine one;
    one.submit();
    one.wait_for(attempt_state::running);
    one.end();
    REQUIRE(one.driver.claim(one.master.id(0)));
    one.driver.stage();
    one.master.set(one.master.id(0), "FINISHED");
    one.begin();
    REQUIRE(one.engine->find(one.what.key));
    const auto report = one.wait_for(attempt_state::staged);
    CHECK(report.metrics.exported == 3);
    CHECK(report.engine_job_id == one.master.id(0));
}

TEST_CASE("A cancel after a restart kills what an earlier host had submitted") {
    restarted_engine one;
    one.submit();
    one.wait_for(attempt_state::running);
    one.end();
    one.begin();
    REQUIRE(one.engine->find(one.what.key));
    one.engine->cancel(one.what.key);
    CHECK(one.engine->poll(one.what.key).state == attempt_state::cancelled);
    one.engine->forget(one.what.key);
    eventually([&] { return !std::filesystem::exists(one.driver.spool()); });
    CHECK(one.master.state(one.master.id(0)) == "KILLED");
}

TEST_CASE("Spools that nobody asked for are killed and removed when the first attempt is submitted") {
    restarted_engine one;
    one.submit();
    one.wait_for(attempt_state::running);
    const auto kept = a_publication(8, 1);
    one.engine->submit(kept.key, kept.job);
    one.bench.wait_for(*one.engine, kept.key, attempt_state::running);
    one.end();
    std::filesystem::create_directories(one.bench.root / ".spark" / "notes");
    one.begin();
    REQUIRE(one.engine->find(kept.key));
    CHECK(std::filesystem::exists(one.driver.spool()));
    const auto next = a_publication(9, 1);
    one.engine->submit(next.key, next.job);
    eventually([&] { return !std::filesystem::exists(one.driver.spool()); });
    CHECK(one.master.state(one.master.id(0)) == "KILLED");
    CHECK(one.bench.wait_for(*one.engine, kept.key, attempt_state::running).engine_job_id ==
          one.master.id(1));
    CHECK(one.bench.driver(kept).is_recorded());
    CHECK(std::filesystem::exists(one.bench.root / ".spark" / "notes")); // not ours
}

TEST_CASE("A spool that lost its request is removed, too") {
    restarted_engine one;
    std::filesystem::create_directories(one.driver.spool());
    one.begin();
    CHECK_FALSE(one.engine->find(one.what.key));
    const auto next = a_publication(9, 1);
    one.engine->submit(next.key, next.job);
    eventually([&] { return !std::filesystem::exists(one.driver.spool()); });
}

TEST_CASE("A recorded intent that cannot be read fails its attempt with words") {
    restarted_engine one;
    one.submit();
    one.wait_for(attempt_state::running);
    one.end();
    const auto* const text = GENERATE("", "{", R"({"schemaVersion":2,"name":"x"})", R"({"schemaVersion":1})");
    one.driver.write("request.json", text);
    one.begin();
    REQUIRE(one.engine->find(one.what.key));
    const auto report = one.wait_for(attempt_state::failed);
    CHECK(report.errors.at(0).code == "0100000010");
    CHECK(report.transient);
}

TEST_CASE("An attempt that an engine has forgotten is not found again") {
    restarted_engine one;
    one.submit();
    one.wait_for(attempt_state::running);
    one.master.set_fault(for_some(one.master.kill, 1'000'000, {500, ""})); // so that it stays a while
    one.engine->forget(one.what.key);
    CHECK_FALSE(one.engine->find(one.what.key));
}
