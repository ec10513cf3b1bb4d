#include <catch2/catch.hpp>

#include <deque>
#include <random>

#include <waybill/job_owner.hpp>
#include <waybill/store_statistics.hpp>

#include "sql/connection.hpp"
#include "support/a_job.hpp"
#include "support/temp_store.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

const std::vector<tenant> tenants{acme, globex, {"1BD6382559DF0C130A49422D@AdobeOrg", "dev"}};

/// What a count over all rows says.
struct counted {
    status_counts jobs;
    std::int64_t oldest_waiting = 0;
};

counted count(const std::filesystem::path& file, const std::string& which) {
    sql::connection on(file, sql::access::read);
    counted all;
    const auto from = "from export_jobs j join tenants t on t.id = j.tenant_id where " + which;
    for (const auto status : all_job_statuses)
        all.jobs[status] =
            on.integer_of("select count(*) " + from + " and status = '" + std::string(to_text(status)) + "'");
    all.oldest_waiting = on.integer_of("select coalesce(min(j.id), 0) " + from + " and status = 'NEW'");
    return all;
}

std::int64_t id_of(const std::optional<waiting_job>& job) { return job ? job->id : 0; }

void compare(const std::filesystem::path& file, const store_statistics& seen) {
    const auto whole = count(file, "true");
    CHECK(seen.jobs == whole.jobs);
    CHECK(id_of(seen.oldest_waiting) == whole.oldest_waiting);
    status_counts together;
    for (const auto& each : seen.tenants) {
        const auto part =
            count(file, "org = '" + each.owner.org + "' and sandbox = '" + each.owner.sandbox + "'");
        CHECK(each.jobs == part.jobs);
        CHECK(id_of(each.oldest_waiting) == part.oldest_waiting);
        together += each.jobs;
    }
    CHECK(together == whole.jobs);
    CHECK(static_cast<std::int64_t>(seen.running.size()) ==
          whole.jobs[job_status::processing] + whole.jobs[job_status::cancelling]);
}

/// Jobs of three tenants that go all the ways that jobs can go, as the dice fall.
class busy_store {
  public:
    void step() {
        switch (roll(7)) {
        case 0:
        case 1: create(); break;
        case 2: claim(); break;
        case 3: end_one(); break;
        case 4: cancel(); break;
        case 5: settle(); break;
        default: release(); break;
        }
        store.clock.advance(std::chrono::seconds{roll(90)});
    }

    temp_store store;
    std::int64_t made = 0;

  private:
    std::int64_t roll(std::int64_t sides) {
        return std::uniform_int_distribution<std::int64_t>(0, sides - 1)(dice_);
    }
    void create() {
        const auto& owner = tenants.at(static_cast<std::size_t>(roll(3)));
        REQUIRE(store->create(owner, a_job("set" + std::to_string(roll(4)))).ok());
        ++made;
    }
    void claim() {
        const auto check = [this](const export_job&) {
            return roll(9) == 0 ? std::optional(job_error{"unknown", "never", ""}) : std::nullopt;
        };
        for (auto& one : store.owner().claim(2, check))
            under_way_.push_back(one.key);
    }
    void end_one() {
        if (under_way_.empty()) return;
        const auto key = under_way_.front();
        under_way_.pop_front();
        switch (roll(3)) {
        case 0: store.owner().fail(key, {{"unknown", "it broke", ""}}, "lifecycle", ""); break;
        case 1: store.owner().put_back(key, {.hold = roll(2) == 0}); break;
        default:
            if (store.owner().mark_publishing(key).what == publish_mark::outcome::marked)
                store.owner().succeed(key, {}, {});
        }
    }
    void cancel() {
        for (const auto& owner : tenants)
            (void)store->cancel(owner, 1 + roll(made + 1));
    }
    void settle() {
        for (const auto& key : store.owner().cancelling())
            if (roll(2) == 0) store.owner().settle_cancelled(key);
    }
    void release() {
        if (made > 0) store.owner().release(1 + roll(made));
    }

    std::mt19937 dice_{20'261'124};
    std::deque<staging_key> under_way_;
};

} // namespace

