#include <fstream>

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "spark/clusters.hpp"
#include "spark/spark_bench.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

struct cancelled_attempt {
    standalone_master master;
    spark_bench bench;
    std::unique_ptr<spark_engine> engine;
    publication what = a_publication(7, 1);
    played_driver driver = bench.driver(what);

    void submit() { submit(bench.options(master.url())); }
    void submit(spark_engine_options how) {
        engine = bench.engine(std::move(how));
        engine->submit(what.key, what.job);
    }
    void cancel() const { engine->cancel(what.key); }
    attempt_report report() const { return engine->poll(what.key); }
    attempt_report wait_for(attempt_state state) const { return bench.wait_for(*engine, what.key, state); }
    /// Forgets it and waits until nothing is left of it.
    void forget() const {
        engine->forget(what.key);
        eventually([&] { return !std::filesystem::exists(driver.spool()); });
    }
};

} // namespace

TEST_CASE("A cancel is told at once, written down for the driver, and the driver is killed") {
    cancelled_attempt one;
    one.submit();
    one.wait_for(attempt_state::running);
    REQUIRE(one.driver.claim(one.master.id(0)));
    one.cancel();
    CHECK(one.report().state == attempt_state::cancelled);
    eventually([&] { return one.driver.is_cancelled(); });
    one.master.server().wait_for(one.master.kill + one.master.id(0));
    one.forget();
    CHECK(one.master.state(one.master.id(0)) == "KILLED");
    CHECK(one.master.server().count(one.master.kill) == 1);
}

TEST_CASE("What the host writes follows no link that stands in its place, and waits for no pipe") {
    cancelled_attempt one;
    one.submit();
    one.wait_for(attempt_state::running);
    const auto victim = one.bench.root / "victim";
    std::ofstream(victim) << "kept";
    const auto aside = one.driver.spool() / ".cancel.new";
    if (GENERATE(true, false))
        std::filesystem::create_symlink(victim, aside);
    else
        REQUIRE(::mkfifo(aside.c_str(), 0600) == 0);
    one.cancel();
    eventually([&] { return one.driver.is_cancelled(); });
    CHECK(std::filesystem::file_size(victim) == 4);
    one.forget();
}

TEST_CASE("A cancel while the submission is under way kills what comes of it") {
    cancelled_attempt one;
    one.master.set_fault(for_some(one.master.create, 1, silent));
    auto how = one.bench.options(one.master.url());
    how.linger = std::chrono::hours{1};
    one.submit(how);
    one.master.server().wait_for(one.master.create);
    one.cancel();
    CHECK(one.report().state == attempt_state::cancelled);
    eventually([&] { return one.driver.is_cancelled(); });
    one.engine->forget(one.what.key);
    one.master.server().let_go(); // the answer is lost, and the driver comes up
    REQUIRE(one.driver.claim(one.master.id(0)));
    eventually([&] { return !std::filesystem::exists(one.driver.spool()); });
    CHECK(one.master.state(one.master.id(0)) == "KILLED");
}

TEST_CASE("A cancel while the submission's answer is on its way kills what is answered") {
    cancelled_attempt one;
    one.master.set_fault([&](const asked_request& asked, const given_answer&) -> std::optional<given_answer> {
        if (asked.line() == one.master.create) one.cancel(); // before the answer
        return std::nullopt;
    });
    one.submit();
    one.master.server().wait_for(one.master.kill + one.master.id(0));
    one.forget();
    CHECK(one.master.state(one.master.id(0)) == "KILLED");
}

TEST_CASE("A driver of which nobody says that it is there is looked for only so long") {
    cancelled_attempt one;
    one.master.set_fault(for_some(one.master.create, 1, broken_off));
    auto how = one.bench.options(one.master.url());
    how.first_wait = how.longest_wait = std::chrono::hours{1};
    how.linger = std::chrono::milliseconds{20};
    one.submit(how);
    one.wait_for(attempt_state::unknown);
    one.master.server().wait_for(one.master.create);
    one.cancel();
    one.forget();
    CHECK(one.master.server().count(one.master.kill) == 0);
}

TEST_CASE("A kill is asked for until the cluster has taken it") {
    cancelled_attempt one;
    one.submit();
    one.wait_for(attempt_state::running);
    const auto given = GENERATE(
        given_answer{500, ""}, given_answer{0, {}, given_answer::way::broken_off}, given_answer{200, "{}"},
        given_answer{
            200,
            R"({"action":"KillSubmissionResponse","success":false,)"
            R"("message":"Current state is not alive: STANDBY. Can only kill drivers in ALIVE state."})"});
    one.master.set_fault(for_some(one.master.kill, 2, given), false);
    one.cancel();
    one.forget();
    CHECK(one.master.server().count(one.master.kill) == 3);
    CHECK(one.master.state(one.master.id(0)) == "KILLED");
}

TEST_CASE("An attempt that had ended before its cancel stays as it had ended") {
    cancelled_attempt one;
    one.submit();
    one.wait_for(attempt_state::running);
    REQUIRE(one.driver.claim(one.master.id(0)));
    one.driver.stage();
    one.wait_for(attempt_state::staged);
    one.cancel();
    CHECK(one.report().state == attempt_state::staged);
}

TEST_CASE("An attempt that is cancelled before anything was written leaves nothing") {
    cancelled_attempt one;
    auto how = one.bench.options(one.master.url());
    one.engine = one.bench.engine(how);
    one.engine->submit(one.what.key, one.what.job);
    one.cancel();
    one.forget();
    CHECK(one.report().state == attempt_state::unknown);
    eventually([&] {
        return one.master.state(one.master.id(0)) != "RUNNING"; // never submitted, or killed
    });
}

TEST_CASE("When an attempt has its result, other drivers that were submitted for it are killed") {
    cancelled_attempt one;
    one.master.set_fault(for_some(one.master.create, 1, broken_off));
    one.submit();
    one.master.server().wait_for(one.master.create, 2);
    one.wait_for(attempt_state::running);
    REQUIRE(one.driver.claim(one.master.id(0)));
    one.driver.stage();
    one.wait_for(attempt_state::staged);
    one.forget();
    CHECK(one.master.state(one.master.id(0)) == "RUNNING"); // about to end by itself
    CHECK(one.master.state(one.master.id(1)) == "KILLED");
}

TEST_CASE("An engine that ends right after a cancel has written it down") {
    cancelled_attempt one;
    one.submit();
    one.wait_for(attempt_state::running);
    one.cancel();
    one.engine.reset();
    CHECK(one.driver.is_cancelled());
}

TEST_CASE("An engine that ends leaves its drivers alone") {
    cancelled_attempt one;
    one.submit();
    one.wait_for(attempt_state::running);
    one.engine.reset();
    CHECK_FALSE(one.driver.is_cancelled());
    CHECK(one.master.server().count(one.master.kill) == 0);
}
