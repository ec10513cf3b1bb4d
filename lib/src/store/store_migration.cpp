#include <waybill/store_migration.hpp>

#include <algorithm>

#include <waybill/store_backup.hpp>

#include "sql/migrator.hpp"
#include "sql/schema_drift.hpp"
#include "sql/transaction.hpp"
#include "store/store_files.hpp"

namespace waybill {

namespace {

using known_list = std::span<const sql::migration>;

std::vector<schema_migration> named(known_list known, const std::vector<int>& versions) {
    std::vector<schema_migration> all;
    for (const int version : versions)
        for (const auto& one : known)
            if (one.version == version)
                all.push_back({version, std::string(one.name), std::string(one.sha256), std::nullopt});
    return all;
}

int newest_of(known_list known) { return known.empty() ? 0 : known.back().version; }

std::optional<failure> no_such_version(int to, int highest) {
    if (to >= 0 && to <= highest) return std::nullopt;
    return failure{errc::invalid,
                   "there is no version " + std::to_string(to) + "; expected 0 to " + std::to_string(highest),
                   {}};
}

/// The version that is noted; 0 for a file that is not there.
int noted_version(const std::filesystem::path& file, known_list known) {
    if (!std::filesystem::exists(file)) return 0;
    sql::connection store(file, sql::access::read);
    return sql::check_schema(store, known);
}

bool has_schema(const std::filesystem::path& file) {
    if (!std::filesystem::exists(file)) return false;
    sql::connection store(file, sql::access::read);
    return !sql::objects_of(store).empty();
}

result<std::filesystem::path> back_up(store_kind kind, const std::filesystem::path& file, int version,
                                      timestamp now) {
    const auto to =
        store::free_name(file, ".backup-v" + std::to_string(version) + "-" + store::stamp_of(now));
    auto made = backup_store(kind, file, to);
    if (!made) return std::move(made).error();
    return to;
}

using steps_of = std::function<sql::migration_steps(sql::connection&)>;

sql::migration_steps rehearse(const std::filesystem::path& file, const steps_of& steps) {
    const bool there = std::filesystem::exists(file);
    sql::connection store(there ? file : ":memory:", sql::access::write_as_is);
    const sql::transaction never_committed(store);
    return steps(store);
}

/// Under the lock: the backup, then the steps, or only what they would be.
result<migration_outcome> migrate(store_kind kind, const std::filesystem::path& file, bool pending,
                                  const migration_options& options, const steps_of& steps) {
    const auto known = store::known_migrations(kind);
    migration_outcome outcome;
    sql::migration_steps done;
    if (options.dry_run) {
        done = rehearse(file, steps);
    } else {
        if (options.backup && pending && has_schema(file)) {
            auto made = back_up(kind, file, noted_version(file, known), options.now());
            if (!made) return std::move(made).error();
            outcome.backup = std::move(made).value();
        }
        sql::connection store(file, sql::access::write);
        done = steps(store);
    }
    outcome.before = done.before;
    outcome.adopted = named(known, done.adopted);
    outcome.taken = named(known, done.taken);
    outcome.after = done.before;
    for (const auto* group : {&done.adopted, &done.taken})
        for (const int version : *group)
            outcome.after = std::max(outcome.after, version);
    return outcome;
}

} // namespace

result<migration_outcome> migrate_up(store_kind kind, const std::filesystem::path& file,
                                     std::optional<int> to, const migration_options& options) {
    const auto known = store::known_migrations(kind);
    const int goal = to.value_or(newest_of(known));
    if (auto none = no_such_version(goal, newest_of(known))) return *std::move(none);
    const bool there = std::filesystem::exists(file);
    // A rehearsal of making a new store needs nobody's leave, and leaves no lock file.
    std::optional<sql::owner_lock> lock;
    if (there || !options.dry_run) {
        auto taken = store::own(kind, file);
        if (!taken) return std::move(taken).error();
        lock = std::move(taken).value();
    }
    const int version = noted_version(file, known);
    if (to && goal < version)
        return failure{errc::invalid,
                       file.string() + " has version " + std::to_string(version) +
                           " already; 'waybill migrate " + "down --to " + std::to_string(goal) +
                           "' takes back what is beyond",
                       {}};
    if (there && version < goal) { // refused before a backup is made
        sql::connection store(file, sql::access::read);
        sql::recognised_version(store, known, version);
    }
    return migrate(kind, file, version < goal, options, [&](sql::connection& store) {
        return sql::step_up(store, known, goal, options.now(), options.on_statement);
    });
}

result<migration_outcome> migrate_down(store_kind kind, const std::filesystem::path& file, int to,
                                       const migration_options& options) {
    const auto known = store::known_migrations(kind);
    if (auto none = store::missing(file)) return *std::move(none);
    auto lock = store::own(kind, file);
    if (!lock) return std::move(lock).error();
    const auto check = verify_schema(kind, file).value();
    if (check.unnoted > 0) {
        const auto really = std::to_string(check.version + check.unnoted);
        return failure{errc::conflict,
                       file.string() + " has migrations that are not noted; 'waybill migrate up --to " +
                           really + "' notes them",
                       {}};
    }
    if (auto none = no_such_version(to, check.version)) return *std::move(none);
    auto outcome = migrate(kind, file, to < check.version, options, [&](sql::connection& store) {
        return sql::step_down(store, known, to, options.on_statement);
    });
    if (outcome) outcome->after = to;
    return outcome;
}

result<schema_check> verify_schema(store_kind kind, const std::filesystem::path& file) {
    if (auto none = store::missing(file)) return *std::move(none);
    const auto known = store::known_migrations(kind);
    sql::connection store(file, sql::access::read);
    const sql::snapshot one_state(store);
    schema_check check;
    check.newest = newest_of(known);
    std::vector<int> noted;
    for (const auto& applied : sql::applied_migrations(store)) {
        check.version = std::max(check.version, applied.version);
        noted.push_back(applied.version);
        const auto name = "migration " + sql::numbered(applied.version, applied.name);
        const auto same = std::find_if(known.begin(), known.end(),
                                       [&](const auto& one) { return one.version == applied.version; });
        if (same == known.end())
            check.notes.push_back(name + " is not known to this Waybill");
        else if (same->name != applied.name)
            check.notes.push_back(name + " is called " + sql::numbered(same->version, same->name) +
                                  " in this Waybill");
        else if (same->sha256 != applied.sha256)
            check.notes.push_back(name + " was applied from another text: its SHA-256 was " + applied.sha256 +
                                  ", this Waybill's is " + std::string(same->sha256));
    }
    for (const auto& one : known)
        if (one.version < check.version && std::find(noted.begin(), noted.end(), one.version) == noted.end())
            check.notes.push_back("migration " + sql::numbered(one.version, one.name) + " is not noted");
    if (check.version > check.newest) return check; // there is nothing to compare the schema with
    const auto found = sql::objects_of(store);
    const sql::schema_versions versions(known);
    if (const auto really = versions.version_of(found, check.version)) {
        check.unnoted = *really - check.version;
        return check;
    }
    const int compared = check.version > 0 ? check.version : versions.nearest(found);
    for (const auto& one : sql::differences(versions.after(compared), found))
        check.drift.push_back({one.type, one.name, std::string(to_text(one.what))});
    return check;
}

} // namespace waybill
