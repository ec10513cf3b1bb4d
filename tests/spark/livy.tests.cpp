#include <catch2/catch.hpp>

#include "spark/clusters.hpp"
#include "spark/spark_bench.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

struct attempt_on_livy {
    livy_server livy;
    spark_bench bench;
    std::unique_ptr<spark_engine> engine;
    publication what = a_publication(7, 1);
    played_driver driver = bench.driver(what);
    std::string name = "waybill-7.1.3-" + batch_id_of(7, 0);

    void begin() { engine = bench.engine(livy.url()); }
    void submit() {
        begin();
        engine->submit(what.key, what.job);
    }
    attempt_report report() const { return engine->poll(what.key); }
    attempt_report wait_for(attempt_state state) const { return bench.wait_for(*engine, what.key, state); }
    void forget() const {
        engine->forget(what.key);
        eventually([&] { return !std::filesystem::exists(driver.spool()); });
    }
};

} // namespace

TEST_CASE("An attempt goes through Livy as a batch with our name") {
    attempt_on_livy one;
    auto how = one.bench.options(one.livy.url());
    how.conf = {{"spark.executor.memory", "8g"}};
    one.engine = one.bench.engine(how);
    one.engine->submit(one.what.key, one.what.job);
    CHECK(one.wait_for(attempt_state::running).engine_job_id == "0");
    CHECK(nlohmann::json::parse(one.livy.server().asked().front().body) ==
          nlohmann::json{{"file", "/opt/waybill/driver.py"},
                         {"args", {(one.driver.spool() / "request.json").string()}},
                         {"name", one.name},
                         {"conf", {{"spark.executor.memory", "8g"}}}});
    REQUIRE(one.driver.claim(std::nullopt, "application_1_0001"));
    one.driver.stage();
    one.wait_for(attempt_state::staged);
    one.forget();
    CHECK(one.livy.server().count(one.livy.remove) == 0);
}

TEST_CASE("A batch whose answer was lost is found by its name and adopted, on whatever page it stands") {
    attempt_on_livy one;
    const int others = GENERATE(0, 20, 45);
    for (int i = 0; i < others; ++i)
        one.livy.add({"other " + std::to_string(i)});
    one.livy.set_fault(for_some(one.livy.create, 1, broken_off));
    one.submit();
    CHECK(one.wait_for(attempt_state::running).engine_job_id == std::to_string(others));
    CHECK(one.livy.server().count(one.livy.create) == 1);
    CHECK(one.livy.batches().size() == static_cast<std::size_t>(others) + 1);
}

TEST_CASE("A name that exists already is adopted") {
    attempt_on_livy one;
    one.livy.add({"other"});
    one.livy.add({one.name});
    one.submit();
    CHECK(one.wait_for(attempt_state::running).engine_job_id == "1");
    CHECK(one.livy.batches().size() == 2);
}

TEST_CASE("A Livy that makes too many sessions at once is asked again") {
    attempt_on_livy one;
    one.livy.set_fault(
        for_some(one.livy.create, 2, {400, R"({"msg":"Rejected, too many sessions are being created!"})"}),
        false);
    one.submit();
    one.wait_for(attempt_state::running);
    CHECK(one.livy.server().count(one.livy.create) == 3);
}

TEST_CASE("A batch that Livy refuses fails the attempt with Livy's words") {
    attempt_on_livy one;
    one.livy.set_fault(
        for_some(
            one.livy.create, 1,
            {400,
             R"({"msg":"requirement failed: Local path /opt/waybill/driver.py cannot be added to user sessions."})"}),
        false);
    one.submit();
    CHECK(one.wait_for(attempt_state::failed).errors.at(0).msg ==
          "Spark refuses the driver: requirement failed: Local path /opt/waybill/driver.py cannot be added "
          "to user sessions.");
}

