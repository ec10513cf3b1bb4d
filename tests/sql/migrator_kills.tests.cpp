// A process that migrates is killed at each of its statements, up and down, with the migrations of the two
// stores and with invented ones.
#include <fstream>
#include <set>

#include <catch2/catch.hpp>

#include "sql/integrity.hpp"
#include "sql/migrator.hpp"
#include "sql/schema_drift.hpp"
#include "support/a_job.hpp"
#include "support/invented_migrations.hpp"
#include "support/killed.hpp"
#include "support/temp_store.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

using known_list = std::span<const sql::migration>;

void go(sql::connection& on, known_list known, int to, const sql::migration_observer& observer = {}) {
    sql::step_up(on, known, to, {}, observer);
    sql::step_down(on, known, to, observer);
}

/// Without syncs, for what a process wrote outlives it.
struct quick_connection : sql::connection {
    explicit quick_connection(const std::filesystem::path& file) : connection(file, sql::access::write) {
        execute("pragma synchronous = off");
    }
};

/// Kills the way of `store`, a file that nobody has open, to version `to` at each statement; answers the
/// versions that were found afterwards.
std::set<int> kill_everywhere(const std::filesystem::path& store, known_list known, int to) {
    const sql::schema_versions versions(known);
    std::set<int> found;
    for (int n = 1;; ++n) {
        INFO("killed at statement " << n);
        const temp_directory directory;
        const auto file = directory / "store.db";
        std::filesystem::copy_file(store, file);
        const bool killed = killed_at(n, [&](const kill_point& reached) {
            quick_connection on(file);
            go(on, known, to, [&](int, std::string_view) { reached(); });
        });
        quick_connection on(file);
        CHECK(sql::integrity_problems(on).empty());
        const int version = sql::check_schema(on, known);
        CHECK(sql::objects_of(on) == versions.after(version));
        go(on, known, to);
        CHECK(sql::check_schema(on, known) == to);
        CHECK(sql::objects_of(on) == versions.after(to));
        CHECK(sql::integrity_problems(on).empty());
        if (!killed) {
            CHECK(version == to);
            return found;
        }
        found.insert(version);
    }
}

/// The versions from `from` to `to`, but for `to` itself.
std::set<int> versions_before(int from, int to) {
    std::set<int> all;
    for (int version = from; version != to; version += from < to ? 1 : -1)
        all.insert(version);
    return all;
}

} // namespace

TEST_CASE("invented migrations that are killed at any statement leave the schema before or after") {
    const known_list known = invented_migrations();
    const temp_directory directory;
    const auto file = directory / "store.db";
    for (const auto& [from, to] : {std::pair(0, 3), std::pair(1, 3), std::pair(3, 1), std::pair(3, 0)}) {
        INFO("from " << from << " to " << to);
        std::ofstream{file}; // an empty database
        {
            sql::connection on(file, sql::access::write_as_is);
            sql::step_up(on, known, from, {});
            if (from > 0)
                on.execute("insert into shelves values (1, 'top'); "
                           "insert into books (id, shelf_id) values (7, 1)");
        }
        CHECK(kill_everywhere(file, known, to) == versions_before(from, to));
    }
}

TEST_CASE("the stores' migrations that are killed at any statement leave the schema before or after") {
    const auto known = GENERATE(as<known_list>{}, sql::jobs_migrations(), sql::profiles_migrations(),
                                sql::segments_migrations());
    const auto newest = known.back().version;
    const temp_directory directory;
    const auto file = directory / "store.db";
    std::ofstream{file}; // an empty database
    CHECK(kill_everywhere(file, known, newest) == versions_before(0, newest));
    {
        sql::connection on(file, sql::access::write_as_is);
        sql::step_up(on, known, newest, {});
    }
    CHECK(kill_everywhere(file, known, 0) == versions_before(newest, 0));
}

TEST_CASE("a store with jobs is migrated back to its first schema and up again, killed at any statement") {
    const auto known = sql::jobs_migrations();
    const auto newest = known.back().version;
    temp_store store;
    REQUIRE(store->create(acme, a_full_job()).ok());
    REQUIRE(store->create(acme, a_job()).ok());
    REQUIRE(store->cancel(acme, 2).ok());
    store.close();
    CHECK(kill_everywhere(store.file(), known, 1) == versions_before(newest, 1));
    {
        sql::connection on(store.file(), sql::access::write);
        sql::step_down(on, known, 1);
    }
    CHECK(kill_everywhere(store.file(), known, newest) == versions_before(1, newest));
    store.open();
    auto kept = a_full_job();
    kept.attempts.reset(); // the first schema has no place for a job's own limits
    kept.attempt_deadline.reset();
    CHECK(store->find(acme, 1).value().request == kept);
    CHECK(store->find(acme, 2).value().status == job_status::cancelled);
}
