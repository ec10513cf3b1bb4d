#include <catch2/catch.hpp>

#include "spark/clusters.hpp"
#include "spark/spark_host.hpp"

using namespace waybill;
using namespace waybill::test;

TEST_CASE("A job runs on Spark from its creation to its published batches") {
    standalone_master master;
    spark_host host(master.url());
    const auto id = host.create();
    host.tick_until([&] { return !host.spooled().empty(); });
    master.server().wait_for(master.create);
    const auto driver = host.driver(id);
    REQUIRE(driver.claim(master.id(0)));
    driver.progress(2, 1);
    host.tick_until([&] {
        host.now += std::chrono::seconds{2}; // counters are written once in a while
        return host.job(id).metrics.exported == 1;
    });
    CHECK(host.job(id).engine_job_id == master.id(0));
    driver.stage();
    host.tick_until(id, job_status::succeeded);
    const auto job = host.job(id);
    CHECK(job.batches.at(0).rows == 3);
    CHECK(job.metrics.exported == 3);
    CHECK(job.engine_job_id == master.id(0));
    CHECK(host.batches_in_place() == 1);
    eventually([&] { return host.spooled().empty(); });
}

TEST_CASE("A job of two segments has a batch of each on Spark") {
    standalone_master master;
    spark_host host(master.url());
    auto request = a_job("people");
    request.segment_per_batch = true;
    request.filter.emplace().segments = {{"one"}, {"two"}};
    const auto id = host.create(request);
    host.tick_until([&] { return !host.spooled().empty(); });
    master.server().wait_for(master.create);
    const auto driver = host.driver(id);
    REQUIRE(driver.claim(master.id(0)));
    driver.stage();
    host.tick_until(id, job_status::succeeded);
    CHECK(host.batches_in_place() == 2);
    CHECK(host.job(id).metrics.exported == 6);
}

TEST_CASE("What a driver failed of stands in the job's errors below the wrapper") {
    standalone_master master;
    spark_host host(master.url());
    const auto id = host.create();
    host.tick_until([&] { return !host.spooled().empty(); });
    master.server().wait_for(master.create);
    const auto driver = host.driver(id);
    REQUIRE(driver.claim(master.id(0)));
    driver.fail({{"unknown", "org.apache.spark.SparkException: Job aborted due to stage failure", "at a.b"},
                 {"unknown", "java.lang.ArithmeticException: / by zero", "at c.d"}},
                false);
    host.tick_until(id, job_status::failed);
    const auto errors = host.job(id).errors;
    REQUIRE(errors.size() == 3);
    CHECK(errors[0].code == "0100000003");
    CHECK(errors[1].code == "unknown");
    CHECK(errors[1].msg == "org.apache.spark.SparkException: Job aborted due to stage failure");
    CHECK(errors[1].call_stack == "at a.b");
    CHECK(errors[2].msg == "java.lang.ArithmeticException: / by zero");
    CHECK(host.batches_in_place() == 0);
}

TEST_CASE("A job that evaluates segments fails on Spark with a code that says so, and none is submitted") {
    standalone_master master;
    spark_host host(master.url());
    auto request = a_job("people");
    request.filter.emplace().segments = {{"one"}};
    request.evaluate_segments = true;
    const auto id = host.create(request);
    host.tick_until(id, job_status::failed);
    CHECK(host.job(id).errors.at(1).code == "0080000001");
    CHECK(master.server().asked().empty());
    CHECK(host.spooled().empty());
}

TEST_CASE("A host that is killed right after the submission publishes one driver's output, once") {
    const bool claimed = GENERATE(true, false);
    standalone_master master;
    master.set_fault(for_some(master.create, 1, silent)); // accepted, and the answer never comes
    spark_host host(master.url());
    const auto id = host.create();
    host.tick_until([&] { return !host.spooled().empty(); });
    master.server().wait_for(master.create);
    host.crash();
    if (claimed) REQUIRE(host.driver_of(id, {1, 1, 1}).claim(master.id(0)));
    host.start();
    if (!claimed) {
        master.server().wait_for(master.create, 2);
        REQUIRE(host.driver(id).claim(master.id(0)));
        REQUIRE_FALSE(host.driver(id).claim(master.id(1)));
        master.set(master.id(1), "FINISHED");
    }
    host.driver(id).stage();
    host.tick_until(id, job_status::succeeded);
    CHECK(host.job(id).engine_job_id == master.id(0));
    CHECK(host.job(id).attempt == 1);
    CHECK(host.batches_in_place() == 1);
    CHECK(master.drivers() == (claimed ? 1 : 2));
}

TEST_CASE("A job that is cancelled while Spark works on it publishes nothing, and its driver is killed") {
    const bool restarted = GENERATE(false, true);
    standalone_master master;
    spark_host host(master.url());
    const auto id = host.create();
    host.tick_until([&] { return !host.spooled().empty(); });
    host.tick_until([&] { return master.drivers() == 1; });
    const auto driver = host.driver(id);
    REQUIRE(driver.claim(master.id(0)));
    if (restarted) {
        host.crash();
        host.start();
    }
    REQUIRE(host.store->cancel(acme, id).ok());
    host.tick_until(id, job_status::cancelled);
    master.server().wait_for(master.kill + master.id(0));
    eventually([&] { return host.spooled().empty(); });
    CHECK(host.batches_in_place() == 0);
    CHECK(master.state(master.id(0)) == "KILLED");
}

TEST_CASE("A cancel that a crash cuts off before the driver is told is taken up by the next host") {
    standalone_master master;
    spark_host host(master.url());
    const auto id = host.create();
    host.tick_until([&] { return !host.spooled().empty(); });
    host.tick_until([&] { return host.has_heard_of(master.id(0)); });
    REQUIRE(host.store->cancel(acme, id).ok());
    host.crash(); // before any tick
    host.start();
    host.tick_until(id, job_status::cancelled);
    master.server().wait_for(master.kill + master.id(0));
}

TEST_CASE("The deadline ends an attempt of which nobody says anything") {
    std::string url;
    {
        const standalone_master gone;
        url = gone.url();
    }
    spark_host host(url);
    auto request = a_job("people");
    request.attempts = 1;
    const auto id = host.create(request);
    host.tick_until([&] { return !host.spooled().empty(); });
    CHECK(host.job(id).status == job_status::processing);
    host.now += std::chrono::hours{7};
    host.tick_until(id, job_status::failed);
    CHECK(host.job(id).errors.at(1).code == "0100000004");
    eventually([&] { return host.spooled().empty(); });
}

TEST_CASE("A host that is asked to stop cancels what Spark does for it, and begins anew after its start") {
    standalone_master master;
    spark_host host(master.url());
    const auto id = host.create();
    host.tick_until([&] { return host.has_heard_of(master.id(0)); });
    host.stop();
    CHECK(host.driver_of(id, {1, 1, 1}).is_cancelled());
    host.start();
    CHECK(host.job(id).status == job_status::new_);
    host.tick_until([&] { return master.drivers() == 2; });
    eventually([&] { return host.spooled().size() == 1; });
    CHECK(master.state(master.id(0)) == "KILLED");
    const auto driver = host.driver(id);
    REQUIRE(driver.claim(master.id(1)));
    driver.stage();
    host.tick_until(id, job_status::succeeded);
    CHECK(host.batches_in_place() == 1);
}
