#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <waybill/store_inspection.hpp>

#include "arguments.hpp"
#include "command_failure.hpp"
#include "commands.hpp"
#include "table.hpp"

namespace waybill::tool {

namespace {

using json = nlohmann::ordered_json;

struct migrate_arguments {
    std::filesystem::path store;
    std::filesystem::path profiles;
    bool json = false;

    std::vector<std::pair<store_kind, std::filesystem::path>> files() const {
        std::vector<std::pair<store_kind, std::filesystem::path>> named;
        if (!store.empty()) named.emplace_back(store_kind::jobs, store);
        if (!profiles.empty()) named.emplace_back(store_kind::profiles, profiles);
        return named;
    }
};

json migrations_of(const schema_state& schema) {
    auto all = json::array();
    for (const auto& step : schema.migrations)
        all.push_back({{"version", step.version},
                       {"name", step.name},
                       {"sha256", step.sha256},
                       {"appliedAt", step.applied_at ? json(to_rfc3339(*step.applied_at)) : json()}});
    return all;
}

int status(const migrate_arguments& asked) {
    auto stores = json::array();
    table shown({{"store"}, {"version", table::align::right}, {"name"}, {"applied"}});
    for (const auto& [kind, file] : asked.files()) {
        const auto schema = expect(inspect_schema(kind, file));
        stores.push_back({{"kind", to_text(kind)},
                          {"file", file.string()},
                          {"version", schema.version},
                          {"newest", schema.newest},
                          {"migrations", migrations_of(schema)}});
        for (const auto& step : schema.migrations)
            shown.add({file.string(), std::to_string(step.version), step.name,
                       step.applied_at ? to_rfc3339(*step.applied_at) : "not yet"});
    }
    if (asked.json)
        std::puts(json{{"stores", stores}}.dump().c_str());
    else
        shown.print();
    return exit_done;
}

int up(const migrate_arguments& asked) {
    auto stores = json::array();
    table shown({{"store"}, {"applied", table::align::right}, {"version", table::align::right}});
    for (const auto& [kind, file] : asked.files()) {
        const auto applied = expect(migrate_store(kind, file));
        const auto version = expect(inspect_schema(kind, file)).version;
        stores.push_back(
            {{"kind", to_text(kind)}, {"file", file.string()}, {"applied", applied}, {"version", version}});
        shown.add({file.string(), std::to_string(applied), std::to_string(version)});
    }
    if (asked.json)
        std::puts(json{{"stores", stores}}.dump().c_str());
    else
        shown.print();
    return exit_done;
}

int dump(const migrate_arguments& asked) {
    auto stores = json::array();
    for (const auto& [kind, file] : asked.files()) {
        const auto schema = expect(dump_schema(kind, file));
        stores.push_back({{"kind", to_text(kind)}, {"file", file.string()}, {"schema", schema}});
        if (!asked.json) std::fputs(schema.c_str(), stdout);
    }
    if (asked.json) std::puts(json{{"stores", stores}}.dump().c_str());
    return exit_done;
}

void add_verb(CLI::App& group, const char* name, const char* about, int (*verb)(const migrate_arguments&),
              command& chosen) {
    const auto asked = std::make_shared<migrate_arguments>();
    auto& sub = *group.add_subcommand(name, about);
    auto& where = *sub.add_option_group("where", "One of these, or both:");
    where.add_option("--store", asked->store, "job store");
    where.add_option("--profiles", asked->profiles, "profile store");
    where.require_option(1, 2);
    add_json_flag(sub, asked->json);
    sub.callback([asked, verb, &chosen] { chosen = [asked, verb] { return verb(*asked); }; });
}

} // namespace

void add_migrate_commands(CLI::App& app, command& chosen) {
    auto& migrate = *app.add_subcommand("migrate", "The schema of a store");
    migrate.require_subcommand(1);
    add_verb(migrate, "status",
             "Lists the migrations and which of them a store has.\n\n"
             "Example: waybill migrate status --store jobs.db --profiles profiles.db",
             status, chosen);
    add_verb(migrate, "up",
             "Brings a store to the newest schema; creates it when it is not there. Needs a store that no "
             "process\n"
             "owns.\n\n"
             "Example: waybill migrate up --store jobs.db",
             up, chosen);
    add_verb(migrate, "dump",
             "Prints the schema of a store as SQL, in a fixed order.\n\n"
             "Example: waybill migrate dump --store jobs.db > jobs.sql",
             dump, chosen);
}

} // namespace waybill::tool
