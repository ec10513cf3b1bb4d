#include <catch2/catch.hpp>

#include "support/a_job.hpp"
#include "support/temp_store.hpp"

using namespace waybill;
using namespace waybill::test;
using namespace std::chrono_literals;

TEST_CASE("the same key with the same fingerprint answers with the first job as it is now") {
    temp_store store;
    const auto first = store->create(acme, a_full_job(), idempotency_key{"k", "f"}).value();
    CHECK(store->create(acme, a_full_job(), idempotency_key{"k", "f"}).value() == first);
    REQUIRE(store->cancel(acme, first.id).ok());
    CHECK(store->create(acme, a_full_job(), idempotency_key{"k", "f"}).value().status ==
          job_status::cancelled);
    CHECK(store->list(acme, {}).value().jobs.size() == 1);
}

TEST_CASE("the same key with another fingerprint is a conflict, and nothing is stored") {
    temp_store store;
    REQUIRE(store->create(acme, a_job(), idempotency_key{"k", "f"}).ok());
    const auto refused = store->create(acme, a_job(), idempotency_key{"k", "g"});
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == errc::conflict);
    CHECK(store->list(acme, {}).value().jobs.size() == 1);
}

TEST_CASE("the key of a job that was removed is a conflict") {
    temp_store store;
    const auto first = store->create(acme, a_job(), idempotency_key{"k", "f"}).value();
    REQUIRE(store->cancel(acme, first.id).ok());
    store.clock.advance(2min);
    REQUIRE(store->cancel(acme, first.id).value() == cancel_outcome::removed);
    CHECK(store->create(acme, a_job(), idempotency_key{"k", "f"}).error().code == errc::conflict);
}

TEST_CASE("a key belongs to one tenant") {
    temp_store store;
    const auto mine = store->create(acme, a_job(), idempotency_key{"k", "f"}).value();
    const auto theirs = store->create(globex, a_job(), idempotency_key{"k", "g"}).value();
    CHECK(mine.id != theirs.id);
    CHECK(theirs.owner == globex);
}

TEST_CASE("a key is kept for 24 hours, across openings, and then names another job") {
    temp_store store;
    const auto first = store->create(acme, a_job(), idempotency_key{"k", "f"}).value();
    store.clock.advance(24h - 1ms);
    store.reopen();
    CHECK(store->create(acme, a_job(), idempotency_key{"k", "f"}).value().id == first.id);
    store.clock.advance(1ms);
    const auto second = store->create(acme, a_job(), idempotency_key{"k", "g"}).value();
    CHECK(second.id > first.id);
    CHECK(store->create(acme, a_job(), idempotency_key{"k", "g"}).value().id == second.id);
}

TEST_CASE("a key has 1 to 255 visible ASCII characters") {
    temp_store store;
    CHECK(store->create(acme, a_job(), idempotency_key{std::string(255, 'k'), "f"}).ok());
    const auto bad = GENERATE(as<std::string>{}, "", std::string(256, 'k'), "a b", "a\n", "\xc3\xa4");
    const auto refused = store->create(acme, a_job(), idempotency_key{bad, "f"});
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == errc::invalid);
    CHECK(refused.error().findings.at(0).path == "Idempotency-Key");
}

TEST_CASE("a create that fails leaves its key free") {
    temp_store store;
    CHECK_FALSE(store->create(acme, a_job("not a dataset"), idempotency_key{"k", "f"}).ok());
    CHECK(store->create(acme, a_job(), idempotency_key{"k", "g"}).ok());
}
