#include <catch2/catch.hpp>

#include <waybill/error_codes.hpp>

#include "sql/connection.hpp"
#include "support/a_job.hpp"
#include "support/driven_store.hpp"

using namespace waybill;
using namespace waybill::test;
using namespace std::chrono_literals;

TEST_CASE("a job is claimed by the next tick, staged, published and SUCCEEDED") {
    driven_store driven;
    REQUIRE(driven.store->create(acme, a_job()).ok());
    driven.tick();
    REQUIRE(driven.scripted.submitted.size() == 1);
    CHECK(driven.status_of(1) == job_status::processing);
    CHECK_FALSE(driven.published(driven.job(1)));
    driven.stage_latest();
    driven.tick_until(1, job_status::succeeded);
    const auto job = driven.job(1);
    CHECK(driven.published(job));
    CHECK(driven.in_place(job));
    CHECK(job.batches[0].rows == 3);
    CHECK(job.engine_job_id == "engine-" + to_text(driven.latest()));
    CHECK(driven.scripted.reports.empty());
}

TEST_CASE("a job for a busy dataset begins when the one before has ended, and takes its place") {
    driven_store driven;
    REQUIRE(driven.store->create(acme, a_job()).ok());
    REQUIRE(driven.store->create(acme, a_job()).ok());
    driven.tick();
    CHECK(driven.scripted.submitted.size() == 1);
    driven.stage_latest();
    driven.tick_until(1, job_status::succeeded);
    CHECK(driven.scripted.submitted.size() == 2);
    driven.stage_latest();
    driven.tick_until(2, job_status::succeeded);
    CHECK(driven.in_place(driven.job(1)));
    CHECK(driven.in_place(driven.job(2)));
}

TEST_CASE("no more attempts are at work at once than allowed") {
    driven_store driven;
    for (int i = 0; i < 10; ++i)
        REQUIRE(driven.store->create(acme, a_job("d" + std::to_string(i))).ok());
    driven.tick();
    CHECK(driven.scripted.submitted.size() == 8);
    driven.tick();
    CHECK(driven.scripted.submitted.size() == 8);
    driven.scripted.fail(driven.scripted.submitted[0], {"unknown", "Job aborted.", ""}, false);
    driven.tick();
    CHECK(driven.scripted.submitted.size() == 9);
}

TEST_CASE("a permanent failure ends the job with the wrapper and the causes") {
    driven_store driven;
    REQUIRE(driven.store->create(acme, a_job()).ok());
    driven.tick();
    const job_error cause{"unknown", "Job aborted.", "org.apache.spark.SparkException: Job aborted."};
    driven.scripted.fail(driven.latest(), cause, false);
    driven.tick();
    const auto job = driven.job(1);
    CHECK(job.status == job_status::failed);
    CHECK(job.errors == std::vector{errors::export_failed.about(), cause});
    CHECK(driven.scripted.reports.empty());
}

TEST_CASE("a job that the engine can never run ends FAILED without being submitted") {
    driven_store driven;
    driven.scripted.objection = errors::unknown_merge_policy.about("mine");
    auto request = a_job();
    request.schema_name = "never";
    REQUIRE(driven.store->create(acme, request).ok());
    driven.tick();
    CHECK(driven.status_of(1) == job_status::failed);
    CHECK(driven.scripted.submitted.empty());
}

TEST_CASE("a transient failure is tried again after a backoff that doubles, five times in all") {
    driven_store driven;
    REQUIRE(driven.store->create(acme, a_job()).ok());
    driven.tick();
    const job_error no_space = errors::no_space.about("/datasets");
    auto wait = 1'000ms;
    for (std::size_t attempt = 1; attempt <= 4; ++attempt) {
        driven.scripted.fail(driven.latest(), no_space, true);
        REQUIRE(driven.tick().value() <= wait);
        CHECK(driven.status_of(1) == job_status::new_);
        driven.tick_after(wait - 1ms);
        CHECK(driven.scripted.submitted.size() == attempt);
        driven.tick_after(1ms);
        REQUIRE(driven.scripted.submitted.size() == attempt + 1);
        wait *= 2;
    }
    driven.scripted.fail(driven.latest(), no_space, true);
    driven.tick();
    const auto job = driven.job(1);
    CHECK(job.status == job_status::failed);
    CHECK(job.attempt == 5);
    CHECK(job.errors == std::vector{errors::export_failed.about(), no_space});
}

