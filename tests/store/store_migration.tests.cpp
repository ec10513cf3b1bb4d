#include <catch2/catch.hpp>

#include <waybill/store_migration.hpp>

#include "support/store_fixture.hpp"

using namespace waybill;
using namespace waybill::test;
using Catch::Contains;

namespace {

int newest() {
    const temp_directory directory;
    return migrate_up(store_kind::jobs, directory / "jobs.db").value().after;
}

} // namespace

TEST_CASE("a store is backed up before it is migrated, and only when something changes") {
    temp_store store;
    REQUIRE(store->create(acme, a_job()).ok());
    store.close();
    const auto folder = store.file().parent_path();
    migration_options options;
    options.now = [] { return timestamp{std::chrono::milliseconds{1'538'615'973'895}}; };
    CHECK_FALSE(migrate_up(store_kind::jobs, store.file(), {}, options).value().backup.has_value());
    CHECK(names_in(folder, "jobs.db.backup").empty());

    const auto back = migrate_down(store_kind::jobs, store.file(), 0, options).value();
    CHECK(back.after == 0);
    CHECK(back.before == newest());
    REQUIRE(back.backup.has_value());
    CHECK(*back.backup ==
          store.file().string() + ".backup-v" + std::to_string(newest()) + "-20181004T011933Z");
    CHECK(jobs_in(*back.backup) == 1);
    CHECK(std::filesystem::exists(back.backup->string() + ".sha256"));
    // There is nothing in it any more.
    CHECK_FALSE(migrate_up(store_kind::jobs, store.file(), {}, options).value().backup.has_value());

    options.backup = false;
    CHECK_FALSE(migrate_down(store_kind::jobs, store.file(), 0, options).value().backup.has_value());
}

TEST_CASE("a dry run does all of it and changes nothing") {
    temp_store store;
    REQUIRE(store->create(acme, a_job()).ok());
    store.close();
    const auto before = bytes_of(store.file());
    std::vector<std::string> statements;
    migration_options options;
    options.dry_run = true;
    options.on_statement = [&](int, std::string_view statement) { statements.emplace_back(statement); };
    const auto back = migrate_down(store_kind::jobs, store.file(), 0, options).value();
    CHECK(back.taken.size() == static_cast<std::size_t>(newest()));
    CHECK_FALSE(back.backup.has_value());
    CHECK_FALSE(statements.empty());
    CHECK(bytes_of(store.file()) == before);

    const temp_directory directory;
    const auto made = migrate_up(store_kind::jobs, directory / "none.db", {}, options).value();
    CHECK(made.taken.size() == static_cast<std::size_t>(newest()));
    CHECK(names_in(directory.path()).empty());
}

TEST_CASE("a version that there is not is refused") {
    temp_store store;
    store.close();
    for (const int wrong : {-1, newest() + 1}) {
        CHECK(migrate_up(store_kind::jobs, store.file(), wrong).error().code == errc::invalid);
        CHECK(migrate_down(store_kind::jobs, store.file(), wrong).error().code == errc::invalid);
    }
    const auto lower = migrate_up(store_kind::jobs, store.file(), 0);
    REQUIRE_FALSE(lower.ok());
    CHECK_THAT(lower.error().message, Contains("migrate down --to 0"));
    CHECK(migrate_down(store_kind::jobs, store.file().string() + "-none", 0).error().code == errc::not_found);
}

TEST_CASE("a sound store is verified, and what differs is named object by object") {
    temp_store store;
    store.close();
    auto check = verify_schema(store_kind::jobs, store.file()).value();
    CHECK(check.sound());
    CHECK(check.version == newest());
    {
        sql::connection on(store.file(), sql::access::write);
        on.execute("drop trigger export_jobs_begin_new; create index my_own on tenants (sandbox, org); "
                   "alter table tenants add column note text");
    }
    check = verify_schema(store_kind::jobs, store.file()).value();
    CHECK_FALSE(check.sound());
    std::vector<std::string> found;
    for (const auto& one : check.drift)
        found.push_back(one.type + " " + one.name + " " + one.what);
    CHECK(found == std::vector<std::string>{"index my_own extra", "table tenants different",
                                            "trigger export_jobs_begin_new missing"});
    CHECK(check.notes.empty());
}

TEST_CASE("a note that tells of another text, name or version is named") {
    temp_store store;
    store.close();
    const auto noted = [&](const std::string& change) {
        {
            sql::connection on(store.file(), sql::access::write);
            on.execute(change);
        }
        const auto check = verify_schema(store_kind::jobs, store.file()).value();
        CHECK_FALSE(check.sound());
        CHECK(check.drift.empty());
        return check.notes.empty() ? std::string() : check.notes.front();
    };
    CHECK_THAT(
        noted("update schema_migrations set sha256 = '" + std::string(64, 'f') + "' where version = 1"),
        Contains("0001_export_jobs was applied from another text"));
    CHECK_THAT(noted("update schema_migrations set name = 'other' where version = 1"),
               Contains("0001_other is called 0001_export_jobs"));
    CHECK_THAT(noted("insert into schema_migrations values (999, 'from_the_future', '" +
                     std::string(64, '0') + "', 0); delete from schema_migrations where version < 999"),
               Contains("0999_from_the_future is not known"));
}
