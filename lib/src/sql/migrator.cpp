#include "sql/migrator.hpp"

#include <algorithm>

#include <waybill/result.hpp>

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

constexpr const char* list_objects = R"(
select sql
from sqlite_schema
where sql is not null and name not like 'sqlite\_%' escape '\'
order by case type when 'table' then 0 when 'index' then 1 else 2 end, rowid)";

std::string numbered(int version, std::string_view name) {
    auto digits = std::to_string(version);
    digits.insert(0, digits.size() < 4 ? 4 - digits.size() : 0, '0');
    return digits + "_" + std::string(name);
}

} // namespace

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

int migrate_up(connection& on, std::span<const migration> known, timestamp now) {
    int version = check_schema(on, known);
    int count = 0;
    for (const auto& next : known) {
        if (next.version <= version) continue;
        transaction step(on);
        on.execute(std::string(next.up));
        on.prepare(note_applied)
            .bind(":version", std::int64_t{next.version})
            .bind(":name", next.name)
            .bind(":sha256", next.sha256)
            .bind(":applied_at", now.time_since_epoch().count())
            .run();
        step.commit();
        version = next.version;
        ++count;
    }
    return count;
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