TEST_CASE("jitter takes up to half of a backoff away") {
    driven_store driven;
    driven.crash();
    driven.options.jitter = [] { return 1.0; };
    driven.start();
    REQUIRE(driven.store->create(acme, a_job()).ok());
    driven.tick();
    driven.scripted.fail(driven.latest(), {"unknown", "", ""}, true);
    driven.tick();
    driven.tick_after(499ms);
    CHECK(driven.scripted.submitted.size() == 1);
    driven.tick_after(501ms);
    CHECK(driven.scripted.submitted.size() == 2);
}

TEST_CASE("an attempt past its deadline is given up and tried again") {
    driven_store driven;
    REQUIRE(driven.store->create(acme, a_job()).ok());
    driven.tick();
    const auto first = driven.latest();
    driven.tick_after(driven.options.attempt_deadline - 1ms);
    CHECK(driven.status_of(1) == job_status::processing);
    driven.tick_after(1ms);
    CHECK(driven.status_of(1) == job_status::new_);
    CHECK(driven.scripted.told_to_cancel.contains(first));
    driven.tick_after(1s);
    CHECK(driven.latest().attempt == 2);
}

TEST_CASE("a job's own limits go before those for all, in every attempt") {
    driven_store driven;
    auto request = a_job();
    request.attempts = 2;
    request.attempt_deadline = 1500ms;
    REQUIRE(driven.store->create(acme, request).ok());
    driven.tick();
    driven.tick_after(1499ms);
    CHECK(driven.status_of(1) == job_status::processing);
    driven.tick_after(1ms);
    CHECK(driven.status_of(1) == job_status::new_);
    driven.crash(); // what a restart takes up has the same limits
    driven.start();
    driven.tick();
    REQUIRE(driven.latest().attempt == 2);
    driven.tick_after(1500ms);
    const auto job = driven.job(1);
    CHECK(job.status == job_status::failed);
    CHECK(job.errors.at(1) == errors::deadline_passed.about("1500 ms"));
}

TEST_CASE("an engine that cannot be asked is not taken for a failed one") {
    driven_store driven;
    REQUIRE(driven.store->create(acme, a_job()).ok());
    driven.tick();
    driven.scripted.reports.clear();
    driven.tick_after(1min);
    CHECK(driven.status_of(1) == job_status::processing);
}

TEST_CASE("counters are written at most once a second") {
    driven_store driven;
    REQUIRE(driven.store->create(acme, a_job()).ok());
    driven.tick();
    auto& report = driven.scripted.reports.at(driven.latest());
    report.metrics.exported = 10;
    driven.tick_after(999ms);
    CHECK(driven.job(1).metrics.exported == 0);
    driven.tick_after(1ms);
    CHECK(driven.job(1).metrics.exported == 10);
    report.metrics.exported = 20;
    driven.tick_after(500ms);
    CHECK(driven.job(1).metrics.exported == 10);
    driven.tick_after(500ms);
    CHECK(driven.job(1).metrics.exported == 20);
}

TEST_CASE("a tick says exactly when the next one is due") {
    driven_store driven;
    CHECK(driven.tick() == driven.options.upkeep_interval);
    REQUIRE(driven.store->create(acme, a_job()).ok());
    CHECK(driven.tick() == driven.options.progress_interval);
    driven.scripted.fail(driven.latest(), {"unknown", "", ""}, true);
    CHECK(driven.tick() == driven.options.first_backoff);
    CHECK(driven.tick_after(400ms) == 600ms);
}

