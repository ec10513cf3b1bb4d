#include <map>

#include <catch2/catch.hpp>

#include "sql/connection.hpp"
#include "support/a_job.hpp"
#include "support/listing_model.hpp"
#include "support/temp_store.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

/// A store and the same jobs in memory, changed together at random.
struct twin_store {
    explicit twin_store(std::uint32_t seed) : choose(seed) {}

    temp_store store;
    std::map<job_id, export_job> jobs;
    dice choose;

    void step() {
        store.clock.advance(std::chrono::milliseconds{static_cast<int>(choose.below(6)) - 2});
        switch (choose.below(8)) {
        case 0: return end_one();
        case 1: return cancel_one();
        case 2: return create(globex); // seen by nobody here
        case 3: store.clock.advance(std::chrono::minutes{choose.below(2)}); return;
        default: return create(acme);
        }
    }

    void create(const tenant& owner) {
        const auto made = store->create(owner, random_job(choose)).value();
        if (owner == acme) jobs[made.id] = made;
    }

    void end_one() {
        for (const auto& attempt : store.owner().claim(1, no_objection)) {
            const auto key = attempt.key;
            switch (choose.below(4)) {
            case 0: REQUIRE(store.owner().fail(key, {{"1", "2", "3"}}, "test", "failed")); break;
            case 1: REQUIRE(store.owner().put_back(key, {.hold = choose.one_in(2)})); break;
            case 2: break; // goes on
            default:
                REQUIRE(store.owner().mark_publishing(key).what == publish_mark::outcome::marked);
                REQUIRE(store.owner().succeed(key, {}, {}));
            }
            refresh(key.job);
        }
    }

    void cancel_one() {
        if (jobs.empty()) return;
        auto at = jobs.begin();
        std::advance(at, choose.below(jobs.size()));
        const auto id = at->first;
        if (store->cancel(acme, id).value() == cancel_outcome::removed)
            jobs.erase(id);
        else
            refresh(id);
    }

    void refresh(job_id id) {
        if (const auto now = store->find(acme, id); now && jobs.contains(id)) jobs[id] = now.value();
    }

    /// Newest first, at most one more than the limit.
    std::vector<job_id> expected(const job_query& query) const {
        std::vector<job_id> ids;
        for (auto at = jobs.rbegin(); at != jobs.rend() && ids.size() <= query.limit; ++at)
            if (matches_for_ever(at->second, query) && has_wanted_status(at->second.status, query))
                ids.push_back(at->first);
        return ids;
    }
};

} // namespace

TEST_CASE("any query gives what the plainest reading of all jobs gives") {
    const auto seed = GENERATE(range(1U, 9U));
    CAPTURE(seed);
    twin_store twin(seed);
    for (int i = 0; i < 300; ++i) {
        twin.step();
        auto query = random_query(twin.choose, twin.store.clock.now());
        if (twin.choose.one_in(2)) // positions of jobs, of gaps, and of nothing that there ever was
            query.after = cursor{twin.store.clock.now().time_since_epoch().count() - 20 +
                                     static_cast<std::int64_t>(twin.choose.below(25)),
                                 static_cast<std::int64_t>(twin.choose.below(twin.jobs.size() * 2 + 3))};
        const auto page = twin.store->list(acme, query).value();
        auto expected = twin.expected(query);
        const bool more = expected.size() > query.limit;
        if (more) expected.pop_back();
        std::vector<job_id> listed;
        for (const auto& job : page.jobs)
            listed.push_back(job.id);
        CHECK(listed == expected);
        CHECK(page.more == more);
    }
}

TEST_CASE("a job that names a segment twice is listed once for it") {
    temp_store store;
    auto job = a_full_job();
    job.filter->segments = {{"s", "ups", {membership_status::realized}},
                            {"s", "AdCloud", {membership_status::exited}}};
    REQUIRE(store->create(acme, job).ok());
    CHECK(store->list(acme, {.segment_id = "s"}).value().jobs.size() == 1);
    CHECK(store->list(acme, {.segment_id = "S"}).value().jobs.empty());
    CHECK(store->list(globex, {.segment_id = "s"}).value().jobs.empty());
}

TEST_CASE("the database refuses a job that comes before another, in id or in creation time") {
    temp_store store;
    REQUIRE(store->create(acme, a_job()).ok());
    REQUIRE(store->create(acme, a_job()).ok());
    store.close();
    sql::connection database(store.file(), sql::access::write);
    const auto insert_copy = [&](const std::string& id, const std::string& time) {
        database.execute("insert into export_jobs (id, tenant_id, creation_time, update_time, request_id, "
                         "profile_instance_id, schema_name, merge_policy_id, dataset_id, segment_per_batch, "
                         "has_filter, has_qualification_time) select " +
                         id + ", tenant_id, " + time + ", " + time +
                         " + 1, '', '', '', '', 'd', 0, 0, 0 from export_jobs where id = 1");
    };
    CHECK_THROWS_AS(insert_copy("3", "creation_time - 1"), store_failure);
    CHECK_THROWS_AS(insert_copy("0", "creation_time"), store_failure);
    CHECK_NOTHROW(insert_copy("7", "creation_time"));
    CHECK_THROWS_AS(insert_copy("6", "creation_time"), store_failure);
}
