#include "doctor_findings.hpp"

#include <waybill/store_checkup.hpp>
#include <waybill/store_migration.hpp>

#include "command_failure.hpp"
#include "quantity.hpp"

namespace waybill::tool {

namespace {

using json = nlohmann::ordered_json;

constexpr std::int64_t long_wal = std::int64_t{64} << 20;

void add_all(std::vector<std::string>& to, std::vector<std::string> more) {
    for (auto& one : more)
        to.push_back(std::move(one));
}

/// Nothing when the schema cannot be told, which is a problem.
std::optional<schema_state> check_schema(store_kind kind, const std::filesystem::path& file,
                                         doctor_findings& found, std::vector<std::string>& problems) {
    try {
        auto schema = expect(inspect_schema(kind, file));
        if (schema.version < schema.newest)
            found.warnings.push_back(file.string() + ": the schema has version " +
                                     std::to_string(schema.version) + " of " + std::to_string(schema.newest) +
                                     "; run 'waybill migrate up'");
        return schema;
    } catch (const store_failure& wrong) {
        problems.emplace_back(wrong.what());
        return std::nullopt;
    }
}

/// Whether the schema is what the migrations make; adds what is not.
bool check_drift(store_kind kind, const std::filesystem::path& file, doctor_findings& found,
                 std::vector<std::string>& problems) {
    const auto check = expect(verify_schema(kind, file));
    for (const auto& note : check.notes)
        problems.push_back(file.string() + ": " + note);
    for (const auto& object : check.drift)
        problems.push_back(file.string() + ": the " + object.type + " " + object.name + " is " + object.what +
                           ", compared with what the migrations make");
    if (check.unnoted > 0)
        found.warnings.push_back(
            file.string() + ": another tool has applied migrations; 'waybill migrate up' " + "notes them");
    return check.notes.empty() && check.drift.empty();
}

json check_settings(const std::filesystem::path& file, doctor_findings& found) {
    const auto settings = expect(inspect_settings(file));
    if (settings.journal_mode != "wal")
        found.warnings.push_back(
            file.string() + ": the journal mode is " + settings.journal_mode +
            ", so that readers and the owner wait for each other; the next process that opens it for "
            "writing sets it to wal");
    if (settings.wal_bytes > long_wal)
        found.warnings.push_back(
            file.string() + "-wal has " + size_text(settings.wal_bytes) +
            ": some reader has kept a transaction open, and until it ends the log only grows and reading "
            "gets slower. Look who has the file open ('fuser' names the processes: an sqlite3 shell, a copy "
            "under way) and end it; the owner cuts the log by itself when nothing needs it any more");
    found.settings.add({file.string(), settings.journal_mode, std::to_string(settings.page_size),
                        settings.auto_vacuum, size_text(settings.wal_bytes)});
    return {{"journalMode", settings.journal_mode},
            {"pageSize", settings.page_size},
            {"autoVacuum", settings.auto_vacuum},
            {"walBytes", settings.wal_bytes}};
}

} // namespace

std::string owner_text(const std::optional<store_owner>& owner) {
    if (!owner || !owner->running) return "none";
    return "process " + std::to_string(owner->pid);
}

json owner_json(const std::optional<store_owner>& owner) {
    if (!owner) return nullptr;
    return {{"pid", owner->pid}, {"running", owner->running}};
}

void check_store(store_kind kind, const std::filesystem::path& file, doctor_findings& found) {
    const auto owner = find_owner(file);
    auto problems = expect(check_integrity(file));
    const auto sound = problems.empty();
    const auto schema = check_schema(kind, file, found, problems);
    json settings;
    if (sound && schema) {
        settings = check_settings(file, found);
        const auto as_made = check_drift(kind, file, found, problems);
        if (kind == store_kind::jobs && as_made && schema->version == schema->newest)
            add_all(problems, expect(check_counts(file)));
    }
    const auto version =
        schema ? std::to_string(schema->version) + " of " + std::to_string(schema->newest) : "unknown";
    found.shown.add({std::string(to_text(kind)), file.string(), version, problems.empty() ? "ok" : "damaged",
                     owner_text(owner)});
    found.stores.push_back(
        {{"kind", to_text(kind)},
         {"file", file.string()},
         {"schema", schema ? json{{"version", schema->version}, {"newest", schema->newest}} : json()},
         {"settings", settings},
         {"problems", problems},
         {"owner", owner_json(owner)}});
    add_all(found.problems, std::move(problems));
}

} // namespace waybill::tool
