#include <catch2/catch.hpp>

#include <waybill/audit.hpp>
#include <waybill/job_owner.hpp>

#include "sql/connection.hpp"
#include "support/a_job.hpp"
#include "support/temp_store.hpp"

using namespace waybill;
using namespace waybill::test;
using namespace std::chrono_literals;

namespace {

/// A store that keeps an audit for an hour.
class audited_store {
  public:
    audited_store() {
        files.close();
        auto how = files.options();
        how.upkeep.keep_audit = 1h;
        store.emplace(job_store::open(std::move(how)).value());
    }
    std::vector<audit_entry> audit(const audit_query& query = {}) const {
        return job_reader::open(files.file()).value().audit(query);
    }
    /// `name action job request`, newest first.
    std::vector<std::string> told(const audit_query& query = {}) const {
        std::vector<std::string> lines;
        for (const auto& one : audit(query))
            lines.push_back(one.actor + " " + std::string(to_text(one.action)) + " " +
                            std::to_string(one.job) + " " + one.request_id);
        return lines;
    }
    new_export_job request(const std::string& id) const {
        auto job = a_job();
        job.request_id = id;
        return job;
    }

    temp_store files;
    std::optional<job_store> store;
};

using lines = std::vector<std::string>;

} // namespace

TEST_CASE("the audit tells who created, cancelled, retried and removed what, and under which request") {
    audited_store kept;
    auto& store = *kept.store;
    REQUIRE(store.create(acme, kept.request("r1"), {}, {"ann", "r1"}).ok());
    REQUIRE(store.cancel(acme, 1, "client", {}, {"bob", "r2"}).value() == cancel_outcome::cancelled);
    REQUIRE(store.retry(acme, 1, "r3", "client", {"cy", "r3"}).ok());
    kept.files.clock.advance(61s);
    REQUIRE(store.cancel(acme, 1, "client", {}, {"dee", "r4"}).value() == cancel_outcome::removed);
    REQUIRE(store.owner().claim(1, no_objection).size() == 1);
    REQUIRE(store.cancel(acme, 2, "client", {}, {"eve", "r5"}).value() == cancel_outcome::cancelling);
    CHECK(kept.told() == lines{"eve cancel 2 r5", "dee remove 1 r4", "cy create 2 r3", "cy retry 1 r3",
                               "bob cancel 1 r2", "ann create 1 r1"});
    const auto removal = kept.audit().at(1);
    CHECK(removal.at == kept.files.clock.now());
    CHECK(removal.owner == acme);
}

TEST_CASE("what changes nothing has no entry in the audit, and whoever gives no name is the verb's actor") {
    audited_store kept;
    auto& store = *kept.store;
    const idempotency_key once{"k", "f"};
    REQUIRE(store.create(acme, kept.request("r1"), once).ok());
    REQUIRE(store.create(acme, kept.request("r2"), once, {"ann", "r2"}).ok()); // the same job again
    REQUIRE(store.cancel(acme, 1, "admin").ok());
    REQUIRE(store.cancel(acme, 1, "client", {}, {"ann", "r3"}).value() == cancel_outcome::repeated);
    CHECK_FALSE(store.create(acme, a_job("no dataset"), {}, {"ann", "r4"}).ok());
    CHECK_FALSE(store.cancel(acme, 9, "client", {}, {"ann", "r5"}).ok());
    CHECK_FALSE(store.retry(globex, 1, "r6", "client", {"ann", "r6"}).ok());
    CHECK(kept.told() == lines{"admin cancel 1 r1", "client create 1 r1"});
}

TEST_CASE("an entry of the audit is there exactly when the change is") {
    audited_store kept;
    CHECK_THROWS(kept.store->together([&] {
        REQUIRE(kept.store->create(acme, kept.request("r1"), {}, {"ann", "r1"}).ok());
        throw std::runtime_error("the commit never comes");
    }));
    CHECK(kept.told().empty());
    CHECK_FALSE(kept.store->find(acme, 1).ok());
}

TEST_CASE("the audit is filtered by job and by tenant, and paged by the entry before") {
    audited_store kept;
    for (const auto& owner : {acme, globex, acme, globex})
        REQUIRE(kept.store->create(owner, a_job(), {}, {"ann", "r"}).ok());
    REQUIRE(kept.store->cancel(globex, 2, "client", {}, {"bob", "q"}).ok());
    CHECK(kept.told({.owner = globex}) == lines{"bob cancel 2 q", "ann create 4 r", "ann create 2 r"});
    CHECK(kept.told({.job = 2}) == lines{"bob cancel 2 q", "ann create 2 r"});
    CHECK(kept.told({.owner = acme, .job = 2}).empty());
    CHECK(kept.told({.owner = tenant{"nobody", "prod"}}).empty());
    const auto first = kept.audit({.limit = 2});
    REQUIRE(first.size() == 2);
    CHECK(kept.told({.before = first.back().id}) ==
          lines{"ann create 3 r", "ann create 2 r", "ann create 1 r"});
    CHECK(kept.told({.owner = globex, .before = first.back().id, .limit = 5}) == lines{"ann create 2 r"});
    CHECK(kept.told({.job = 2, .before = first.front().id}) == lines{"ann create 2 r"});
}

TEST_CASE("upkeep removes entries of the audit when they are older than they are kept, and no others") {
    audited_store kept;
    const auto look_after = [&] {
        while (kept.store->owner().upkeep()) {
        }
    };
    REQUIRE(kept.store->create(acme, a_job(), {}, {"ann", "r"}).ok());
    kept.files.clock.advance(59min);
    REQUIRE(kept.store->create(acme, a_job(), {}, {"bob", "q"}).ok());
    look_after();
    CHECK(kept.told().size() == 2);
    kept.files.clock.advance(1min);
    look_after();
    CHECK(kept.told() == lines{"bob create 2 q"});
    CHECK(kept.store->find(acme, 1).ok());
}

TEST_CASE("without being asked for an audit a store keeps none, and lets be what is there") {
    audited_store kept;
    REQUIRE(kept.store->create(acme, a_job(), {}, {"ann", "r"}).ok());
    kept.store.reset();
    kept.files.open();
    kept.files.clock.advance(24h * 3'650);
    REQUIRE(kept.files->create(acme, a_job(), {}, {"bob", "q"}).ok());
    while (kept.files.owner().upkeep()) {
    }
    CHECK(kept.told() == lines{"ann create 1 r"});
}
