#include <waybill/store_inspection.hpp>

#include <array>
#include <charconv>

#include "sql/connection.hpp"
#include "sql/integrity.hpp"
#include "sql/migrator.hpp"
#include "sql/owner_lock.hpp"
#include "store/store_files.hpp"

namespace waybill {

namespace {

constexpr const char* library_version = "select sqlite_version()";

} // namespace

result<schema_state> inspect_schema(store_kind kind, const std::filesystem::path& file) {
    if (auto none = store::missing(file)) return *std::move(none);
    sql::connection on(file, sql::access::read);
    const auto known = store::known_migrations(kind);
    schema_state state{sql::check_schema(on, known), known.empty() ? 0 : known.back().version, {}};
    for (const auto& step : known)
        state.migrations.push_back(
            {step.version, std::string(step.name), std::string(step.sha256), std::nullopt});
    for (const auto& applied : sql::applied_migrations(on))
        for (auto& step : state.migrations)
            if (step.version == applied.version) step.applied_at = applied.applied_at;
    return state;
}

result<std::string> dump_schema(store_kind kind, const std::filesystem::path& file) {
    if (auto none = store::missing(file)) return *std::move(none);
    sql::connection on(file, sql::access::read);
    sql::check_schema(on, store::known_migrations(kind));
    return sql::dump_schema(on);
}

result<std::vector<std::string>> check_integrity(const std::filesystem::path& file) {
    if (auto none = store::missing(file)) return *std::move(none);
    std::vector<std::string> problems;
    try {
        sql::connection on(file, sql::access::read);
        problems = sql::integrity_problems(on);
    } catch (const store_failure& damage) {
        if (damage.why() != store_failure::kind::corrupt) throw;
        problems.emplace_back(damage.what());
    }
    return problems;
}

std::optional<store_owner> find_owner(const std::filesystem::path& store_or_datasets) {
    const auto record = sql::inspect_owner(store::lock_of(store_or_datasets));
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
