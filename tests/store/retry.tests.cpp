#include <catch2/catch.hpp>

#include <waybill/error_codes.hpp>

#include "support/a_job.hpp"
#include "support/temp_store.hpp"

using namespace waybill;
using namespace waybill::test;
using namespace std::chrono_literals;

namespace {

job_id failed_job(temp_store& store) {
    const auto job = store->create(acme, a_full_job()).value();
    const auto key = store.owner().claim(1, no_objection).at(0).key;
    REQUIRE(store.owner().fail(key, {errors::export_failed.about()}, "test", "failed"));
    return job.id;
}

} // namespace

TEST_CASE(
    "a failed or cancelled job is tried again as a new job with the same request, and each names the other") {
    temp_store store;
    const auto failed = failed_job(store);
    const auto cancelled = store->create(acme, a_job("other")).value().id;
    REQUIRE(store->cancel(acme, cancelled).ok());
    for (const auto id : {failed, cancelled}) {
        const auto made = store->retry(acme, id).value();
        const auto ended = store->find(acme, id).value();
        CHECK(made.id > id);
        CHECK(made.status == job_status::new_);
        CHECK(made.request == ended.request);
        CHECK(made.batches != ended.batches);
        CHECK(made.retry_of == id);
        CHECK(ended.retried_by == made.id);
        CHECK_FALSE(ended.retry_of);
        CHECK(store->find(acme, made.id).value() == made);
    }
    CHECK(store.owner().claim(5, no_objection).size() == 2);
    for (const auto& listed : store->list(acme, {}).value().jobs)
        CHECK(listed == store->find(acme, listed.id).value());
}

TEST_CASE("a retry may be retried, under a request id of its own") {
    temp_store store;
    const auto first = failed_job(store);
    const auto second = store->retry(acme, first, "another").value();
    CHECK(second.request.request_id == "another");
    REQUIRE(store->cancel(acme, second.id).ok());
    const auto third = store->retry(acme, second.id).value();
    CHECK(third.retry_of == second.id);
    const auto middle = store->find(acme, second.id).value();
    CHECK(middle.retry_of == first);
    CHECK(middle.retried_by == third.id);
}

TEST_CASE("a job that has not ended, has succeeded, was retried or is another's is not tried again") {
    temp_store store;
    const auto id = failed_job(store);
    CHECK(store->retry(globex, id).error().code == errc::not_found);
    CHECK(store->retry(acme, 99).error().code == errc::not_found);
    REQUIRE(store->retry(acme, id).ok());
    const auto again = store->retry(acme, id);
    REQUIRE_FALSE(again.ok());
    CHECK(again.error().code == errc::conflict);
    CHECK(again.error().message == "export job 1 is tried again already, by export job 2");
    CHECK(store->retry(acme, 2).error().code == errc::conflict); // NEW
    const auto key = store.owner().claim(1, no_objection).at(0).key;
    CHECK(store->retry(acme, 2).error().message ==
          "export job 2 is PROCESSING; only one that is FAILED or CANCELLED is tried again");
    REQUIRE(store.owner().mark_publishing(key).what == publish_mark::outcome::marked);
    REQUIRE(store.owner().succeed(key, {}, {}));
    CHECK(store->retry(acme, 2).error().code == errc::conflict);
    CHECK(store->list(acme, {}).value().jobs.size() == 2);
}

TEST_CASE("of two that try each other again the one that is left tells what it was, and may be tried again") {
    temp_store store;
    const auto first = failed_job(store);
    const auto second = store->retry(acme, first).value().id;
    REQUIRE(store->cancel(acme, second).ok());
    store.clock.advance(2min);
    SECTION("the new one goes") {
        REQUIRE(store->cancel(acme, second).value() == cancel_outcome::removed);
        CHECK_FALSE(store->find(acme, first)->retried_by);
        CHECK(store->retry(acme, first).value().id > second);
    }
    SECTION("the old one goes") {
        REQUIRE(store->cancel(acme, first).value() == cancel_outcome::removed);
        CHECK(store->find(acme, second)->retry_of == first);
        CHECK(store->retry(acme, first).error().code == errc::not_found);
    }
}

TEST_CASE("a tenant has so many unfinished jobs and no more, retries included, until some have ended") {
    temp_store store;
    const auto failed = failed_job(store);
    auto options = store.options();
    options.unfinished_per_tenant = 2;
    store.close();
    auto limited = job_store::open(options).value();
    REQUIRE(limited.create(acme, a_job("one")).ok());
    REQUIRE(limited.create(acme, a_job("two"), idempotency_key{"k", "f"}).ok());
    const auto refused = limited.create(acme, a_job());
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == errc::too_many);
    CHECK(limited.retry(acme, failed).error().code == errc::too_many);
    CHECK(limited.create(acme, a_job("two"), idempotency_key{"k", "f"}).ok()); // asks for one that is there
    CHECK(limited.create(globex, a_job()).ok());
    REQUIRE(limited.owner().claim(1, no_objection).size() == 1); // what runs is not at its end
    CHECK(limited.create(acme, a_job()).error().code == errc::too_many);
    REQUIRE(limited.cancel(acme, 3).ok());
    CHECK(limited.retry(acme, failed).ok());
    // Within one transaction, too.
    limited.together([&] {
        CHECK(limited.create(globex, a_job()).ok());
        CHECK(limited.create(globex, a_job()).error().code == errc::too_many);
    });
}