TEST_CASE("An id of an earlier Livy is not believed, and whose it is now is left alone") {
    attempt_on_livy one;
    one.submit();
    one.wait_for(attempt_state::running);
    const auto application = std::string("application_1_0001");
    REQUIRE(one.driver.claim(std::nullopt, application)); // it works on, on YARN
    eventually([&] { return one.livy.server().count(one.livy.look) > 2; });
    one.livy.restart();
    one.livy.add({"somebody else's", "dead"});
    one.wait_for(attempt_state::unknown);
    const auto seen = one.livy.server().count("GET");
    one.livy.server().wait_for("GET", seen + 5);
    CHECK(one.report().state == attempt_state::unknown);
    if (GENERATE(false, true)) { // then it is looked at for the first time
        one.engine.reset();
        one.begin();
        REQUIRE(one.engine->find(one.what.key));
    }
    one.engine->cancel(one.what.key);
    one.forget();
    CHECK(one.livy.batches().size() == 1);
    CHECK(one.livy.server().count(one.livy.remove) == 0);
}

TEST_CASE("After Livy has forgotten a batch that no driver has claimed, it is submitted again") {
    attempt_on_livy one;
    one.submit();
    one.wait_for(attempt_state::running);
    one.livy.restart();
    one.livy.add({"somebody else's"});
    one.livy.server().wait_for(one.livy.create, 2);
    one.bench.told.wait_until([&] { return one.report().engine_job_id == "1"; });
    REQUIRE(one.driver.claim(std::nullopt));
    one.driver.stage();
    one.wait_for(attempt_state::staged);
}

TEST_CASE("A batch that ends as a duplicate says nothing of the driver that has the attempt") {
    attempt_on_livy one;
    one.submit();
    one.wait_for(attempt_state::running);
    one.livy.set(0, "running", "application_1_0001");
    one.livy.restart(); // and the first driver works on
    one.livy.server().wait_for(one.livy.create, 2);
    REQUIRE(one.driver.claim(std::nullopt, "application_1_0001"));
    one.livy.set(0, "success", "application_1_0002");
    const auto seen = one.livy.server().count("GET");
    one.livy.server().wait_for("GET", seen + 8);
    CHECK(one.report().state != attempt_state::failed);
    one.driver.stage();
    one.wait_for(attempt_state::staged);
}

TEST_CASE(
    "A batch that Livy says is at its end, without a result, fails the attempt with the batch's last words") {
    attempt_on_livy one;
    const auto* const state = GENERATE("dead", "killed", "error", "success");
    const bool claimed = GENERATE(false, true);
    one.submit();
    one.wait_for(attempt_state::running);
    if (claimed) REQUIRE(one.driver.claim(std::nullopt));
    one.livy.set(0, state);
    const auto report = one.wait_for(attempt_state::failed);
    CHECK(report.errors.at(0).msg ==
          std::string("The Spark driver 0 (") + state + ") ended without a result");
    CHECK(report.errors.at(0).call_stack == "stdout: \nwhat the driver said last\n");
    CHECK(report.transient);
}

TEST_CASE("A cancel deletes the batch, also after a restart and when its answer was lost") {
    attempt_on_livy one;
    const bool lost = GENERATE(false, true);
    const bool restarted = GENERATE(false, true);
    if (lost) one.livy.set_fault(for_some(one.livy.create, 1, broken_off));
    one.submit();
    if (lost)
        one.livy.server().wait_for(one.livy.create);
    else
        one.wait_for(attempt_state::running);
    if (restarted) {
        one.engine.reset();
        one.begin();
        REQUIRE(one.engine->find(one.what.key));
    }
    one.engine->cancel(one.what.key);
    one.forget();
    CHECK(one.livy.batches().empty());
}

TEST_CASE("Answers of Livy that are none never fail an attempt") {
    attempt_on_livy one;
    const auto given =
        GENERATE(given_answer{500, ""}, given_answer{200, "[]"}, given_answer{200, R"({"id":"0"})"},
                 given_answer{200, R"({"id":-1})"}, given_answer{404, "<html>"},
                 given_answer{200, R"({"sessions":7})"}, given_answer{0, {}, given_answer::way::broken_off});
    one.submit();
    one.wait_for(attempt_state::running);
    const auto seen = one.livy.server().count("GET");
    one.livy.set_fault(for_some("GET", 4, given));
    one.livy.server().wait_for("GET", seen + 6);
    one.wait_for(attempt_state::running);
    CHECK(one.livy.server().count(one.livy.create) == 1);
}
