#include <waybill/store_inspection.hpp>

#include <array>
#include <charconv>
#include <span>

#include "sql/connection.hpp"
#include "sql/migration.hpp"
#include "sql/migrator.hpp"
#include "sql/owner_lock.hpp"

namespace waybill {

namespace {

constexpr const char* integrity_check = "pragma integrity_check";
constexpr const char* foreign_key_check = "pragma foreign_key_check";
constexpr const char* library_version = "select sqlite_version()";

std::span<const sql::migration> known_migrations(store_kind kind) {
    return kind == store_kind::jobs ? sql::jobs_migrations() : sql::profiles_migrations();
}

std::filesystem::path lock_of(const std::filesystem::path& store_or_datasets) {
    if (std::filesystem::is_directory(store_or_datasets)) return store_or_datasets / ".waybill.lock";
    auto lock = store_or_datasets;
    return lock += ".lock";
}

std::optional<failure> missing(const std::filesystem::path& file) {
    if (std::filesystem::is_regular_file(file)) return std::nullopt;
    return failure{errc::not_found, "there is no store " + file.string(), {}};
}

} // namespace

result<schema_state> inspect_schema(store_kind kind, const std::filesystem::path& file) {
    if (auto none = missing(file)) return *std::move(none);
    sql::connection store(file, sql::access::read);
    const auto known = known_migrations(kind);
    schema_state state{sql::check_schema(store, known), known.empty() ? 0 : known.back().version, {}};
    for (const auto& step : known)
        state.migrations.push_back(
            {step.version, std::string(step.name), std::string(step.sha256), std::nullopt});
    for (const auto& applied : sql::applied_migrations(store))
        for (auto& step : state.migrations)
            if (step.version == applied.version) step.applied_at = applied.applied_at;
    return state;
}

result<int> migrate_store(store_kind kind, const std::filesystem::path& file) {
    auto lock =
        sql::owner_lock::take(lock_of(file), kind == store_kind::jobs ? "job store" : "profile store");
    if (!lock) return lock.error();
    sql::connection store(file, sql::access::write);
    return sql::migrate_up(store, known_migrations(kind), wall_clock());
}

result<std::string> dump_schema(store_kind kind, const std::filesystem::path& file) {
    if (auto none = missing(file)) return *std::move(none);
    sql::connection store(file, sql::access::read);
    sql::check_schema(store, known_migrations(kind));
    return sql::dump_schema(store);
}

result<std::vector<std::string>> check_integrity(const std::filesystem::path& file) {
    if (auto none = missing(file)) return *std::move(none);
    std::vector<std::string> problems;
    try {
        sql::connection store(file, sql::access::read);
        auto findings = store.prepare(integrity_check);
        while (findings.step())
            if (auto text = findings.text(0); text != "ok") problems.push_back(std::move(text));
        auto orphans = store.prepare(foreign_key_check);
        while (orphans.step())
            problems.push_back("a row of " + orphans.text(0) + " names a row of " + orphans.text(2) +
                               " that is not there");
    } catch (const store_failure& damage) {
        if (damage.why() != store_failure::kind::corrupt) throw;
        problems.emplace_back(damage.what());
    }
    return problems;
}

std::optional<store_owner> find_owner(const std::filesystem::path& store_or_datasets) {
    const auto record = sql::inspect_owner(lock_of(store_or_datasets));
    if (!record) return std::nullopt;
    return store_owner{record->pid, record->held};
}

sqlite_library linked_sqlite() {
    constexpr std::array<int, 3> safe{3, 51, 3};
    sql::connection memory(":memory:", sql::access::write);
    sqlite_library library{memory.text_of(library_version), false};
    std::array<int, 3> numbers{};
    const auto* at = library.version.data();
    const auto* const end = at + library.version.size();
    for (auto& number : numbers) {
        at = std::from_chars(at, end, number).ptr;
        if (at != end) ++at;
    }
    library.needs_single_writer = numbers < safe;
    return library;
}

} // namespace waybill