TEST_CASE("statistics agree with a count over all rows, whatever becomes of the jobs") {
    busy_store busy;
    auto reader = job_reader::open(busy.store.file()).value();
    for (int i = 0; i < 600; ++i) {
        busy.step();
        if (i % 12 == 0) compare(busy.store.file(), reader.statistics());
    }
    const auto seen = reader.statistics();
    compare(busy.store.file(), seen);
    CHECK(seen.moves.created <= busy.made);
    CHECK(seen.tenants.size() == tenants.size());
    for (const auto status : {job_status::new_, job_status::succeeded, job_status::failed})
        CHECK(seen.jobs[status] > 0); // so that the test has been everywhere
    busy.store.reopen();
    compare(busy.store.file(), read_statistics(busy.store.file()).value());
}

TEST_CASE("the oldest waiting job counts from its creation, held for a backoff or not") {
    temp_store store;
    CHECK_FALSE(read_statistics(store.file()).value().oldest_waiting);
    const auto first = store->create(acme, a_job("one")).value();
    store.clock.advance(std::chrono::hours{1});
    const auto second = store->create(globex, a_job("two")).value();
    const auto claimed = store.owner().claim(1, no_objection);
    REQUIRE(claimed.at(0).key.job == first.id);
    CHECK(read_statistics(store.file()).value().oldest_waiting ==
          waiting_job{second.id, globex, second.creation_time, false});
    store.owner().put_back(claimed.at(0).key, {.hold = true});
    CHECK(read_statistics(store.file()).value().oldest_waiting ==
          waiting_job{first.id, acme, first.creation_time, true});
}

TEST_CASE("running jobs are told with their attempt's begin and how far it is") {
    temp_store store;
    const auto job = store->create(acme, a_job("people")).value();
    store.clock.advance(std::chrono::minutes{5});
    auto key = store.owner().claim(1, no_objection).at(0).key;
    store.owner().put_back(key, {});
    store.clock.advance(std::chrono::minutes{5});
    const auto begun = store.clock.now();
    key = store.owner().claim(1, no_objection).at(0).key;
    store.clock.advance(std::chrono::minutes{5});
    job_metrics metrics;
    metrics.exported = 30;
    metrics.candidates = 120;
    metrics.looked_at = 90;
    REQUIRE(store.owner().note_progress(key, "engine-1", metrics));
    REQUIRE(store.owner().mark_publishing(key).what == publish_mark::outcome::marked);
    const auto running = read_statistics(store.file()).value().running;
    REQUIRE(running.size() == 1);
    CHECK(running[0].id == job.id);
    CHECK(running[0].owner == acme);
    CHECK(running[0].dataset_id == "people");
    CHECK(running[0].status == job_status::processing);
    CHECK(running[0].attempt == 2);
    CHECK(running[0].publishing);
    CHECK(running[0].exported == 30);
    CHECK(running[0].candidates == 120);
    CHECK(running[0].percent == 75);
    CHECK(running[0].since == begun);
}

TEST_CASE("at most a hundred running jobs are told") {
    temp_store store;
    for (int i = 0; i < 102; ++i)
        REQUIRE(store->create(acme, a_job("set" + std::to_string(i))).ok());
    REQUIRE(store.owner().claim(102, no_objection).size() == 102);
    const auto seen = read_statistics(store.file()).value();
    CHECK(seen.running.size() == store_statistics::most_running);
    CHECK(seen.running.front().id == 1);
    CHECK(seen.jobs[job_status::processing] == 102);
}

TEST_CASE("a reader counts what happened since it was opened, once each") {
    temp_store store;
    REQUIRE(store->create(acme, a_job("before")).ok());
    auto reader = job_reader::open(store.file()).value();
    CHECK(reader.statistics().moves.created == 0);
    for (int i = 0; i < 3; ++i)
        REQUIRE(store->create(acme, a_job("set" + std::to_string(i))).ok());
    const auto claimed = store.owner().claim(3, no_objection);
    REQUIRE(store.owner().fail(claimed.at(0).key, {{"unknown", "it broke", ""}}, "lifecycle", ""));
    REQUIRE(store.owner().put_back(claimed.at(1).key, {}));
    for (int look = 0; look < 2; ++look) {
        const auto moves = reader.statistics().moves;
        CHECK(moves.created == 3);
        CHECK(moves.into[job_status::processing] == 3);
        CHECK(moves.into[job_status::failed] == 1);
        CHECK(moves.into[job_status::new_] == 1);
        CHECK(moves.into.total() == 5);
    }
    CHECK(read_statistics(store.file()).value().moves.created == 0);
}

