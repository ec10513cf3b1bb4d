#include <atomic>
#include <optional>
#include <thread>

#include <catch2/catch.hpp>

#include "sql/transaction.hpp"
#include "support/a_job.hpp"
#include "support/temp_store.hpp"

using namespace waybill;
using namespace waybill::test;
using namespace std::chrono_literals;

namespace {

/// A store that keeps itself as the test says.
struct kept_store {
    explicit kept_store(upkeep_options how) {
        auto options = files.options();
        options.upkeep = std::move(how);
        files.close();
        store.emplace(job_store::open(std::move(options)).value());
    }

    job_id end(job_status how) {
        const auto id = store->create(acme, a_job("d" + std::to_string(++datasets))).value().id;
        if (how == job_status::cancelled) {
            REQUIRE(store->cancel(acme, id).ok());
            return id;
        }
        const auto key = store->owner().claim(1, no_objection).at(0).key;
        if (how == job_status::failed) {
            REQUIRE(store->owner().fail(key, {{"1", "2", "3"}}, "test", "failed"));
        } else {
            REQUIRE(store->owner().mark_publishing(key).what == publish_mark::outcome::marked);
            REQUIRE(store->owner().succeed(key, {}, {}));
        }
        return id;
    }

    int steps() {
        int count = 0;
        while (store->owner().upkeep())
            ++count;
        return count;
    }

    std::int64_t number(const char* sql) {
        sql::connection look(files.file(), sql::access::read);
        return look.integer_of(sql);
    }

    temp_store files;
    std::optional<job_store> store;
    int datasets = 0;
};

std::uintmax_t log_size(const temp_store& store) {
    auto log = store.file();
    return std::filesystem::file_size(log += "-wal");
}

} // namespace

TEST_CASE("final jobs go when their status has been kept long enough, each status by its own rule") {
    kept_store kept({.retention = {{job_status::succeeded, 10min}, {job_status::failed, 20min}}});
    const auto succeeded = kept.end(job_status::succeeded);
    const auto failed = kept.end(job_status::failed);
    const auto cancelled = kept.end(job_status::cancelled);
    const auto waiting = kept.store->create(acme, a_job()).value().id;
    kept.files.clock.advance(10min);
    kept.steps();
    CHECK(kept.store->find(acme, succeeded).ok()); // not yet: longer than ten minutes, not exactly
    kept.files.clock.advance(1ms);
    CHECK(kept.steps() >= 1);
    CHECK_FALSE(kept.store->find(acme, succeeded).ok());
    CHECK(kept.store->find(acme, failed).ok());
    kept.files.clock.advance(10min);
    kept.steps();
    CHECK_FALSE(kept.store->find(acme, failed).ok());
    CHECK(kept.store->find(acme, cancelled).ok());
    CHECK(kept.store->find(acme, waiting).ok());
}

TEST_CASE("a job is kept from the moment when it became final, not from its creation") {
    kept_store kept({.retention = {{job_status::cancelled, 10min}}});
    const auto id = kept.store->create(acme, a_job()).value().id;
    kept.files.clock.advance(1h);
    REQUIRE(kept.store->cancel(acme, id).ok());
    kept.files.clock.advance(5min);
    kept.steps();
    CHECK(kept.store->find(acme, id).ok());
}

TEST_CASE("retention takes all rows of a job and never one of its numbers") {
    kept_store kept({.retention = {{job_status::failed, 0ms}}});
    const auto id = kept.end(job_status::failed);
    const auto newest = kept.store->owner().claim(1, no_objection).size();
    CHECK(newest == 0);
    kept.files.clock.advance(1ms);
    kept.steps();
    for (const auto* const table : {"export_jobs", "export_batches", "job_errors", "job_transitions"})
        CHECK(kept.number((std::string("select count(*) from ") + table).c_str()) == 0);
    kept.store.reset();
    kept.files.open();
    const auto next = kept.files->create(acme, a_job()).value();
    CHECK(next.id > id);
    auto reader = job_reader::open(kept.files.file()).value();
    CHECK(reader.transitions(acme, next.id).value().at(0).sequence == 4); // after create, claim and fail
}

TEST_CASE("one step removes no more rows than it may, and the last job's") {
    kept_store kept({.retention = {{job_status::cancelled, 0ms}}, .rows_a_step = 8});
    for (int i = 0; i < 10; ++i)
        kept.end(job_status::cancelled); // 4 rows each: the job, its batch, two transitions
    kept.files.clock.advance(1ms);
    REQUIRE(kept.store->owner().upkeep());
    const auto left = kept.store->list(acme, {}).value().jobs.size();
    CHECK(left < 10);
    CHECK(left >= 7);
    CHECK(kept.steps() >= 3);
    CHECK(kept.store->list(acme, {}).value().jobs.empty());
}

