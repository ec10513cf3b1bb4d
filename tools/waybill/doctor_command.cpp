#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/version.hpp>
#include <nlohmann/json.hpp>
#include <openssl/crypto.h>

#include <waybill/store_inspection.hpp>

#include "arguments.hpp"
#include "command_failure.hpp"
#include "commands.hpp"
#include "table.hpp"

namespace waybill::tool {

namespace {

using json = nlohmann::ordered_json;

struct doctor_arguments {
    std::filesystem::path store;
    std::filesystem::path profiles;
    std::filesystem::path datasets;
    bool json = false;
};

/// What a check-up finds. A warning says what to know, a problem what is wrong.
struct findings {
    std::vector<std::pair<std::string, std::string>> versions;
    std::vector<std::string> warnings;
    std::vector<std::string> problems;
    json stores = json::array();
    table shown{{{"what"}, {"file"}, {"schema"}, {"integrity"}, {"owner"}}};
};

void check_versions(findings& found) {
    const auto sqlite = linked_sqlite();
    found.versions = {{"waybill", WAYBILL_VERSION},
                      {"SQLite", sqlite.version},
                      {"Boost", std::to_string(BOOST_VERSION / 100'000) + "." +
                                    std::to_string(BOOST_VERSION / 100 % 1'000) + "." +
                                    std::to_string(BOOST_VERSION % 100)},
                      {"OpenSSL", OpenSSL_version(OPENSSL_VERSION_STRING)}};
    if (sqlite.needs_single_writer)
        found.warnings.push_back(
            "SQLite " + sqlite.version +
            " is older than 3.51.3: a WAL database can be damaged when one connection commits "
            "while another checkpoints. Waybill avoids that, since only the owner's one "
            "connection writes and checkpoints; let no other program write to its files");
}

std::string owner_text(const std::optional<store_owner>& owner) {
    if (!owner || !owner->running) return "none";
    return "process " + std::to_string(owner->pid);
}

json owner_json(const std::optional<store_owner>& owner) {
    if (!owner) return nullptr;
    return {{"pid", owner->pid}, {"running", owner->running}};
}

void check_store(store_kind kind, const std::filesystem::path& file, findings& found) {
    const auto owner = find_owner(file);
    auto problems = expect(check_integrity(file));
    std::optional<schema_state> schema;
    try {
        schema = expect(inspect_schema(kind, file));
        if (schema->version < schema->newest)
            found.warnings.push_back(file.string() + ": the schema has version " +
                                     std::to_string(schema->version) + " of " +
                                     std::to_string(schema->newest) + "; run 'waybill migrate up'");
    } catch (const store_failure& wrong) {
        problems.emplace_back(wrong.what());
    }
    const auto version =
        schema ? std::to_string(schema->version) + " of " + std::to_string(schema->newest) : "unknown";
    found.shown.add({std::string(to_text(kind)), file.string(), version, problems.empty() ? "ok" : "damaged",
                     owner_text(owner)});
    found.stores.push_back(
        {{"kind", to_text(kind)},
         {"file", file.string()},
         {"schema", schema ? json{{"version", schema->version}, {"newest", schema->newest}} : json()},
         {"problems", problems},
         {"owner", owner_json(owner)}});
    for (auto& problem : problems)
        found.problems.push_back(std::move(problem));
}

void check_datasets(const std::filesystem::path& root, findings& found) {
    if (!std::filesystem::is_directory(root))
        throw command_failure(exit_not_found, "there is no datasets' root " + root.string());
    const auto owner = find_owner(root);
    found.shown.add({"datasets", root.string(), "", "", owner_text(owner)});
    found.stores.push_back({{"kind", "datasets"}, {"file", root.string()}, {"owner", owner_json(owner)}});
}

void print_json(const findings& found) {
    auto versions = json::object();
    for (const auto& [name, version] : found.versions)
        versions[name] = version;
    std::puts(json{{"healthy", found.problems.empty()},
                   {"versions", versions},
                   {"stores", found.stores},
                   {"warnings", found.warnings},
                   {"problems", found.problems}}
                  .dump(-1, ' ', false, json::error_handler_t::replace)
                  .c_str());
}

void print_tables(const findings& found) {
    table versions({{"library"}, {"version"}});
    for (const auto& [name, version] : found.versions)
        versions.add({name, version});
    versions.print();
    if (!found.shown.empty()) {
        std::puts("");
        found.shown.print();
    }
    std::puts("");
    for (const auto& warning : found.warnings)
        std::printf("warning: %s\n", printable(warning).c_str());
    for (const auto& problem : found.problems)
        std::printf("problem: %s\n", printable(problem).c_str());
    std::puts(found.problems.empty() ? "healthy" : "not healthy");
}

int examine(const doctor_arguments& asked) {
    findings found;
    check_versions(found);
    if (!asked.store.empty()) check_store(store_kind::jobs, asked.store, found);
    if (!asked.profiles.empty()) check_store(store_kind::profiles, asked.profiles, found);
    if (!asked.datasets.empty()) check_datasets(asked.datasets, found);
    if (asked.json)
        print_json(found);
    else
        print_tables(found);
    return found.problems.empty() ? exit_done : exit_failed;
}

} // namespace

void add_doctor_command(CLI::App& app, command& chosen) {
    const auto asked = std::make_shared<doctor_arguments>();
    auto& sub = *app.add_subcommand(
        "doctor",
        "Examines libraries and stores: versions, schema, integrity, owner. Reads whole files, and disturbs\n"
        "nobody. Exit code 1 when something is wrong.\n\n"
        "Example: waybill doctor --store jobs.db --profiles profiles.db --datasets datasets");
    sub.add_option("--store", asked->store, "job store");
    sub.add_option("--profiles", asked->profiles, "profile store");
    sub.add_option("--datasets", asked->datasets, "datasets' root");
    add_json_flag(sub, asked->json);
    sub.callback([asked, &chosen] { chosen = [asked] { return examine(*asked); }; });
}

} // namespace waybill::tool
