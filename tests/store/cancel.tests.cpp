#include <catch2/catch.hpp>

#include "sql/connection.hpp"
#include "support/a_job.hpp"
#include "support/temp_store.hpp"

using namespace waybill;
using namespace waybill::test;

TEST_CASE("a job that waits is cancelled at once and never runs") {
    temp_store store;
    REQUIRE(store->create(acme, a_job()).ok());
    CHECK(store->cancel(acme, 1).value() == cancel_outcome::cancelled);
    CHECK(store->find(acme, 1).value().status == job_status::cancelled);
    CHECK(store.owner().claim(1, no_objection).empty());
}

TEST_CASE("a running job becomes CANCELLING and tells whoever drives the jobs") {
    temp_store store;
    REQUIRE(store->create(acme, a_job()).ok());
    REQUIRE(store.owner().claim(1, no_objection).size() == 1);
    int told = 0;
    store->on_work([&] { ++told; });
    CHECK(store->cancel(acme, 1).value() == cancel_outcome::cancelling);
    CHECK(store->cancel(acme, 1).value() == cancel_outcome::repeated);
    CHECK(told == 1);
}

TEST_CASE("a cancel may be repeated for 60 seconds, after that it removes the record") {
    temp_store store;
    REQUIRE(store->create(acme, a_job()).ok());
    REQUIRE(store->cancel(acme, 1).ok());
    store.clock.advance(std::chrono::milliseconds{59'999});
    CHECK(store->cancel(acme, 1).value() == cancel_outcome::repeated);
    store.clock.advance(std::chrono::milliseconds{1});
    CHECK(store->cancel(acme, 1).value() == cancel_outcome::removed);
    CHECK_FALSE(store->find(acme, 1).ok());
    CHECK(store->cancel(acme, 1).error().code == errc::not_found);
}

TEST_CASE("another tenant's job cannot be cancelled") {
    temp_store store;
    REQUIRE(store->create(acme, a_job()).ok());
    CHECK(store->cancel(globex, 1).error().code == errc::not_found);
    CHECK(store->find(acme, 1).value().status == job_status::new_);
}

TEST_CASE("a removed job leaves no row behind, and its id is never given again") {
    temp_store store;
    REQUIRE(store->create(acme, a_full_job()).ok());
    const auto claimed = store.owner().claim(1, no_objection);
    REQUIRE(store.owner().fail(claimed.at(0).key, {{"unknown", "Job aborted.", ""}}, "test", ""));
    REQUIRE(store->cancel(acme, 1).value() == cancel_outcome::removed);
    store.close();
    {
        sql::connection database(store.file(), sql::access::read);
        for (const auto* table : {"export_jobs", "segment_filters", "segment_filter_statuses", "event_lists",
                                  "export_batches", "job_errors", "namespace_counters", "job_transitions"}) {
            INFO(table);
            CHECK(database.integer_of(std::string("select count(*) from ") + table) == 0);
        }
    }
    store.open();
    CHECK(store->create(acme, a_job()).value().id == 2);
}

TEST_CASE("the numbers of transitions go on after the newest were removed") {
    temp_store store;
    REQUIRE(store->create(acme, a_job()).ok());
    REQUIRE(store->cancel(acme, 1).ok());
    store.clock.advance(std::chrono::minutes{2});
    REQUIRE(store->cancel(acme, 1).value() == cancel_outcome::removed);
    REQUIRE(store->create(acme, a_job()).ok());
    auto reader = job_reader::open(store.file()).value();
    CHECK(reader.transitions(acme, 2).value().at(0).sequence == 3);
}
