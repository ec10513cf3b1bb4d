#include <catch2/catch.hpp>

#include "spark/clusters.hpp"
#include "spark/spark_bench.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

/// An attempt under way before a master, with the test as its drivers.
struct submitted_attempt {
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
    attempt_report wait_for(attempt_state state) { return bench.wait_for(*engine, what.key, state); }
};

} // namespace

TEST_CASE("What the driver has to know stands in its request") {
    submitted_attempt one;
    one.what = a_publication(8, 1, 2);
    one.driver = one.bench.driver(one.what);
    one.what.job.request.fields = "a.b";
    one.what.job.output = {dataset_format::csv, dataset_compression::zstd};
    one.submit();
    one.master.server().wait_for(one.master.create);
    const auto request = one.driver.request();
    CHECK(request["schemaVersion"] == 1);
    CHECK(request["key"] == nlohmann::json{{"job", 8}, {"attempt", 1}, {"epoch", 3}});
    CHECK(request["name"] == "waybill-8.1.3-" + batch_id_of(8, 0));
    CHECK(request["spool"] == one.driver.spool().string());
    CHECK(request["dataset"] == dataset_of(one.bench.root.path(), one.what).string());
    CHECK(request["staging"] == staging_of(one.bench.root.path(), one.what).string());
    CHECK(request["tenant"] == nlohmann::json{{"org", acme.org}, {"sandbox", acme.sandbox}});
    CHECK(request["profiles"] == "/profiles");
    CHECK(request["partBytes"] == 536'870'912);
    CHECK(request["output"] == nlohmann::json{{"format", "csv"}, {"compression", "zstd"}});
    REQUIRE(request["batches"].size() == 2);
    CHECK(request["batches"][1] == nlohmann::json{{"batchId", batch_id_of(8, 1)}, {"segment", 1}});
    CHECK(request["job"]["fields"] == "a.b");
    CHECK(request["job"]["filter"]["segments"].size() == 2);
}

TEST_CASE("A batch of no segment has none in the driver's request") {
    submitted_attempt one;
    one.submit();
    one.master.server().wait_for(one.master.create);
    CHECK(one.driver.request()["batches"] ==
          nlohmann::json{{{"batchId", batch_id_of(7, 0)}, {"segment", nullptr}}});
}

TEST_CASE("A master is told the program, its request, a name and the operator's properties") {
    submitted_attempt one;
    auto how = one.bench.options(one.master.url());
    how.conf = {{"spark.executor.memory", "8g"},
                {"spark.app.name", "no"},
                {"spark.driver.extraJavaOptions", "-Dmine=1"}};
    one.submit(how);
    one.master.server().wait_for(one.master.create);
    const auto said = nlohmann::json::parse(one.master.server().asked().front().body);
    CHECK(said["action"] == "CreateSubmissionRequest");
    CHECK(said["mainClass"] == "org.apache.spark.deploy.PythonRunner");
    CHECK(said["appResource"] == "");
    CHECK(said["appArgs"] ==
          nlohmann::json{"/opt/waybill/driver.py", "", (one.driver.spool() / "request.json").string()});
    CHECK(said["environmentVariables"] == nlohmann::json::object());
    CHECK(said["clientSparkVersion"].is_string());
    const auto& properties = said["sparkProperties"];
    CHECK(properties["spark.app.name"] == "waybill-7.1.3-" + batch_id_of(7, 0));
    CHECK(properties["spark.master"] == one.master.url());
    CHECK(properties["spark.executor.memory"] == "8g");
    const auto java = properties["spark.driver.extraJavaOptions"].get<std::string>();
    CHECK(java.find("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED ") != std::string::npos);
    CHECK(java.ends_with(" -Dmine=1"));
}

TEST_CASE("A submission whose answer is lost is found by the claim of its driver, and not made again") {
    submitted_attempt one;
    auto how = one.bench.options(one.master.url());
    how.first_wait = how.longest_wait = std::chrono::hours{1}; // until the claim is seen
    one.master.set_fault(for_some(one.master.create, 1, broken_off));
    one.submit(how);
    one.master.server().wait_for(one.master.create);
    REQUIRE(one.driver.claim(one.master.id(0)));
    CHECK(one.wait_for(attempt_state::running).engine_job_id == one.master.id(0));
    one.driver.stage();
    one.wait_for(attempt_state::staged);
    CHECK(one.master.drivers() == 1);
}

TEST_CASE("A submission whose answer is lost is made again, and the duplicate's end says nothing") {
    submitted_attempt one;
    one.master.set_fault(for_some(one.master.create, 1, broken_off));
    one.submit();
    one.master.server().wait_for(one.master.create, 2);
    REQUIRE(one.driver.claim(one.master.id(0)));
    REQUIRE_FALSE(one.driver.claim(one.master.id(1)));
    one.master.set(one.master.id(1), "FINISHED");
    one.bench.told.wait_until(
        [&] { return one.engine->poll(one.what.key).engine_job_id == one.master.id(0); });
    one.master.server().wait_for(one.master.status + one.master.id(0), 5);
    CHECK(one.engine->poll(one.what.key).state == attempt_state::running);
    one.driver.stage();
    one.wait_for(attempt_state::staged);
}

TEST_CASE("Before the end of a driver counts it is looked whether another has the attempt") {
    submitted_attempt one;
    auto how = one.bench.options(one.master.url());
    how.spool_interval = std::chrono::hours{1}; // but for then
    one.master.set_fault(for_some(one.master.create, 1, broken_off));
    one.submit(how);
    one.master.server().wait_for(one.master.status + one.master.id(1));
    REQUIRE(one.driver.claim(one.master.id(0)));
    one.master.set(one.master.id(1), "FINISHED");
    one.master.server().wait_for(one.master.status + one.master.id(0), 3);
    CHECK(one.engine->poll(one.what.key).state == attempt_state::running);
}

