#include <catch2/catch.hpp>

#include "support/a_job.hpp"
#include "support/driven_store.hpp"

using namespace waybill;
using namespace waybill::test;

TEST_CASE(
    "a running job that is cancelled ends CANCELLED once its engine has stopped, with nothing published") {
    driven_store driven;
    REQUIRE(driven.store->create(acme, a_job()).ok());
    driven.tick();
    REQUIRE(driven.store->cancel(acme, 1).ok());
    driven.tick();
    CHECK(driven.scripted.told_to_cancel.contains(driven.latest()));
    CHECK(driven.status_of(1) == job_status::cancelling);
    driven.scripted.reports.at(driven.latest()).state = attempt_state::cancelled;
    driven.tick();
    CHECK(driven.status_of(1) == job_status::cancelled);
    CHECK_FALSE(driven.published(driven.job(1)));
}

TEST_CASE("a cancel that comes when everything is staged wins over the publication") {
    driven_store driven;
    REQUIRE(driven.store->create(acme, a_job()).ok());
    driven.tick();
    driven.stage_latest();
    REQUIRE(driven.store->cancel(acme, 1).ok());
    driven.tick_until(1, job_status::cancelled);
    CHECK_FALSE(driven.published(driven.job(1)));
    CHECK_FALSE(driven.in_place(driven.job(1)));
}

TEST_CASE("a cancel that comes while the staged batches are checked wins over the publication") {
    driven_store driven;
    REQUIRE(driven.store->create(acme, a_job()).ok());
    driven.tick();
    driven.stage_latest();
    driven.tick(); // the check begins
    REQUIRE(driven.status_of(1) == job_status::processing);
    if (driven.store->cancel(acme, 1).ok()) {
        driven.tick_until(1, job_status::cancelled);
        CHECK_FALSE(driven.published(driven.job(1)));
        CHECK_FALSE(driven.in_place(driven.job(1)));
    }
}

TEST_CASE("what a cancelled job had staged is swept") {
    driven_store driven;
    REQUIRE(driven.store->create(acme, a_job()).ok());
    driven.tick();
    driven.stage_latest();
    const auto staging = staging_of(driven.root(), {driven.latest(), driven.job(1), 0});
    REQUIRE(std::filesystem::exists(staging));
    REQUIRE(driven.store->cancel(acme, 1).ok());
    driven.tick_until([&] { return !std::filesystem::exists(staging); });
    CHECK(driven.status_of(1) == job_status::cancelled);
}

TEST_CASE("a sweep leaves alone what a running attempt has staged") {
    driven_store driven;
    REQUIRE(driven.store->create(acme, a_job("one")).ok());
    REQUIRE(driven.store->create(acme, a_job("two")).ok());
    driven.tick();
    const auto running = driven.scripted.submitted.at(0);
    const auto cancelled = driven.scripted.submitted.at(1);
    stage(driven.root(), {running, driven.scripted.jobs.at(running), 0});
    driven.stage_attempt(cancelled);
    const auto gone = staging_of(driven.root(), {cancelled, driven.job(2), 0});
    REQUIRE(driven.store->cancel(acme, 2).ok());
    driven.tick_until([&] { return !std::filesystem::exists(gone); });
    CHECK(std::filesystem::exists(staging_of(driven.root(), {running, driven.job(1), 0})));
    driven.scripted.reports.at(running).state = attempt_state::staged;
    driven.tick_until(1, job_status::succeeded);
}

TEST_CASE("a cancelled job whose engine does not stop is settled after a grace time and frees its dataset") {
    driven_store driven;
    REQUIRE(driven.store->create(acme, a_job()).ok());
    REQUIRE(driven.store->create(acme, a_job()).ok());
    driven.tick();
    REQUIRE(driven.store->cancel(acme, 1).ok());
    driven.tick();
    driven.tick_after(driven.options.cancel_grace - std::chrono::milliseconds{1});
    CHECK(driven.status_of(1) == job_status::cancelling);
    driven.tick_after(std::chrono::milliseconds{1});
    CHECK(driven.status_of(1) == job_status::cancelled);
    CHECK(driven.status_of(2) == job_status::processing);
    CHECK(driven.problems.size() == 1);
}
