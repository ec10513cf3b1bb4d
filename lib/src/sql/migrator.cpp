#include "sql/migrator.hpp"

#include <algorithm>

#include <waybill/result.hpp>

#include "sql/integrity.hpp"
#include "sql/schema_drift.hpp"
#include "sql/script.hpp"
#include "sql/transaction.hpp"

namespace waybill::sql {
namespace {

constexpr const char* find_history = R"(
select count(*)
from sqlite_schema
where type = 'table' and name = 'schema_migrations')";

constexpr const char* count_objects = "select count(*) from sqlite_schema";

constexpr const char* list_applied = R"(
select version, name, sha256, applied_at
from schema_migrations
order by version)";

constexpr const char* note_applied = R"(
insert into schema_migrations (version, name, sha256, applied_at)
values (:version, :name, :sha256, :applied_at))";

constexpr const char* note_taken_back = R"(
delete from schema_migrations
where version = :version)";

constexpr const char* list_objects = R"(
select sql
from sqlite_schema
where sql is not null and name not like 'sqlite\_%' escape '\'
order by case type when 'table' then 0 when 'index' then 1 else 2 end, rowid)";

void note(connection& on, const migration& applied, timestamp now) {
    on.prepare(note_applied)
        .bind(":version", std::int64_t{applied.version})
        .bind(":name", applied.name)
        .bind(":sha256", applied.sha256)
        .bind(":applied_at", now.time_since_epoch().count())
        .run();
}

/// A script with its note, all of it or nothing.
void run_step(connection& on, const migration& which, std::string_view script,
              const migration_observer& observer, const std::function<void()>& note_it) {
    const auto tell = [&](std::string_view statement) {
        if (observer) observer(which.version, statement);
    };
    transaction step(on);
    run_script(on, script, tell);
    tell("note it in schema_migrations");
    note_it();
    if (const auto orphans = orphaned_rows(on); !orphans.empty())
        throw store_failure(store_failure::kind::corrupt,
                            on.file().string() + ": migration " + numbered(which.version, which.name) +
                                " was rolled back: after it " + orphans.front());
    tell("commit");
    step.commit();
}

/// Notes what another tool applied. Answers the version that the schema really has.
int adopt(connection& on, std::span<const migration> known, int noted, timestamp now,
          migration_steps& steps) {
    const int version = recognised_version(on, known, noted);
    if (version == noted) return noted;
    transaction all(on);
    for (const auto& applied : known)
        if (applied.version > noted && applied.version <= version) {
            note(on, applied, now);
            steps.adopted.push_back(applied.version);
        }
    all.commit();
    return version;
}

} // namespace

std::string numbered(int version, std::string_view name) {
    auto digits = std::to_string(version);
    digits.insert(0, digits.size() < 4 ? 4 - digits.size() : 0, '0');
    return digits + "_" + std::string(name);
}

std::vector<applied_migration> applied_migrations(connection& on) {
    std::vector<applied_migration> applied;
    if (on.integer_of(find_history) == 0) {
        if (on.integer_of(count_objects) != 0)
            throw store_failure(store_failure::kind::corrupt,
                                on.file().string() + ": is a SQLite database, but not a Waybill store");
        return applied;
    }
    auto rows = on.prepare(list_applied);
    while (rows.step())
        applied.push_back({static_cast<int>(rows.integer(0)), rows.text(1), rows.text(2),
                           timestamp{std::chrono::milliseconds{rows.integer(3)}}});
    return applied;
}

int check_schema(connection& on, std::span<const migration> known) {
    int newest = 0;
    for (const auto& applied : applied_migrations(on)) {
        const auto same = std::find_if(known.begin(), known.end(),
                                       [&](const migration& m) { return m.version == applied.version; });
        if (same == known.end())
            throw store_failure(
                store_failure::kind::newer_schema,
                on.file().string() + ": its schema has migration " + numbered(applied.version, applied.name) +
                    ", this Waybill knows them up to " +
                    (known.empty() ? "none" : numbered(known.back().version, known.back().name)) +
                    "; use a newer Waybill");
        if (same->sha256 != applied.sha256 || same->name != applied.name)
            throw store_failure(
                store_failure::kind::corrupt,
                on.file().string() + ": its schema has migration " + numbered(applied.version, applied.name) +
                    " from another text than this Waybill's " + numbered(same->version, same->name));
        newest = applied.version;
    }
    return newest;
}

void expect_newest_schema(connection& on, std::span<const migration> known, const char* mend) {
    if (check_schema(on, known) != known.back().version)
        throw store_failure(store_failure::kind::corrupt,
                            on.file().string() + ": its schema is older than this Waybill's; " + mend);
}

int recognised_version(connection& on, std::span<const migration> known, int noted) {
    const auto found = objects_of(on);
    const schema_versions versions(known);
    if (const auto version = versions.version_of(found, noted)) return *version;
    const int nearest = noted > 0 ? noted : versions.nearest(found);
    const auto after = nearest == 0 ? std::string("none")
                                    : numbered(nearest, known[static_cast<std::size_t>(nearest) - 1].name);
    throw store_failure(store_failure::kind::corrupt,
                        on.file().string() + ": its schema is none that the migrations make: after " + after +
                            ", " + to_text(differences(versions.after(nearest), found).front()));
}

migration_steps step_up(connection& on, std::span<const migration> known, int to, timestamp now,
                        const migration_observer& observer) {
    migration_steps steps;
    steps.before = check_schema(on, known);
    int version = steps.before;
    if (version < to) version = adopt(on, known, version, now, steps);
    for (const auto& next : known) {
        if (next.version <= version || next.version > to) continue;
        run_step(on, next, next.up, observer, [&] { note(on, next, now); });
        steps.taken.push_back(next.version);
    }
    return steps;
}

migration_steps step_down(connection& on, std::span<const migration> known, int to,
                          const migration_observer& observer) {
    migration_steps steps;
    steps.before = check_schema(on, known);
    for (auto next = known.rbegin(); next != known.rend(); ++next) {
        if (next->version > steps.before || next->version <= to) continue;
        run_step(on, *next, next->down, observer, [&] {
            if (on.integer_of(find_history) == 0) return; // the first migration takes it along
            on.prepare(note_taken_back).bind(":version", std::int64_t{next->version}).run();
        });
        steps.taken.push_back(next->version);
    }
    return steps;
}

int migrate_up(connection& on, std::span<const migration> known, timestamp now) {
    return static_cast<int>(step_up(on, known, known.empty() ? 0 : known.back().version, now).taken.size());
}

std::string dump_schema(connection& on) {
    std::string text;
    auto rows = on.prepare(list_objects);
    while (rows.step()) {
        text += rows.view(0);
        text += ";\n\n";
    }
    if (!text.empty()) text.pop_back();
    return text;
}

} // namespace waybill::sql
