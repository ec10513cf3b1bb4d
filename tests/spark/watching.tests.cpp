#include <catch2/catch.hpp>

#include "spark/clusters.hpp"
#include "spark/spark_bench.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

struct watched_attempt {
    standalone_master master;
    spark_bench bench;
    std::unique_ptr<spark_engine> engine = bench.engine(master.url());
    publication what = a_publication(7, 1);
    played_driver driver = bench.driver(what);

    watched_attempt() {
        engine->submit(what.key, what.job);
        wait_for(attempt_state::running);
    }
    attempt_report report() const { return engine->poll(what.key); }
    attempt_report wait_for(attempt_state state) const { return bench.wait_for(*engine, what.key, state); }
};

} // namespace

TEST_CASE("A driver that ends without a result fails the attempt, which may be tried again") {
    watched_attempt one;
    const auto* const state = GENERATE("FINISHED", "FAILED", "ERROR", "KILLED");
    const bool claimed = GENERATE(false, true);
    if (claimed) REQUIRE(one.driver.claim(one.master.id(0)));
    one.master.set(one.master.id(0), state);
    const auto report = one.wait_for(attempt_state::failed);
    REQUIRE(report.errors.size() == 1);
    CHECK(report.errors[0].code == "0100000009");
    CHECK(report.errors[0].msg ==
          "The Spark driver " + one.master.id(0) + " (" + state + ") ended without a result");
    CHECK(report.transient);
}

TEST_CASE("A state that only looks like an end once says nothing") {
    watched_attempt one;
    const auto ended = R"({"action":"SubmissionStatusResponse","success":true,"driverState":"FAILED"})";
    const auto seen = one.master.server().count(one.master.status);
    one.master.set_fault(for_some(one.master.status, 1, {200, ended}));
    one.master.server().wait_for(one.master.status, seen + 6);
    CHECK(one.report().state == attempt_state::running);
}

TEST_CASE("A result counts also when the cluster says at the same time that its driver failed") {
    watched_attempt one;
    REQUIRE(one.driver.claim(one.master.id(0)));
    one.driver.stage();
    one.master.set(one.master.id(0), "FAILED");
    one.wait_for(attempt_state::staged);
}

TEST_CASE("What the driver says of its failure is what the attempt's errors are") {
    watched_attempt one;
    const bool transient = GENERATE(false, true);
    const std::vector<job_error> errors{
        {"unknown", "org.apache.spark.SparkException: Job aborted", "at a.B\nat c.D"},
        {"unknown", "java.io.IOException: Input/output error", "at e.F"}};
    REQUIRE(one.driver.claim(one.master.id(0)));
    one.driver.fail(errors, transient);
    const auto report = one.wait_for(attempt_state::failed);
    CHECK(report.errors == errors);
    CHECK(report.transient == transient);
    CHECK(report.metrics.exported == 1);
}

TEST_CASE("A driver that is forgotten before it began is submitted again") {
    watched_attempt one;
    one.master.set(one.master.id(0), "");
    one.master.server().wait_for(one.master.create, 2);
    REQUIRE(one.driver.claim(one.master.id(1)));
    CHECK(one.report().state != attempt_state::failed);
    one.driver.stage();
    one.wait_for(attempt_state::staged);
}

TEST_CASE("A driver that is forgotten while it works is unknown to the host, until its files say more") {
    watched_attempt one;
    REQUIRE(one.driver.claim(one.master.id(0)));
    one.driver.progress(1, 1);
    one.bench.told.wait_until([&] { return one.report().metrics.exported == 1; });
    one.master.set(one.master.id(0), "");
    one.wait_for(attempt_state::unknown);
    one.bench.told.wait_until([&, counted = 1]() mutable {
        ++counted;
        one.driver.progress(counted, counted);
        return one.report().state == attempt_state::running;
    });
    one.driver.stage();
    one.wait_for(attempt_state::staged);
    CHECK(one.master.server().count(one.master.create) == 1);
}

TEST_CASE("A master on standby knows of no driver, which is not to have forgotten it") {
    watched_attempt one;
    const auto standby = R"({"action":"SubmissionStatusResponse","success":false,"message":)"
                         R"("Exception from the cluster:\njava.lang.Exception: Current state is not alive"})";
    const auto seen = one.master.server().count(one.master.status);
    one.master.set_fault(for_some(one.master.status, 4, {200, standby}));
    one.wait_for(attempt_state::unknown);
    one.master.server().wait_for(one.master.status, seen + 6);
    one.wait_for(attempt_state::running);
    CHECK(one.master.server().count(one.master.create) == 1);
}

TEST_CASE("Counters that go back are not believed") {
    watched_attempt one;
    REQUIRE(one.driver.claim(one.master.id(0)));
    one.driver.progress(3, 3);
    one.bench.told.wait_until([&] { return one.report().metrics.exported == 3; });
    one.driver.progress(2, 2);
    const auto seen = one.master.server().count(one.master.status);
    one.master.server().wait_for(one.master.status, seen + 5); // the files were looked at meanwhile
    CHECK(one.report().metrics.exported == 3);
}

TEST_CASE("A file of the driver's that is not as it should be is told as what it is") {
    watched_attempt one;
    REQUIRE(one.driver.claim(one.master.id(0)));
    one.driver.write("result.json", R"({"state":"perhaps"})");
    auto report = one.wait_for(attempt_state::failed);
    REQUIRE(report.errors.size() == 1);
    CHECK(report.errors[0].code == "0100000010");
    CHECK(report.errors[0].call_stack == (one.driver.spool() / "result.json").string() +
                                             " is not as it should be: /state must be staged or failed");
    CHECK(report.transient);
}

TEST_CASE("Whatever a driver writes into its files, the host lives on") {
    watched_attempt one;
    const auto* const text =
        GENERATE("", "{", "[]", "null", "7", "\"\\ud800\"", R"({"exported":-1})", R"({"exported":"1"})",
                 R"({"exported":1e400})", R"({"byNamespace":[]})", R"({"byNamespace":{"a":null}})",
                 R"({"profileExport":{}})", R"({"profileExport":7})", R"({"candidates":{}})",
                 R"({"lookedAt":99999999999999999999})", R"({"submissionId":7})",
                 R"({"submissionId":"../../etc"})", R"({"submissionId":"a\u0000b"})");
    for (const auto* const name : {"progress.json", "claim.json"})
        one.driver.write(name, text);
    const auto seen = one.master.server().count(one.master.status);
    one.master.server().wait_for(one.master.status, seen + 3);
    CHECK(one.report().state == attempt_state::running);
    one.driver.stage();
    one.wait_for(attempt_state::staged);
}

TEST_CASE("A driver's file of more than a megabyte is not read") {
    watched_attempt one;
    one.driver.write("result.json", "\"" + std::string(std::size_t{1} << 20U, 'x') + "\"");
    const auto report = one.wait_for(attempt_state::failed);
    CHECK(report.errors.at(0).call_stack.ends_with("result.json has more than a megabyte"));
}

TEST_CASE("A link in the place of a driver's file is not followed") {
    watched_attempt one;
    std::filesystem::create_symlink("/etc/passwd", one.driver.spool() / "result.json");
    const auto seen = one.master.server().count(one.master.status);
    one.master.server().wait_for(one.master.status, seen + 3);
    CHECK(one.report().state == attempt_state::running);
}

TEST_CASE("A zero in what the driver says becomes a blank, for no store keeps it") {
    watched_attempt one;
    one.driver.fail({{"unknown", std::string("a\0b", 3), ""}}, true);
    CHECK(one.wait_for(attempt_state::failed).errors.at(0).msg == "a b");
}
