#include <catch2/catch.hpp>

#include <waybill/error_codes.hpp>

#include "support/a_job.hpp"
#include "support/temp_store.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

owned_attempt claim_one(temp_store& store) {
    auto claimed = store.owner().claim(1, no_objection);
    REQUIRE(claimed.size() == 1);
    return std::move(claimed.front());
}

job_status status_of(temp_store& store, job_id id) { return store->find(acme, id).value().status; }

} // namespace

TEST_CASE("a claimed job is PROCESSING under a staging key of its attempt and the epoch") {
    temp_store store;
    const auto created = store->create(acme, a_full_job()).value();
    const auto attempt = claim_one(store);
    CHECK(attempt.key == staging_key{created.id, 1, store.owner().epoch()});
    CHECK(attempt.job.request == created.request);
    CHECK(attempt.job.batches == created.batches);
    CHECK(attempt.attempts_used == 1);
    const auto found = store->find(acme, created.id).value();
    CHECK(found.status == job_status::processing);
    CHECK(found.metrics.exported == 0);
    CHECK(store.owner().claim(1, no_objection).empty());
}

TEST_CASE("jobs are claimed oldest first, and a busy dataset is passed over") {
    temp_store store;
    REQUIRE(store->create(acme, a_job("one")).ok());
    REQUIRE(store->create(acme, a_job("one")).ok());
    REQUIRE(store->create(acme, a_job("two")).ok());
    const auto claimed = store.owner().claim(8, no_objection);
    REQUIRE(claimed.size() == 2);
    CHECK(claimed[0].key.job == 1);
    CHECK(claimed[1].key.job == 3);
}

TEST_CASE("two tenants' datasets of one name do not hinder each other") {
    temp_store store;
    REQUIRE(store->create(acme, a_job("one")).ok());
    REQUIRE(store->create(globex, a_job("one")).ok());
    CHECK(store.owner().claim(8, no_objection).size() == 2);
}

TEST_CASE("tenants take turns, however many jobs one of them has") {
    temp_store store;
    for (int i = 0; i < 10; ++i)
        REQUIRE(store->create(acme, a_job("d" + std::to_string(i))).ok());
    REQUIRE(store->create(globex, a_job()).ok());
    CHECK(claim_one(store).job.owner == acme);
    CHECK(claim_one(store).job.owner == globex);
    CHECK(claim_one(store).job.owner == acme);
}

TEST_CASE("a job that can never run ends FAILED without an attempt") {
    temp_store store;
    const auto created = store->create(acme, a_job()).value();
    const auto cause = errors::unknown_merge_policy.about("nobody-knows");
    CHECK(store.owner().claim(1, [&](const export_job&) { return cause; }).empty());
    const auto failed = store->find(acme, created.id).value();
    CHECK(failed.status == job_status::failed);
    CHECK(failed.attempt == 0);
    CHECK(failed.errors == std::vector{errors::export_failed.about(), cause});
}

TEST_CASE("a job succeeds through its commit point, and its batches know their totals") {
    temp_store store;
    REQUIRE(store->create(acme, a_job()).ok());
    const auto attempt = claim_one(store);
    const auto mark = store.owner().mark_publishing(attempt.key);
    REQUIRE(mark.what == publish_mark::outcome::marked);
    CHECK(mark.commit_sequence == 1);
    CHECK(status_of(store, 1) == job_status::processing);
    auto batches = attempt.job.batches;
    batches[0].rows = 20;
    batches[0].bytes = 1'234;
    job_metrics metrics;
    metrics.exported = 20;
    metrics.exported_by_namespace = {{"CRMID", 10}, {"Email", 5}};
    store.clock.advance(std::chrono::seconds{3});
    REQUIRE(store.owner().succeed(attempt.key, metrics, batches));
    const auto done = store->find(acme, 1).value();
    CHECK(done.status == job_status::succeeded);
    CHECK(done.batches == batches);
    CHECK(done.metrics == metrics);
    CHECK(done.update_time == store.clock.now());
}

