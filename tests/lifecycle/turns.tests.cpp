#include <catch2/catch.hpp>

#include <map>

#include "support/a_job.hpp"
#include "support/driven_store.hpp"

using namespace waybill;
using namespace waybill::test;
using namespace std::chrono_literals;

namespace {

void create_many(driven_store& driven, const tenant& owner, int count) {
    driven.store->together([&] {
        for (int i = 0; i < count; ++i)
            REQUIRE(driven.store->create(owner, a_job("d" + std::to_string(i))).ok());
    });
}

std::map<tenant, int> submitted_by_tenant(const driven_store& driven) {
    std::map<tenant, int> counts;
    for (const auto& key : driven.scripted.submitted)
        ++counts[driven.scripted.jobs.at(key).owner];
    return counts;
}

} // namespace

TEST_CASE("10,000 waiting jobs of one tenant delay another's first job by one slot's turn at most") {
    driven_store driven;
    create_many(driven, acme, 10'000);
    driven.tick();
    REQUIRE(driven.scripted.submitted.size() == driven.options.running);
    REQUIRE(driven.store->create(globex, a_job()).ok());
    driven.scripted.fail(driven.latest(), {"1", "2", "3"}, false);
    driven.tick();
    REQUIRE(driven.scripted.submitted.size() == driven.options.running + 1);
    CHECK(driven.scripted.jobs.at(driven.latest()).owner == globex);
}

TEST_CASE("a tenant has so many attempts under way and no more, and leaves the other slots to others") {
    driven_store driven;
    driven.crash();
    driven.options.running = 6;
    driven.options.running_per_tenant = 2;
    driven.start();
    create_many(driven, acme, 10);
    driven.tick();
    CHECK(driven.scripted.submitted.size() == 2);
    create_many(driven, globex, 1);
    driven.tick();
    CHECK(submitted_by_tenant(driven) == std::map<tenant, int>{{acme, 2}, {globex, 1}});
    driven.tick();
    CHECK(driven.scripted.submitted.size() == 3);
    driven.scripted.fail(driven.scripted.submitted.front(), {"1", "2", "3"}, false);
    driven.tick();
    CHECK(submitted_by_tenant(driven) == std::map<tenant, int>{{acme, 3}, {globex, 1}});
}

TEST_CASE("a stop lets what is at work end within the grace, claims nothing more and puts the rest back") {
    driven_store driven;
    driven.crash();
    driven.options.stop_grace = 10s;
    driven.start();
    create_many(driven, acme, 2);
    driven.tick();
    const auto finishing = driven.scripted.submitted.at(0), going_on = driven.scripted.submitted.at(1);
    driven.driver().stop(driven.now);
    REQUIRE(driven.store->create(acme, a_job("late")).ok());
    CHECK(driven.tick_after(4s) <= 6s);
    CHECK_FALSE(driven.driver().stopped());
    CHECK(driven.scripted.told_to_cancel.empty());
    driven.stage_attempt(finishing);
    driven.tick_until(finishing.job, job_status::succeeded);
    driven.tick_after(5'999ms);
    CHECK(driven.status_of(going_on.job) == job_status::processing);
    driven.tick_after(1ms);
    CHECK(driven.status_of(going_on.job) == job_status::new_);
    CHECK(driven.scripted.told_to_cancel.contains(going_on));
    CHECK(driven.status_of(3) == job_status::new_);
    CHECK(driven.driver().stopped());
}

TEST_CASE("a second stop ends the grace of the first") {
    driven_store driven;
    driven.crash();
    driven.options.stop_grace = 10s;
    driven.start();
    create_many(driven, acme, 1);
    driven.tick();
    driven.driver().stop(driven.now);
    driven.driver().stop(driven.now);
    CHECK(driven.status_of(1) == job_status::new_);
    CHECK(driven.driver().stopped());
}
