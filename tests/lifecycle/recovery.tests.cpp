#include <catch2/catch.hpp>

#include <waybill/error_codes.hpp>

#include "support/a_job.hpp"
#include "support/driven_store.hpp"

using namespace waybill;
using namespace waybill::test;

TEST_CASE("after a crash a running job goes back to NEW and runs again at once") {
    driven_store driven;
    REQUIRE(driven.store->create(acme, a_job()).ok());
    driven.tick();
    driven.crash();
    driven.scripted.reports.clear();
    driven.start();
    CHECK(driven.status_of(1) == job_status::new_);
    driven.tick();
    CHECK(driven.latest().attempt == 2);
    driven.stage_latest();
    driven.tick_until(1, job_status::succeeded);
}

TEST_CASE("what an attempt staged before a crash is swept and never published") {
    driven_store driven;
    REQUIRE(driven.store->create(acme, a_job()).ok());
    driven.tick();
    driven.stage_latest();
    const auto staging = staging_of(driven.root(), {driven.latest(), driven.job(1), 0});
    driven.crash();
    driven.scripted.reports.clear();
    driven.start();
    driven.tick_until([&] { return !std::filesystem::exists(staging); });
    CHECK_FALSE(driven.published(driven.job(1)));
}

TEST_CASE("an attempt that an engine still runs is re-attached and keeps its staging key") {
    driven_store driven;
    REQUIRE(driven.store->create(acme, a_job()).ok());
    driven.tick();
    const auto key = driven.latest();
    driven.crash();
    driven.start();
    driven.tick();
    CHECK(driven.status_of(1) == job_status::processing);
    CHECK(driven.scripted.submitted.size() == 1);
    CHECK(driven.store.owner().staged_keys() == std::vector{key});
    CHECK(key.epoch < driven.store.owner().epoch());
    driven.stage_attempt(key);
    driven.tick_until(1, job_status::succeeded);
}

TEST_CASE("a job that was cancelling ends CANCELLED") {
    driven_store driven;
    REQUIRE(driven.store->create(acme, a_job()).ok());
    driven.tick();
    REQUIRE(driven.store->cancel(acme, 1).ok());
    driven.crash();
    driven.scripted.reports.clear();
    driven.start();
    CHECK(driven.status_of(1) == job_status::cancelled);
}

TEST_CASE("a job past its commit point is published by the next start, wherever the host died") {
    for (const bool placed : {false, true}) {
        driven_store driven;
        REQUIRE(driven.store->create(acme, a_job()).ok());
        driven.tick();
        driven.stage_latest();
        const auto key = driven.latest();
        const auto mark = driven.store.owner().mark_publishing(key);
        REQUIRE(mark.what == publish_mark::outcome::marked);
        driven.crash();
        if (placed) {
            // The host died after the publication and before its record.
            news told;
            auto datasets = dataset_publisher::open(driven.root()).value();
            datasets->on_news(told.listener());
            datasets->place({key, driven.scripted.jobs.at(key), mark.commit_sequence});
            told.wait_until([&] { return datasets->poll(key).state == publication_state::placed; });
        }
        driven.scripted.reports.clear();
        driven.start();
        if (placed) CHECK(driven.status_of(1) == job_status::succeeded);
        driven.tick_until(1, job_status::succeeded);
        const auto job = driven.job(1);
        CHECK(job.attempt == 1);
        CHECK(job.batches[0].rows == 3);
        CHECK(driven.published(job));
        CHECK(driven.in_place(job));
    }
}

TEST_CASE("a start that finds a job published and not recorded tells it as a notice, not as a problem") {
    driven_store driven;
    REQUIRE(driven.store->create(acme, a_job()).ok());
    driven.tick();
    driven.stage_latest();
    const auto mark = driven.store.owner().mark_publishing(driven.latest());
    driven.crash();
    news told;
    auto datasets = dataset_publisher::open(driven.root()).value();
    datasets->on_news(told.listener());
    datasets->place({driven.latest(), driven.scripted.jobs.at(driven.latest()), mark.commit_sequence});
    told.wait_until([&] { return datasets->poll(driven.latest()).state == publication_state::placed; });
    datasets.reset();
    driven.start();
    CHECK(driven.status_of(1) == job_status::succeeded);
    CHECK(driven.notices == std::vector<std::string>{"1 published but unfinished job(s) are now SUCCEEDED"});
    CHECK(driven.problems.empty());
}

TEST_CASE("a job past its commit point whose batches are lost ends FAILED and says so") {
    driven_store driven;
    REQUIRE(driven.store->create(acme, a_job()).ok());
    driven.tick();
    driven.stage_latest();
    REQUIRE(driven.store.owner().mark_publishing(driven.latest()).what == publish_mark::outcome::marked);
    const auto staging = staging_of(driven.root(), {driven.latest(), driven.job(1), 0});
    driven.crash();
    std::filesystem::remove_all(staging);
    driven.scripted.reports.clear();
    driven.start();
    driven.tick_until(1, job_status::failed);
    CHECK(driven.job(1).errors.at(0).code == errors::export_failed.code);
    CHECK(driven.job(1).errors.at(1).code == errors::lost_batch.code);
    CHECK(driven.problems.size() == 1);
}

TEST_CASE("a batch of somebody else in the place of ours stops the publication loudly until it is gone") {
    driven_store driven;
    REQUIRE(driven.store->create(acme, a_job()).ok());
    driven.tick();
    driven.stage_latest();
    const auto job = driven.job(1);
    const auto place =
        dataset_directory(driven.root(), acme, job.request.dataset_id) / ("batch-" + job.batches[0].batch_id);
    std::filesystem::create_directories(place);
    overwrite(place / "manifest.json", "{}");
    driven.tick_until([&] { return !driven.problems.empty(); });
    CHECK(driven.status_of(1) == job_status::processing);
    CHECK(contents(place / "manifest.json") == "{}");
    std::filesystem::remove_all(place);
    driven.now += std::chrono::seconds{1};
    driven.tick_until(1, job_status::succeeded);
}

