#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <waybill/store_inspection.hpp>
#include <waybill/store_migration.hpp>

#include "arguments.hpp"
#include "command_failure.hpp"
#include "commands.hpp"
#include "table.hpp"
#include "terminal.hpp"

namespace waybill::tool {

namespace {

using json = nlohmann::ordered_json;

struct migrate_arguments {
    std::filesystem::path store;
    std::filesystem::path profiles;
    std::filesystem::path segments;
    std::optional<int> to;
    bool dry_run = false;
    bool no_backup = false;
    bool exit_code = false;
    bool json = false;

    std::vector<std::pair<store_kind, std::filesystem::path>> files() const {
        std::vector<std::pair<store_kind, std::filesystem::path>> named;
        if (!store.empty()) named.emplace_back(store_kind::jobs, store);
        if (!profiles.empty()) named.emplace_back(store_kind::profiles, profiles);
        if (!segments.empty()) named.emplace_back(store_kind::segments, segments);
        return named;
    }
};

void print_json(json stores) { std::puts(json{{"stores", std::move(stores)}}.dump().c_str()); }

json started(store_kind kind, const std::filesystem::path& file) {
    return {{"kind", to_text(kind)}, {"file", file.string()}};
}

json drift_of(const schema_check& check) {
    auto all = json::array();
    for (const auto& one : check.drift)
        all.push_back({{"type", one.type}, {"name", one.name}, {"what", one.what}});
    return all;
}

/// One sentence each.
std::vector<std::string> findings_of(const schema_check& check) {
    auto all = check.notes;
    if (check.unnoted > 0)
        all.push_back(
            std::to_string(check.unnoted) +
            " migrations were applied by another tool and are not noted; 'waybill migrate up' notes them");
    for (const auto& one : check.drift)
        all.push_back(one.type + " " + one.name + " is " + one.what);
    return all;
}

std::string state_of(const schema_migration& step, const schema_check& check) {
    if (step.applied_at) return to_rfc3339(*step.applied_at);
    return step.version <= check.version + check.unnoted ? "not noted" : "not yet";
}

int status(const migrate_arguments& asked) {
    auto stores = json::array();
    table shown({{"store"}, {"version", table::align::right}, {"name"}, {"applied"}});
    std::vector<std::string> findings;
    bool current = true;
    for (const auto& [kind, file] : asked.files()) {
        const auto schema = expect(inspect_schema(kind, file));
        const auto check = expect(verify_schema(kind, file));
        current = current && check.sound() && schema.version == schema.newest;
        auto migrations = json::array();
        for (const auto& step : schema.migrations) {
            migrations.push_back(
                {{"version", step.version},
                 {"name", step.name},
                 {"sha256", step.sha256},
                 {"appliedAt", step.applied_at ? json(to_rfc3339(*step.applied_at)) : json()}});
            shown.add({file.string(), std::to_string(step.version), step.name, state_of(step, check)});
        }
        for (const auto& finding : findings_of(check))
            findings.push_back(file.string() + ": " + finding);
        auto one = started(kind, file);
        one.update({{"version", schema.version},
                    {"newest", schema.newest},
                    {"migrations", migrations},
                    {"unnoted", check.unnoted},
                    {"drift", drift_of(check)}});
        stores.push_back(std::move(one));
    }
    if (asked.json)
        print_json(std::move(stores));
    else {
        shown.print();
        for (const auto& finding : findings)
            std::printf("problem: %s\n", printable(finding).c_str());
    }
    return asked.exit_code && !current ? exit_failed : exit_done;
}

/// Wrong versions are wrong usage here.
migration_outcome expect_migrated(result<migration_outcome> outcome) {
    if (!outcome && outcome.error().code == errc::invalid)
        throw command_failure(exit_wrong_usage, outcome.error().message);
    return expect(std::move(outcome));
}

json names_of(const std::vector<schema_migration>& migrations) {
    auto all = json::array();
    for (const auto& one : migrations)
        all.push_back({{"version", one.version}, {"name", one.name}});
    return all;
}

enum class direction { up, down };

int move(direction way, const migrate_arguments& asked) {
    if (asked.to && asked.files().size() > 1)
        throw command_failure(exit_wrong_usage,
                              "--to: expected one store, for versions are each store's own");
    auto stores = json::array();
    table shown({{"store"}, {"version", table::align::right}, {"name"}, {"what"}});
    for (const auto& [kind, file] : asked.files()) {
        progress_line progress;
        migration_options options;
        options.dry_run = asked.dry_run;
        options.backup = !asked.no_backup;
        options.on_statement = [&](int version, std::string_view statement) {
            progress.show(printable(std::to_string(version) + ": " +
                                    std::string(statement.substr(0, statement.find('\n')).substr(0, 70))));
        };
        const auto outcome =
            expect_migrated(way == direction::up ? migrate_up(kind, file, asked.to, options)
                                                 : migrate_down(kind, file, *asked.to, options));
        progress.clear();
        const std::string done = way == direction::up ? "applied" : "taken back";
        for (const auto& one : outcome.adopted)
            shown.add({file.string(), std::to_string(one.version), one.name,
                       asked.dry_run ? "would be noted" : "noted, it was applied already"});
        for (const auto& one : outcome.taken)
            shown.add({file.string(), std::to_string(one.version), one.name,
                       asked.dry_run ? "would be " + done : done});
        if (outcome.adopted.empty() && outcome.taken.empty())
            shown.add({file.string(), std::to_string(outcome.after), "", "nothing to do"});
        if (outcome.backup) shown.add({file.string(), "", "", "backup " + outcome.backup->string()});
        auto one = started(kind, file);
        one.update({{way == direction::up ? "applied" : "takenBack", outcome.taken.size()},
                    {"version", outcome.after},
                    {"adopted", outcome.adopted.size()},
                    {"migrations", names_of(outcome.taken)},
                    {"backup", outcome.backup ? json(outcome.backup->string()) : json()},
                    {"dryRun", asked.dry_run}});
        stores.push_back(std::move(one));
    }
    if (asked.json)
        print_json(std::move(stores));
    else
        shown.print();
    return exit_done;
}

int up(const migrate_arguments& asked) { return move(direction::up, asked); }
int down(const migrate_arguments& asked) { return move(direction::down, asked); }

int verify(const migrate_arguments& asked) {
    auto stores = json::array();
    table shown({{"store"}, {"version", table::align::right}, {"schema"}});
    bool sound = true;
    for (const auto& [kind, file] : asked.files()) {
        const auto check = expect(verify_schema(kind, file));
        sound = sound && check.sound();
        const auto version = std::to_string(check.version) + " of " + std::to_string(check.newest);
        if (check.sound()) shown.add({file.string(), version, "as its migrations make it"});
        for (const auto& finding : findings_of(check))
            shown.add({file.string(), version, finding});
        auto one = started(kind, file);
        one.update({{"version", check.version},
                    {"newest", check.newest},
                    {"sound", check.sound()},
                    {"unnoted", check.unnoted},
                    {"notes", check.notes},
                    {"drift", drift_of(check)}});
        stores.push_back(std::move(one));
    }
    if (asked.json)
        print_json(std::move(stores));
    else
        shown.print();
    return sound ? exit_done : exit_failed;
}

int dump(const migrate_arguments& asked) {
    auto stores = json::array();
    for (const auto& [kind, file] : asked.files()) {
        const auto schema = expect(dump_schema(kind, file));
        auto one = started(kind, file);
        one["schema"] = schema;
        stores.push_back(std::move(one));
        if (!asked.json) std::fputs(schema.c_str(), stdout);
    }
    if (asked.json) print_json(std::move(stores));
    return exit_done;
}

CLI::App& add_verb(CLI::App& group, const char* name, const char* about,
                   int (*verb)(const migrate_arguments&), const std::shared_ptr<migrate_arguments>& asked,
                   command& chosen) {
    auto& sub = *group.add_subcommand(name, about);
    auto& where = *sub.add_option_group("where", "At least one of these:");
    where.add_option("--store", asked->store, "job store");
    where.add_option("--profiles", asked->profiles, "profile store");
    where.add_option("--segments", asked->segments, "segment store");
    where.require_option(1, 3);
    add_json_flag(sub, asked->json);
    sub.callback([asked, verb, &chosen] { chosen = [asked, verb] { return verb(*asked); }; });
    return sub;
}

void add_change_options(CLI::App& to, migrate_arguments& asked) {
    to.add_flag("--dry-run", asked.dry_run,
                "run it in a transaction that is rolled back, and tell what would be done");
    to.add_flag("--no-backup", asked.no_backup, "make no backup beside the store before");
}

} // namespace

void add_migrate_commands(CLI::App& app, command& chosen) {
    auto& migrate = *app.add_subcommand("migrate", "The schema of a store");
    migrate.require_subcommand(1);
    const auto asked = std::make_shared<migrate_arguments>(); // one command is run, so they share it
    add_verb(migrate, "status",
             "Lists the migrations and which of them a store has.\n\n"
             "Example: waybill migrate status --store jobs.db --profiles profiles.db",
             status, asked, chosen)
        .add_flag("--exit-code", asked->exit_code,
                  "end with 1 when a migration is not applied, or the schema is not what they make");
    auto& ups = add_verb(
        migrate, "up",
        "Brings a store to the newest schema, or to a version; creates it when it is not there. Needs a\n"
        "store that no process owns. Before it changes one, it makes a verified backup beside it.\n\n"
        "Example: waybill migrate up --store jobs.db --dry-run",
        up, asked, chosen);
    ups.add_option("--to", asked->to, "the version; the newest, unless given");
    add_change_options(ups, *asked);
    auto& downs = add_verb(migrate, "down",
                           "Takes back the migrations beyond a version, newest first, and what only they can "
                           "hold. Needs a\n"
                           "store that no process owns; makes a verified backup beside it before.\n\n"
                           "Example: waybill migrate down --store jobs.db --to 1",
                           down, asked, chosen);
    downs.add_option("--to", asked->to, "the version to go back to; 0 for an empty file")->required();
    add_change_options(downs, *asked);
    add_verb(migrate, "verify",
             "Compares what a store notes of its migrations with this program's, by checksum, and its schema "
             "with\n"
             "what they make, object by object. Exit code 1 when something differs.\n\n"
             "Example: waybill migrate verify --store jobs.db",
             verify, asked, chosen);
    add_verb(migrate, "dump",
             "Prints the schema of a store as SQL, in a fixed order.\n\n"
             "Example: waybill migrate dump --store jobs.db > jobs.sql",
             dump, asked, chosen);
}

} // namespace waybill::tool