TEST_CASE("an attempt's spans lie inside its job's, also when the wall clock is turned back meanwhile") {
    using namespace std::chrono_literals;
    temp_store store;
    const auto job = store->create(acme, a_job()).value();
    const auto attempt = claim_one(store);
    store.clock.advance(-1h);
    job_metrics metrics;
    metrics.profile_export = time_span{job.creation_time + 2s, store.clock.now()};
    metrics.dataset_write = time_span{store.clock.now(), store.clock.now() + 1s};
    REQUIRE(store.owner().mark_publishing(attempt.key).what == publish_mark::outcome::marked);
    REQUIRE(store.owner().succeed(attempt.key, metrics, attempt.job.batches));
    const auto ended = store->find(acme, job.id).value();
    CHECK(ended.metrics.profile_export == time_span{job.creation_time + 2s, job.creation_time + 2s});
    CHECK(ended.metrics.dataset_write == time_span{job.creation_time, job.creation_time});
    CHECK(ended.update_time == job.creation_time + 2s);
}

TEST_CASE("marking the same attempt again gives the same answer") {
    temp_store store;
    REQUIRE(store->create(acme, a_job()).ok());
    const auto attempt = claim_one(store);
    const auto first = store.owner().mark_publishing(attempt.key);
    const auto again = store.owner().mark_publishing(attempt.key);
    CHECK(again.what == publish_mark::outcome::marked);
    CHECK(again.commit_sequence == first.commit_sequence);
}

TEST_CASE("a job that has not passed its commit point cannot succeed") {
    temp_store store;
    REQUIRE(store->create(acme, a_job()).ok());
    const auto attempt = claim_one(store);
    CHECK_FALSE(store.owner().succeed(attempt.key, {}, {}));
    CHECK(status_of(store, 1) == job_status::processing);
}

TEST_CASE("a job past its commit point can neither be cancelled nor put back") {
    temp_store store;
    REQUIRE(store->create(acme, a_job()).ok());
    const auto attempt = claim_one(store);
    REQUIRE(store.owner().mark_publishing(attempt.key).what == publish_mark::outcome::marked);
    const auto late = store->cancel(acme, 1);
    REQUIRE_FALSE(late.ok());
    CHECK(late.error().code == errc::too_late);
    CHECK_FALSE(store.owner().put_back(attempt.key, {}));
    CHECK(status_of(store, 1) == job_status::processing);
}

TEST_CASE("an outcome is dropped when the job was cancelled meanwhile") {
    temp_store store;
    REQUIRE(store->create(acme, a_job()).ok());
    const auto attempt = claim_one(store);
    REQUIRE(store->cancel(acme, 1).value() == cancel_outcome::cancelling);
    CHECK(store.owner().cancelling() == std::vector{attempt.key});
    CHECK(store.owner().mark_publishing(attempt.key).what == publish_mark::outcome::gone);
    CHECK_FALSE(store.owner().fail(attempt.key, {}, "test", ""));
    CHECK_FALSE(store.owner().put_back(attempt.key, {}));
    CHECK(store.owner().settle_cancelled(attempt.key));
    CHECK(status_of(store, 1) == job_status::cancelled);
}

TEST_CASE("an outcome is dropped when a later attempt has the job") {
    temp_store store;
    REQUIRE(store->create(acme, a_job()).ok());
    const auto first = claim_one(store);
    REQUIRE(store.owner().put_back(first.key, {}));
    const auto second = claim_one(store);
    CHECK(second.key.attempt == 2);
    CHECK(store.owner().mark_publishing(first.key).what == publish_mark::outcome::gone);
    CHECK_FALSE(store.owner().fail(first.key, {}, "test", ""));
    CHECK(status_of(store, 1) == job_status::processing);
}

TEST_CASE("an attempt of an older opening passes no commit point before it is taken over") {
    temp_store store;
    store->create(acme, a_job()).value();
    const auto attempt = store.owner().claim(1, no_objection).at(0);
    store.reopen();
    CHECK(store.owner().mark_publishing(attempt.key).what == publish_mark::outcome::gone);
    REQUIRE(store.owner().take_over(attempt.key));
    CHECK(store.owner().mark_publishing(attempt.key).what == publish_mark::outcome::marked);
}