TEST_CASE("an engine that refuses a submission for a moment gets it again") {
    driven_store driven;
    REQUIRE(driven.store->create(acme, a_job("one")).ok());
    REQUIRE(driven.store->create(acme, a_job("two")).ok());
    int refusals = 1;
    driven.scripted.before_submit = [&] {
        if (refusals-- > 0) throw std::runtime_error("not now");
    };
    CHECK_THROWS(driven.tick());
    CHECK(driven.scripted.submitted.size() == 1);
    driven.tick();
    CHECK(driven.scripted.submitted.size() == 2);
}

TEST_CASE("one job's trouble keeps no other from going on") {
    driven_store driven;
    REQUIRE(driven.store->create(acme, a_job("one")).ok());
    REQUIRE(driven.store->create(acme, a_job("two")).ok());
    driven.tick();
    // A count that the store refuses: every tick of this job throws.
    auto& bad = driven.scripted.reports.at(driven.scripted.submitted[0]);
    bad.metrics.exported_by_namespace = {{"CRMID", -1}};
    driven.scripted.fail(driven.scripted.submitted[1], {"unknown", "Job aborted.", ""}, false);
    driven.now += driven.options.progress_interval;
    CHECK_THROWS_AS(driven.tick(), store_failure);
    CHECK(driven.status_of(2) == job_status::failed);
    REQUIRE(driven.store->create(acme, a_job("three")).ok());
    CHECK_THROWS_AS(driven.tick_after(driven.options.progress_interval), store_failure);
    CHECK(driven.status_of(3) == job_status::processing);
}

TEST_CASE("the store is looked after once a minute, a step a tick, until nothing is left to do") {
    driven_store driven;
    REQUIRE(driven.store->create(acme, a_job(), idempotency_key{"k", "f"}).ok());
    driven.tick();
    driven.store.clock.advance(25h);
    const auto keys = [&] {
        sql::connection look(driven.store.file(), sql::access::read);
        return look.integer_of("select count(*) from idempotency_keys");
    };
    driven.tick_after(59s);
    CHECK(keys() == 1);
    CHECK(driven.tick_after(1s) == 0ms); // it did something, so there may be more
    CHECK(keys() == 0);
    while (driven.tick() == 0ms) {
    }
    const auto next = driven.tick();
    REQUIRE(next);
    CHECK(*next <= 60s);
    CHECK(*next > 0ms);
}

TEST_CASE(
    "superseded batches are pruned with the sweeps of staging, when they have been so for long enough") {
    driven_store driven;
    driven.crash();
    driven.keep_superseded = std::chrono::hours{1};
    driven.start();
    const auto publish = [&](job_id id) {
        REQUIRE(driven.store->create(acme, a_job()).ok());
        driven.tick();
        driven.stage_latest();
        driven.tick_until(id, job_status::succeeded);
        return driven.job(id);
    };
    const auto first = publish(1), second = publish(2);
    const auto pass = driven.options.sweep_interval;
    driven.tick_after(pass); // begins to count
    const auto ledger = driven.root() / ".waybill.superseded";
    driven.tick_until([&] { return std::filesystem::exists(ledger); });
    const auto counted = contents(ledger);
    driven.tick_after(std::chrono::minutes{50});
    driven.tick_until([&] { return contents(ledger) != counted; });
    CHECK(driven.in_place(first));
    driven.tick_after(pass);
    driven.tick_until([&] { return !driven.in_place(first); });
    CHECK(driven.published(first)); // stays listed
    CHECK(driven.in_place(second));
    CHECK(driven.status_of(1) == job_status::succeeded);
    driven.crash();
    driven.start();
    CHECK(driven.status_of(1) == job_status::succeeded);
    CHECK(driven.problems.empty());
}
