#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include <boost/version.hpp>
#include <nlohmann/json.hpp>
#include <openssl/crypto.h>

#include "arguments.hpp"
#include "command_failure.hpp"
#include "commands.hpp"
#include "doctor_findings.hpp"

namespace waybill::tool {

namespace {

using json = nlohmann::ordered_json;

struct doctor_arguments {
    std::filesystem::path store;
    std::filesystem::path profiles;
    std::filesystem::path segments;
    std::filesystem::path datasets;
    bool json = false;
};

void check_versions(doctor_findings& found) {
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
            " is older than 3.51.3 and has the WAL-reset bug (sqlite.org/wal.html#walresetbug): a WAL "
            "database can be damaged when one connection commits while another checkpoints. Waybill avoids "
            "that, since only the owner's one connection writes and checkpoints; let no other program write "
            "to its files");
}

void print_json(const doctor_findings& found) {
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

void print_tables(const doctor_findings& found) {
    table versions({{"library"}, {"version"}});
    for (const auto& [name, version] : found.versions)
        versions.add({name, version});
    versions.print();
    if (!found.shown.empty()) {
        std::puts("");
        found.shown.print();
    }
    if (!found.settings.empty()) {
        std::puts("");
        found.settings.print();
    }
    std::puts("");
    for (const auto& warning : found.warnings)
        std::printf("warning: %s\n", printable(warning).c_str());
    for (const auto& problem : found.problems)
        std::printf("problem: %s\n", printable(problem).c_str());
    std::puts(found.problems.empty() ? "healthy" : "not healthy");
}

int examine(const doctor_arguments& asked) {
    doctor_findings found;
    check_versions(found);
    if (!asked.store.empty()) check_store(store_kind::jobs, asked.store, found);
    if (!asked.profiles.empty()) check_store(store_kind::profiles, asked.profiles, found);
    if (!asked.segments.empty()) check_store(store_kind::segments, asked.segments, found);
    if (!asked.datasets.empty()) check_datasets(asked.datasets, asked.store, found);
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
        "Examines libraries, stores and datasets: versions, schema, integrity, settings, counts, owner. "
        "With\n"
        "--store and --datasets together also what stands in the datasets that no job and no current.json\n"
        "names. Reads whole files, changes nothing, and may run beside a host. A job that is SUCCEEDED "
        "although\n"
        "its batch is gone is in order: a later job took its place. Exit code 1 when something is wrong.\n\n"
        "Example: waybill doctor --store jobs.db --profiles profiles.db --datasets datasets");
    sub.add_option("--store", asked->store, "job store");
    sub.add_option("--profiles", asked->profiles, "profile store");
    sub.add_option("--segments", asked->segments, "segment store");
    sub.add_option("--datasets", asked->datasets, "datasets' root");
    add_json_flag(sub, asked->json);
    sub.callback([asked, &chosen] { chosen = [asked] { return examine(*asked); }; });
}

} // namespace waybill::tool
