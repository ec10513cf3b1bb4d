#include <catch2/catch.hpp>

#include "support/a_job.hpp"
#include "support/temp_store.hpp"

using namespace waybill;
using namespace waybill::test;

TEST_CASE("a created job is NEW and reads back as it was asked for") {
    temp_store store;
    const auto created = store->create(acme, a_full_job()).value();
    CHECK(created.id == 1);
    CHECK(created.status == job_status::new_);
    CHECK(created.creation_time == store.clock.now());
    CHECK(created.update_time == created.creation_time);
    CHECK(created.request == a_full_job());
    CHECK(created.engine_job_id.empty());

    const auto found = store->find(acme, created.id).value();
    CHECK(found == created);
}

TEST_CASE("limits of a job's own are at least one attempt, and one millisecond to a year") {
    temp_store store;
    auto request = a_job();
    request.attempts = 0;
    request.attempt_deadline = std::chrono::milliseconds{0};
    const auto refused = store->create(acme, request);
    REQUIRE(refused.error().code == errc::invalid);
    REQUIRE(refused.error().findings.size() == 2);
    CHECK(refused.error().findings[0].path == "attempts");
    CHECK(refused.error().findings[1].path == "attempt_deadline");
    request.attempts = 1;
    request.attempt_deadline = std::chrono::milliseconds{1};
    const auto year = std::chrono::hours{365 * 24};
    request.attempt_deadline = year + std::chrono::milliseconds{1};
    CHECK(store->create(acme, request).error().findings.at(0).path == "attempt_deadline");
    request.attempt_deadline = year;
    CHECK(store->create(acme, request).ok());
    request.attempt_deadline = std::chrono::milliseconds{1};
    const auto created = store->create(acme, request).value();
    CHECK(created.request.attempts == 1);
    CHECK(store->find(acme, created.id).value() == created);
}

TEST_CASE("a created job is still there after the store was closed") {
    temp_store store;
    const auto created = store->create(acme, a_full_job()).value();
    store.reopen();
    CHECK(store->find(acme, created.id).value() == created);
}

TEST_CASE("an omitted merge policy becomes the default with its version") {
    temp_store store;
    const auto created = store->create(acme, a_job()).value();
    CHECK(created.request.merge_policy == merge_policy_ref{"timestampOrdered-none-mp", 1});
}

TEST_CASE("a batch id has 32 hex digits and no other job ever has the same") {
    temp_store store;
    const auto first = store->create(acme, a_job()).value();
    const auto second = store->create(acme, a_job()).value();
    REQUIRE(first.batches.size() == 1);
    CHECK(first.batches[0].batch_id.size() == 32);
    CHECK(first.batches[0].batch_id.find_first_not_of("0123456789abcdef") == std::string::npos);
    CHECK(first.batches[0].batch_id != second.batches[0].batch_id);
}

TEST_CASE("a job with a batch a segment has one for each entry of filter.segments") {
    temp_store store;
    auto request = a_full_job();
    request.segment_per_batch = true;
    const auto created = store->create(acme, request).value();
    REQUIRE(created.batches.size() == 2);
    CHECK(created.batches[0].segment == 0U);
    CHECK(created.batches[1].segment == 1U);
    CHECK(created.batches[0].batch_id != created.batches[1].batch_id);
    CHECK(store->find(acme, created.id).value() == created);
}

TEST_CASE("another tenant's job is not found, exactly as a missing one") {
    temp_store store;
    const auto created = store->create(acme, a_job()).value();
    const auto foreign = store->find(globex, created.id);
    REQUIRE_FALSE(foreign.ok());
    CHECK(foreign.error().code == errc::not_found);
    CHECK_FALSE(store->find({acme.org, "dev"}, created.id).ok());
    CHECK_FALSE(store->find(acme, created.id + 1).ok());
}

TEST_CASE("a job that breaks a rule is refused with the place, and nothing is stored") {
    temp_store store;
    auto request = a_full_job();
    request.dataset_id = "../etc";
    request.schema_name = "";
    request.filter->segments[1].segment_id = "";
    const auto refused = store->create(acme, request);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == errc::invalid);
    REQUIRE(refused.error().findings.size() == 3);
    CHECK(refused.error().findings[0].path == "/destination/datasetId");
    CHECK(refused.error().findings[1].path == "/schema/name");
    CHECK(refused.error().findings[2].path == "/filter/segments/1/segmentId");
    CHECK_FALSE(store->create({"", "prod"}, a_job()).ok());
    CHECK(store->list(acme, {}).value().jobs.empty());
}

TEST_CASE("creation times never run backwards, also when the clock does") {
    temp_store store;
    const auto before = store->create(acme, a_job()).value();
    store.clock.advance(std::chrono::hours{-1});
    CHECK(store->create(acme, a_job()).value().creation_time == before.creation_time);
    store.reopen();
    CHECK(store->create(acme, a_job()).value().creation_time == before.creation_time);
}

TEST_CASE("a new job tells whoever drives the jobs") {
    temp_store store;
    int told = 0;
    store->on_work([&] { ++told; });
    REQUIRE(store->create(acme, a_job()).ok());
    CHECK(told == 1);
}

TEST_CASE("a segment id may be any text, also one that begins with a NUL") {
    temp_store store;
    auto request = a_full_job();
    request.filter->segments[0].segment_id = std::string("\0segment", 8);
    const auto created = store->create(acme, request).value();
    CHECK(store->find(acme, created.id).value() == created);
}
