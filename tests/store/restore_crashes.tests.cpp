// What a crash before a restore left, and what a crash in the middle of one leaves: no journal reaches a file
// that it does not belong to, and the store's name is never without a store.
#include <set>

#include <catch2/catch.hpp>

#include "sql/integrity.hpp"
#include "support/killed.hpp"
#include "support/store_fixture.hpp"

using namespace waybill;
using namespace waybill::test;

TEST_CASE("a damaged store is kept with its journals, which never reach the restored file") {
    backed_up_store was;
    was.crash_with_a_job();
    const auto wal = bytes_of(was.beside("-wal"));
    write_bytes(was.store.file(), 0, std::string(bytes_of(was.store.file()).size(), 'x'));
    const auto damaged = bytes_of(was.store.file());
    const auto restored = restore_store(was.store.file(), was.backup).value();
    CHECK_FALSE(restored.replaced_read);
    REQUIRE(restored.kept.has_value());
    CHECK(bytes_of(*restored.kept) == damaged);
    CHECK(bytes_of(restored.kept->string() + "-wal") == wal);
    CHECK_FALSE(std::filesystem::exists(was.beside("-wal")));
    CHECK(jobs_in(was.store.file()) == 2);
    was.store.open();
    CHECK(was.create() > 1'024); // the lock file had its block
}

TEST_CASE("what a crash left in a rollback journal is taken back before the store is kept") {
    backed_up_store was;
    REQUIRE(killed_at(1, [&](const kill_point& reached) {
        sql::connection on(was.store.file(), sql::access::write_as_is);
        on.execute("pragma journal_mode = delete; pragma cache_size = 1; begin; "
                   "update export_jobs set request_id = hex(randomblob(20000))");
        reached();
    }));
    REQUIRE(std::filesystem::file_size(was.beside("-journal")) > 0);
    const auto restored = restore_store(was.store.file(), was.backup).value();
    CHECK(restored.replaced_read);
    CHECK(names_in(was.folder(), "jobs.db.replaced-").size() == 1); // and no journal
    CHECK_FALSE(std::filesystem::exists(was.beside("-journal")));
    CHECK(sql::connection(*restored.kept, sql::access::read)
              .integer_of("select count(*) from export_jobs where length(request_id) < 100") == 3);
    CHECK(jobs_in(was.store.file()) == 2);
}

TEST_CASE("the WAL of a store that is gone never reaches the restored file") {
    backed_up_store was;
    was.crash_with_a_job();
    std::filesystem::remove(was.store.file());
    const auto restored = restore_store(was.store.file(), was.backup).value();
    REQUIRE(restored.kept.has_value());
    CHECK(std::filesystem::exists(restored.kept->string() + "-wal"));
    CHECK(jobs_in(was.store.file()) == 2);
}

TEST_CASE(
    "a restore that is killed at any step leaves the old store or the new one, and goes through again") {
    const bool crashed_before = GENERATE(false, true);
    std::set<std::int64_t> found;
    for (int n = 1;; ++n) {
        INFO("killed at step " << n);
        backed_up_store was;
        if (crashed_before) was.crash_with_a_job();
        const std::int64_t old_jobs = crashed_before ? 4 : 3;
        const bool killed = killed_at(n, [&](const kill_point& reached) {
            restore_options options;
            options.on_step = [&](std::string_view) { reached(); };
            restore_store(was.store.file(), was.backup, options).value();
        });
        was.store.open();
        was.store.close();
        const auto jobs = jobs_in(was.store.file());
        found.insert(jobs);
        CHECK((jobs == old_jobs || jobs == 2));
        {
            sql::connection on(was.store.file(), sql::access::read);
            CHECK(sql::integrity_problems(on).empty());
        }
        REQUIRE(restore_store(was.store.file(), was.backup).ok());
        CHECK(jobs_in(was.store.file()) == 2);
        was.store.open();
        CHECK(was.create() > old_jobs);
        std::set<std::int64_t> kept;
        for (const auto& name : names_in(was.folder(), "jobs.db.replaced-")) {
            kept.insert(jobs_in(was.folder() / name));
            CHECK(std::filesystem::hard_link_count(was.folder() / name) == 1);
        }
        CHECK(kept.contains(old_jobs));
        if (!killed) break;
    }
    CHECK(found.size() == 2);
}

TEST_CASE(
    "a restore over a damaged store that is killed at any step never gives its WAL to the restored file") {
    bool replaced = false;
    for (int n = 1;; ++n) {
        INFO("killed at step " << n);
        backed_up_store was;
        was.crash_with_a_job();
        write_bytes(was.store.file(), 0, std::string(bytes_of(was.store.file()).size(), 'x'));
        const auto damaged = bytes_of(was.store.file());
        const bool killed = killed_at(n, [&](const kill_point& reached) {
            restore_options options;
            options.on_step = [&](std::string_view) { reached(); };
            restore_store(was.store.file(), was.backup, options).value();
        });
        if (bytes_of(was.store.file()) != damaged) {
            replaced = true;
            CHECK_FALSE(std::filesystem::exists(was.beside("-wal")));
            CHECK(jobs_in(was.store.file()) == 2);
        }
        REQUIRE(restore_store(was.store.file(), was.backup).ok());
        CHECK(jobs_in(was.store.file()) == 2);
        was.store.open();
        CHECK(was.create() > 4);
        if (!killed) break;
    }
    CHECK(replaced);
}