TEST_CASE("neither a deadline nor a cancel applies past the commit point") {
    driven_store driven;
    REQUIRE(driven.store->create(acme, a_job()).ok());
    driven.tick();
    driven.stage_latest();
    const auto job = driven.job(1);
    const auto place =
        dataset_directory(driven.root(), acme, job.request.dataset_id) / ("batch-" + job.batches[0].batch_id);
    std::filesystem::create_directories(place); // keeps it from being placed
    driven.tick_until([&] { return !driven.problems.empty(); });
    driven.now += driven.options.attempt_deadline;
    driven.tick_until([&] { return driven.problems.size() == 2; }); // it has been tried again
    CHECK(driven.store->cancel(acme, 1).error().code == errc::too_late);
    CHECK(driven.status_of(1) == job_status::processing);
    std::filesystem::remove_all(place);
    driven.now += driven.options.attempt_deadline;
    driven.tick_until(1, job_status::succeeded);
    CHECK(driven.job(1).attempt == 1);
    CHECK(driven.scripted.told_to_cancel.empty());
}

TEST_CASE("a job that may be tried once is not tried again after a crash") {
    driven_store driven;
    auto request = a_job();
    request.attempts = 1;
    REQUIRE(driven.store->create(acme, request).ok());
    driven.tick();
    driven.crash();
    driven.scripted.reports.clear(); // the engine has died with its host
    driven.start();
    CHECK(driven.status_of(1) == job_status::failed);
}

TEST_CASE("crashes use up attempts, so a job cannot bring its host down for ever") {
    driven_store driven;
    REQUIRE(driven.store->create(acme, a_job()).ok());
    for (int i = 0; i < 5; ++i) {
        driven.tick();
        driven.crash();
        driven.scripted.reports.clear();
        driven.start();
    }
    const auto job = driven.job(1);
    CHECK(job.status == job_status::failed);
    CHECK(job.errors.at(1).code == errors::host_ended.code);
}

TEST_CASE("a stop puts running jobs back without using an attempt, and lets a publication end") {
    driven_store driven;
    REQUIRE(driven.store->create(acme, a_job("one")).ok());
    REQUIRE(driven.store->create(acme, a_job("two")).ok());
    driven.tick();
    driven.stage_attempt(driven.scripted.submitted[1]);
    const auto publishing = driven.scripted.submitted[1].job;
    // Past the commit point as soon as somebody may not cancel it any more.
    driven.tick_until([&] {
        const auto orphan_free = driven.store.owner().mark_publishing({publishing, 99, 99});
        return orphan_free.what == publish_mark::outcome::gone && driven.in_place(driven.job(publishing));
    });
    driven.driver().stop(driven.now);
    driven.tick_until([&] { return driven.driver().stopped(); });
    CHECK(driven.status_of(1) == job_status::new_);
    CHECK(driven.status_of(2) == job_status::succeeded);
    CHECK(driven.scripted.told_to_cancel.contains(driven.scripted.submitted[0]));
    REQUIRE(driven.store->create(acme, a_job("three")).ok());
    driven.tick();
    CHECK(driven.status_of(3) == job_status::new_);
    driven.crash();
    driven.start();
    driven.tick();
    CHECK(driven.status_of(1) == job_status::processing);
    CHECK(driven.store.owner().put_back({1, 2, 0}, {}));
    CHECK(driven.store.owner().claim(1, no_objection).at(0).attempts_used == 2);
}

TEST_CASE("publications that cannot go on take nobody's place and do not hold up a stop") {
    driven_store driven;
    driven.crash();
    driven.options.running = 1;
    driven.scripted.reports.clear();
    driven.start();
    REQUIRE(driven.store->create(acme, a_job("one")).ok());
    REQUIRE(driven.store->create(acme, a_job("two")).ok());
    driven.tick();
    driven.stage_latest();
    const auto job = driven.job(1);
    const auto place = dataset_directory(driven.root(), acme, "one") / ("batch-" + job.batches[0].batch_id);
    std::filesystem::create_directories(place);
    driven.tick_until([&] { return !driven.problems.empty(); });
    driven.tick();
    CHECK(driven.status_of(2) == job_status::processing);
    driven.driver().stop(driven.now);
    driven.tick();
    CHECK(driven.driver().stopped());
    CHECK(driven.status_of(1) == job_status::processing);
}

TEST_CASE(
    "a batch that was moved into place before the host died, but is named nowhere yet, is not removed") {
    driven_store driven;
    REQUIRE(driven.store->create(acme, a_job()).ok());
    driven.tick();
    driven.stage_latest();
    REQUIRE(driven.store.owner().mark_publishing(driven.latest()).what == publish_mark::outcome::marked);
    const auto job = driven.job(1);
    const auto name = "batch-" + job.batches[0].batch_id;
    const auto staging = staging_of(driven.root(), {driven.latest(), job, 0});
    driven.crash();
    std::filesystem::rename(staging / name,
                            dataset_directory(driven.root(), acme, job.request.dataset_id) / name);
    driven.scripted.reports.clear();
    driven.start();
    driven.tick_until([&] { return is_final(driven.status_of(1)); });
    CHECK(driven.status_of(1) == job_status::succeeded);
    CHECK(driven.published(job));
}
