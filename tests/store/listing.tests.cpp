#include <algorithm>
#include <vector>

#include <catch2/catch.hpp>

#include "sql/connection.hpp"
#include "support/a_job.hpp"
#include "support/temp_store.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

std::vector<job_id> ids_of(const job_page& page) {
    std::vector<job_id> ids;
    for (const auto& job : page.jobs)
        ids.push_back(job.id);
    return ids;
}

/// All ids, a page of `limit` at a time.
std::vector<job_id> walk(job_store& store, job_query query) {
    std::vector<job_id> ids;
    for (;;) {
        const auto page = store.list(acme, query).value();
        for (const auto& job : page.jobs)
            ids.push_back(job.id);
        if (!page.more) return ids;
        query.after = position_of(page.jobs.back());
    }
}

} // namespace

TEST_CASE("a list begins with the newest job and says whether more follow") {
    temp_store store;
    for (int i = 0; i < 3; ++i) {
        REQUIRE(store->create(acme, a_job()).ok());
        store.clock.advance(std::chrono::milliseconds{5});
    }
    const auto first = store->list(acme, {.limit = 2}).value();
    CHECK(ids_of(first) == std::vector<job_id>{3, 2});
    CHECK(first.more);
    const auto second = store->list(acme, {.limit = 2, .after = position_of(first.jobs.back())}).value();
    CHECK(ids_of(second) == std::vector<job_id>{1});
    CHECK_FALSE(second.more);
}

TEST_CASE("a page that ends exactly at the last job says that nothing follows") {
    temp_store store;
    REQUIRE(store->create(acme, a_job()).ok());
    REQUIRE(store->create(acme, a_job()).ok());
    CHECK_FALSE(store->list(acme, {.limit = 2}).value().more);
}

TEST_CASE("jobs with equal times are each listed once, whatever the limit") {
    temp_store store;
    for (int i = 0; i < 10; ++i) {
        REQUIRE(store->create(acme, a_job()).ok());
        if (i == 6) store.clock.advance(std::chrono::milliseconds{1});
    }
    const std::vector<job_id> all{10, 9, 8, 7, 6, 5, 4, 3, 2, 1};
    for (std::size_t limit = 1; limit <= 11; ++limit)
        CHECK(walk(*store, {.limit = limit}) == all);
}

TEST_CASE("a cursor names a position, so it works when that job is gone or never was") {
    temp_store store;
    for (int i = 0; i < 4; ++i)
        REQUIRE(store->create(acme, a_job()).ok());
    const auto third = store->find(acme, 3).value();
    REQUIRE(store->cancel(acme, 3).ok());
    store.clock.advance(std::chrono::minutes{2});
    REQUIRE(store->cancel(acme, 3).value() == cancel_outcome::removed);
    CHECK(ids_of(store->list(acme, {.after = position_of(third)}).value()) == std::vector<job_id>{2, 1});
    CHECK(ids_of(store->list(acme, {.after = cursor{0, 0}}).value()).empty());
    const auto time = third.creation_time.time_since_epoch().count();
    CHECK(ids_of(store->list(acme, {.after = cursor{time + 1, 0}}).value()) == std::vector<job_id>{4, 2, 1});
    CHECK(ids_of(store->list(acme, {.after = cursor{INT64_MAX, INT64_MAX}}).value()) ==
          std::vector<job_id>{4, 2, 1});
}

TEST_CASE("a list keeps to the statuses that were asked for, in one order") {
    temp_store store;
    for (int i = 0; i < 6; ++i) {
        REQUIRE(store->create(acme, a_job()).ok());
        store.clock.advance(std::chrono::milliseconds{1});
    }
    REQUIRE(store->cancel(acme, 2).ok());
    REQUIRE(store->cancel(acme, 5).ok());
    CHECK(ids_of(store->list(acme, {.statuses = {job_status::cancelled}}).value()) ==
          std::vector<job_id>{5, 2});
    CHECK(walk(*store, {.limit = 1, .statuses = {job_status::new_, job_status::cancelled}}) ==
          std::vector<job_id>{6, 5, 4, 3, 2, 1});
    CHECK(ids_of(store->list(acme, {.statuses = {job_status::failed}}).value()).empty());
}

TEST_CASE("a filtered list goes on through every stretch of ids, over those where another tenant has all the "
          "jobs") {
    temp_store store;
    const auto wanted = a_full_job();
    std::vector<job_id> expected;
    for (int opening = 0; opening < 5; ++opening) {
        store.close();
        sql::connection(store.file(), sql::access::write)
            .execute("update store_state set last_job_id = last_job_id + 1500");
        store.open();
        for (int i = 0; i < 3; ++i) {
            REQUIRE(store->create(globex, wanted).ok());
            REQUIRE(store->create(acme, a_job("elsewhere")).ok());
            if (opening == 2) continue;
            expected.insert(expected.begin(), store->create(acme, wanted).value().id);
        }
    }
    REQUIRE(expected.front() - expected.back() > 4'000);
    const auto segment = wanted.filter->segments.at(0).segment_id;
    for (const std::size_t limit : {1U, 2U, 5U, 100U}) {
        CHECK(walk(*store, {.limit = limit, .dataset_id = wanted.dataset_id}) == expected);
        CHECK(walk(*store, {.limit = limit, .segment_id = segment}) == expected);
    }
    CHECK(walk(*store, {.limit = 100, .dataset_id = "nowhere"}).empty());
    CHECK(walk(*store, {.limit = 100, .segment_id = "nobody"}).empty());
}

TEST_CASE("a list shows nothing of another tenant") {
    temp_store store;
    REQUIRE(store->create(acme, a_job()).ok());
    CHECK(store->list(globex, {}).value().jobs.empty());
    REQUIRE(store->create(globex, a_job()).ok());
    CHECK(ids_of(store->list(acme, {}).value()) == std::vector<job_id>{1});
    CHECK(ids_of(store->list(globex, {}).value()) == std::vector<job_id>{2});
}

TEST_CASE("a limit of 0 is refused") {
    temp_store store;
    const auto refused = store->list(acme, {.limit = 0});
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().findings.at(0).path == "?limit");
}

TEST_CASE("listed jobs carry their segments, events, batches and errors each to its own") {
    temp_store store;
    auto per_segment = a_full_job();
    per_segment.segment_per_batch = true;
    REQUIRE(store->create(acme, a_job()).ok());
    REQUIRE(store->create(acme, per_segment).ok());
    REQUIRE(store->create(acme, a_full_job()).ok());
    for (const auto& listed : store->list(acme, {}).value().jobs)
        CHECK(listed == store->find(acme, listed.id).value());
}

TEST_CASE("a reader beside the owner sees each commit") {
    temp_store store;
    auto reader = job_reader::open(store.file()).value();
    CHECK(reader.list(acme, {}).value().jobs.empty());
    const auto created = store->create(acme, a_full_job()).value();
    CHECK(reader.find(acme, created.id).value() == created);
    CHECK_FALSE(reader.find(globex, created.id).ok());
    CHECK_FALSE(reader.transitions(globex, created.id).ok());
}

TEST_CASE("a reader of a store that is not there says so") {
    const temp_directory directory;
    const auto missing = job_reader::open(directory / "jobs.db");
    REQUIRE_FALSE(missing.ok());
    CHECK(missing.error().code == errc::not_found);
}