TEST_CASE("idempotency keys are forgotten after their time") {
    kept_store kept({});
    REQUIRE(kept.store->create(acme, a_job(), idempotency_key{"k", "f"}).ok());
    kept.files.clock.advance(24h - 1ms);
    kept.steps();
    CHECK(kept.number("select count(*) from idempotency_keys") == 1);
    kept.files.clock.advance(1ms);
    kept.steps();
    CHECK(kept.number("select count(*) from idempotency_keys") == 0);
}

TEST_CASE("pages that removed jobs leave free are given back") {
    kept_store kept({.retention = {{job_status::cancelled, 0ms}}, .free_pages = 0});
    kept.store->together([&] {
        for (int i = 0; i < 3'000; ++i) {
            const auto id = kept.store->create(acme, a_full_job()).value().id;
            REQUIRE(kept.store->cancel(acme, id).ok());
        }
    });
    const auto before = kept.number("pragma page_count");
    kept.files.clock.advance(1ms);
    kept.steps();
    CHECK(kept.number("pragma page_count") < before / 4);
    CHECK(kept.number("pragma freelist_count") == 0);
}

TEST_CASE("a long log is cut once the reader that lingered has gone") {
    kept_store kept({.longest_wal = 256 * 1024, .longest_cut_wait = 0ms});
    kept.steps();
    sql::connection reading(kept.files.file(), sql::access::read);
    {
        const sql::snapshot lingering(reading);
        for (int i = 0; i < 100; ++i)
            REQUIRE(kept.store->create(acme, a_full_job()).ok());
        CHECK(log_size(kept.files) > 256 * 1024);
        CHECK_FALSE(kept.store->owner().upkeep()); // it is needed still
        CHECK(log_size(kept.files) > 256 * 1024);
        CHECK(kept.store->create(acme, a_job()).ok());
    }
    CHECK(kept.store->owner().upkeep());
    CHECK(log_size(kept.files) == 0);
}

TEST_CASE("readers that take turns without a pause do not keep the log from being cut") {
    kept_store kept({.longest_wal = 256 * 1024});
    kept.steps();
    std::atomic<bool> enough = false;
    std::thread reading([&] {
        sql::connection first(kept.files.file(), sql::access::read);
        sql::connection second(kept.files.file(), sql::access::read);
        std::optional<sql::snapshot> one(std::in_place, first), other;
        while (!enough) { // at every moment one of the two is open
            other.emplace(second);
            one.reset();
            one.emplace(first);
            other.reset();
        }
    });
    bool cut = false;
    for (int i = 0; i < 10'000 && !cut; ++i) {
        CHECK(kept.store->create(acme, a_full_job()).ok());
        cut = kept.store->owner().upkeep();
    }
    enough = true;
    reading.join();
    CHECK(cut);
    CHECK(log_size(kept.files) == 0);
}

TEST_CASE("statistics are gathered at first and once a day") {
    kept_store kept({});
    REQUIRE(kept.store->create(acme, a_job()).ok());
    CHECK(kept.steps() == 1);
    CHECK(kept.number("select count(*) from sqlite_stat1") > 0);
    CHECK(kept.steps() == 0);
    kept.files.clock.advance(24h);
    CHECK(kept.steps() == 1);
}

TEST_CASE("the counts of jobs are those of the rows, whatever happened") {
    temp_store store;
    for (int i = 0; i < 30; ++i) {
        const auto& owner = i % 3 == 0 ? globex : acme;
        const auto id = store->create(owner, a_job("d" + std::to_string(i))).value().id;
        if (i % 4 == 0) REQUIRE(store->cancel(owner, id).ok());
        if (i % 5 == 0)
            for (const auto& attempt : store.owner().claim(1, no_objection))
                REQUIRE(store.owner().fail(attempt.key, {}, "test", "failed"));
        if (i % 8 == 0) {
            store.clock.advance(2min);
            REQUIRE(store->cancel(owner, id).ok());
        }
    }
    CHECK_FALSE(store->create(acme, a_job("not a dataset")).ok());
    sql::connection look(store.file(), sql::access::read);
    CHECK(look.integer_of("select count(*) from job_counts") >= 4);
    CHECK(look.integer_of(
              "select count(*) from (select tenant_id, status, jobs from job_counts where jobs > 0 "
              "except select tenant_id, status, count(*) from export_jobs group by tenant_id, status)") == 0);
    CHECK(
        look.integer_of("select count(*) from (select tenant_id, status, count(*) from export_jobs group by "
                        "tenant_id, status except select tenant_id, status, jobs from job_counts)") == 0);
}