TEST_CASE("a held job is claimed after its release, or at the next opening") {
    temp_store store;
    REQUIRE(store->create(acme, a_job()).ok());
    REQUIRE(store.owner().put_back(claim_one(store).key, {.hold = true}));
    CHECK(store.owner().claim(1, no_objection).empty());
    store.owner().release(1);
    REQUIRE(store.owner().put_back(claim_one(store).key, {.hold = true}));
    store.reopen();
    CHECK(claim_one(store).key.attempt == 3);
}

TEST_CASE("a stop of the host uses up no attempt, a crash does") {
    temp_store store;
    REQUIRE(store->create(acme, a_job()).ok());
    REQUIRE(store.owner().put_back(claim_one(store).key, {.uses_attempt = false}));
    const auto second = claim_one(store);
    CHECK(second.key.attempt == 2);
    CHECK(second.attempts_used == 1);
    REQUIRE(store.owner().put_back(second.key, {.uses_attempt = true}));
    CHECK(claim_one(store).attempts_used == 2);
}

TEST_CASE("one job a dataset is past its commit point, another waits") {
    temp_store store;
    // Two jobs at work on one dataset come about when an orphan is taken over.
    REQUIRE(store->create(acme, a_job("one")).ok());
    const auto first = claim_one(store);
    REQUIRE(store.owner().mark_publishing(first.key).what == publish_mark::outcome::marked);
    REQUIRE(store->create(acme, a_job("one")).ok());
    CHECK(store.owner().claim(1, no_objection).empty());
    REQUIRE(store->create(acme, a_job("two")).ok());
    const auto other = claim_one(store);
    CHECK(store.owner().mark_publishing(other.key).what == publish_mark::outcome::marked);
}

TEST_CASE("the timeline tells every move with its attempt, actor and reason") {
    temp_store store;
    REQUIRE(store->create(acme, a_job()).ok());
    REQUIRE(store.owner().put_back(claim_one(store).key, {.reason = "no space"}));
    REQUIRE(store->cancel(acme, 1, "client", "wrong dataset").ok());
    auto reader = job_reader::open(store.file()).value();
    const auto timeline = reader.transitions(acme, 1).value();
    REQUIRE(timeline.size() == 4);
    CHECK_FALSE(timeline[0].from.has_value());
    CHECK(timeline[1].to == job_status::processing);
    CHECK(timeline[1].attempt == 1);
    CHECK(timeline[1].epoch == store.owner().epoch());
    CHECK(timeline[2].to == job_status::new_);
    CHECK(timeline[2].reason == "no space");
    CHECK(timeline[3].to == job_status::cancelled);
    CHECK(timeline[3].actor == "client");
    CHECK(timeline[3].reason == "wrong dataset");
    for (std::size_t i = 1; i < timeline.size(); ++i)
        CHECK(timeline[i].sequence > timeline[i - 1].sequence);
}

TEST_CASE("one claim fails no more than a bounded number of jobs that can never run") {
    temp_store store;
    for (int i = 0; i < 70; ++i)
        REQUIRE(store->create(acme, a_job()).ok());
    const auto never = [](const export_job&) {
        return std::optional(errors::unknown_merge_policy.about("x"));
    };
    CHECK(store.owner().claim(1, never).empty());
    CHECK(store->list(acme, {.limit = 100, .statuses = {job_status::failed}}).value().jobs.size() == 65);
    CHECK(store.owner().claim(1, never).empty());
    CHECK(store->list(acme, {.limit = 100, .statuses = {job_status::failed}}).value().jobs.size() == 70);
}

TEST_CASE("one claim gives the tenants their turns until it has enough, and the next goes on from there") {
    temp_store store;
    for (int i = 0; i < 5; ++i)
        REQUIRE(store->create(acme, a_job("a" + std::to_string(i))).ok());
    for (int i = 0; i < 3; ++i)
        REQUIRE(store->create(globex, a_job("g" + std::to_string(i))).ok());
    const auto datasets_of = [&](std::size_t most) {
        std::string names;
        for (const auto& attempt : store.owner().claim(most, no_objection))
            names += attempt.job.request.dataset_id + " ";
        return names;
    };
    CHECK(datasets_of(3) == "a0 g0 a1 ");
    CHECK(datasets_of(2) == "g1 a2 ");
    CHECK(datasets_of(9) == "g2 a3 a4 ");
}