TEST_CASE("a reader tells how long jobs waited and attempts ran, by how these ended") {
    using namespace std::chrono_literals;
    temp_store store;
    const auto ran = [](const moves_made& moves, job_status into) {
        return moves.ran[static_cast<std::size_t>(into)];
    };
    auto reader = job_reader::open(store.file()).value();
    REQUIRE(store->create(acme, a_job()).ok());
    store.clock.advance(70ms);
    auto key = store.owner().claim(1, no_objection).at(0).key;
    store.clock.advance(7s);
    REQUIRE(store.owner().put_back(key, {.hold = true}));
    store.clock.advance(400ms);
    store.owner().release(key.job);
    key = store.owner().claim(1, no_objection).at(0).key;
    store.clock.advance(2h);
    REQUIRE(store->cancel(acme, key.job).ok());
    store.clock.advance(1ms);
    REQUIRE(store.owner().settle_cancelled(key));
    REQUIRE(store->cancel(acme, store->create(acme, a_job()).value().id).ok()); // no attempt is made for it

    const auto moves = reader.statistics().moves;
    CHECK(moves.waited.total() == 2);
    CHECK(moves.waited.sum == 70 + 400);
    CHECK(moves.waited.counts[2] == 1); // of more than 50 ms and at most 100
    CHECK(moves.waited.counts[3] == 1);
    CHECK(ran(moves, job_status::new_).total() == 1);
    CHECK(ran(moves, job_status::new_).sum == 7'000);
    CHECK(ran(moves, job_status::cancelled).total() == 1);
    CHECK(ran(moves, job_status::cancelled).sum == 7'200'001);
    CHECK(ran(moves, job_status::cancelled).counts[14] == 1); // more than two hours
    CHECK(ran(moves, job_status::cancelling).total() == 0);
    CHECK(ran(moves, job_status::processing).total() == 0);
}

TEST_CASE("a reader sums up what the jobs that succeeded exported, once each") {
    temp_store store;
    auto reader = job_reader::open(store.file()).value();
    for (int i = 0; i < 3; ++i)
        REQUIRE(store->create(acme, a_job("set" + std::to_string(i))).ok());
    const auto claimed = store.owner().claim(3, no_objection);
    std::int64_t rows = 10;
    for (const auto& one : claimed) {
        rows *= 10;
        REQUIRE(store.owner().note_progress(one.key, "e", {.exported = rows}));
        if (one.key.job == claimed.back().key.job) break;
        REQUIRE(store.owner().mark_publishing(one.key).what == publish_mark::outcome::marked);
        auto batch = one.job.batches.at(0);
        batch.bytes = rows * 7;
        REQUIRE(store.owner().succeed(one.key, {.exported = rows}, {batch}));
    }
    for (int look = 0; look < 2; ++look) {
        CHECK(reader.statistics().moves.exported_profiles == 1'100);
        CHECK(reader.statistics().moves.exported_bytes == 7'700);
    }
}

TEST_CASE("statistics see the last commit and hold up no writer") {
    temp_store store;
    auto reader = job_reader::open(store.file()).value();
    store->together([&] {
        REQUIRE(store->create(acme, a_job()).ok());
        CHECK(reader.statistics().jobs.total() == 0);
        REQUIRE(store->create(acme, a_job()).ok());
    });
    const auto seen = reader.statistics();
    CHECK(seen.jobs[job_status::new_] == 2);
    CHECK(seen.wal_bytes == static_cast<std::int64_t>(std::filesystem::file_size(store.file() += "-wal")));
    CHECK(seen.database_bytes % 4096 == 0);
    CHECK(seen.database_bytes > 0);
    CHECK(seen.free_bytes < seen.database_bytes);
    sql::connection on(store.file(), sql::access::read);
    CHECK(seen.schema_version == on.integer_of("select max(version) from schema_migrations"));
}

TEST_CASE("a store that is not there has no statistics") {
    const temp_directory directory;
    const auto missing = read_statistics(directory / "jobs.db");
    REQUIRE_FALSE(missing.ok());
    CHECK(missing.error().code == errc::not_found);
    CHECK_FALSE(std::filesystem::exists(directory / "jobs.db"));
}