TEST_CASE("An answer that is no answer never fails an attempt, whatever it is") {
    submitted_attempt one;
    const auto given = GENERATE(
        given_answer{500, "oops"}, given_answer{503, ""}, given_answer{200, "no json"}, given_answer{302, ""},
        given_answer{403, "<html>no</html>"}, given_answer{404, R"({"message":"no route"})"},
        given_answer{200, "[]"}, given_answer{200, R"({"action":"other"})"},
        given_answer{200, std::string(70'000, ' ') + "{}"}, given_answer{200, "{", given_answer::way::cut},
        given_answer{0, {}, given_answer::way::broken_off}, given_answer{0, {}, given_answer::way::silent});
    auto how = one.bench.options(one.master.url());
    how.answer_bytes = 65'536;
    how.request_time = std::chrono::milliseconds{200};
    one.master.set_fault(for_some(one.master.create, 2, given));
    one.submit(how);
    one.master.server().wait_for(one.master.create, 3); // the third is answered
    CHECK(one.wait_for(attempt_state::running).engine_job_id == one.master.id(2));
    one.master.set_fault(for_some(one.master.status, 3, given));
    one.wait_for(attempt_state::unknown);
    one.wait_for(attempt_state::running);
    REQUIRE(one.driver.claim(one.master.id(0)));
    one.driver.stage();
    one.wait_for(attempt_state::staged);
}

TEST_CASE("A master that has only begun, or waits for another, refuses nothing for good") {
    submitted_attempt one;
    const given_answer standby{
        200,
        R"({"action":"CreateSubmissionResponse","success":false,"serverSparkVersion":"3.5.3",)"
        R"("message":"Current state is not alive: STANDBY. Can only accept driver submissions in ALIVE state."})"};
    one.master.set_fault(for_some(one.master.create, 2, standby));
    one.submit();
    one.wait_for(attempt_state::running);
    CHECK(one.master.server().count(one.master.create) == 3);
}

TEST_CASE("A submission that is refused fails the attempt with the server's first words") {
    submitted_attempt one;
    one.master.set_fault(
        for_some(one.master.create, 1,
                 {400, R"({"action":"ErrorResponse","message":"Malformed request: it\n\tat a.b.C"})"}));
    one.submit();
    const auto report = one.wait_for(attempt_state::failed);
    REQUIRE(report.errors.size() == 1);
    CHECK(report.errors[0].code == "0100000008");
    CHECK(report.errors[0].msg == "Spark refuses the driver: Malformed request: it");
    CHECK(report.transient);
    CHECK(one.driver.is_cancelled()); // should it have been accepted all the same
}

TEST_CASE("A refusal fails no attempt of which a driver may be at work already") {
    submitted_attempt one;
    one.master.set_fault(
        [times = 0](const asked_request& asked, const given_answer&) mutable -> std::optional<given_answer> {
            if (!asked.line().starts_with(standalone_master::create)) return std::nullopt;
            if (times++ == 0) return given_answer{0, {}, given_answer::way::broken_off};
            return given_answer{400, R"({"action":"ErrorResponse","message":"no"})"};
        });
    one.submit();
    one.master.server().wait_for(one.master.create, 3);
    CHECK(one.engine->poll(one.what.key).state == attempt_state::unknown);
    REQUIRE(one.driver.claim(one.master.id(0)));
    one.driver.stage();
    one.wait_for(attempt_state::staged);
}

TEST_CASE("What an earlier store left under the same key says nothing of an attempt") {
    submitted_attempt one;
    std::filesystem::create_directories(one.driver.spool());
    REQUIRE(one.driver.claim(one.master.id(0)));
    one.driver.fail({{"unknown", "of old", ""}}, false);
    one.submit();
    one.master.server().wait_for(one.master.create);
    CHECK(one.wait_for(attempt_state::running).errors.empty());
}

TEST_CASE("A server that speaks another protocol fails the attempt for good") {
    submitted_attempt one;
    one.master.set_fault(
        for_some(one.master.create, 1,
                 {468, R"({"action":"ErrorResponse","message":"Unknown protocol version 'v1'."})"}));
    one.submit();
    CHECK_FALSE(one.wait_for(attempt_state::failed).transient);
}

TEST_CASE("A cluster that nobody answers at is told once to the operator") {
    spark_bench bench;
    std::string url;
    {
        const standalone_master gone; // its port is free afterwards
        url = gone.url();
    }
    const auto engine = bench.engine(url);
    const auto what = a_publication(7, 1);
    engine->submit(what.key, what.job);
    eventually([&] {
        const std::lock_guard hold(bench.guard);
        return bench.problems.size() == 1;
    });
    CHECK(bench.problems[0].starts_with("Spark at " + url + " cannot be asked: "));
    CHECK(engine->poll(what.key).state == attempt_state::unknown);
    CHECK(bench.notices.empty());
}

TEST_CASE("Trouble with the cluster is told once, and that it is over once") {
    submitted_attempt one;
    one.master.set_fault(for_some(one.master.create, 3, {500, ""}));
    one.submit();
    one.wait_for(attempt_state::running);
    const std::lock_guard hold(one.bench.guard);
    CHECK(one.bench.problems.size() == 1);
    CHECK(one.bench.notices == std::vector{"Spark at " + one.master.url() + " answers again"});
}
