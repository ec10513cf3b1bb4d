#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <waybill/dataset_numbers.hpp>
#include <waybill/store_backup.hpp>

#include "arguments.hpp"
#include "command_failure.hpp"
#include "commands.hpp"
#include "table.hpp"
#include "terminal.hpp"

namespace waybill::tool {

namespace {

using json = nlohmann::ordered_json;

struct backup_arguments {
    std::filesystem::path store;
    std::filesystem::path profiles;
    std::filesystem::path segments;
    std::filesystem::path to;
    bool json = false;

    std::pair<store_kind, std::filesystem::path> which() const {
        if (!store.empty()) return {store_kind::jobs, store};
        if (!profiles.empty()) return {store_kind::profiles, profiles};
        return {store_kind::segments, segments};
    }
};

int back_up(const backup_arguments& asked) {
    const auto [kind, file] = asked.which();
    progress_line progress;
    const auto made =
        expect(backup_store(kind, file, asked.to, [&](std::string_view step) { progress.show(step); }));
    progress.clear();
    auto tables = json::object();
    std::int64_t rows = 0;
    for (const auto& [name, count] : made.tables) {
        tables[name] = count;
        rows += count;
    }
    if (asked.json)
        std::puts(json{{"backup", asked.to.string()},
                       {"bytes", made.bytes},
                       {"sha256", made.sha256},
                       {"schemaVersion", made.schema_version},
                       {"tables", tables}}
                      .dump()
                      .c_str());
    else
        print_properties({{"backup", asked.to.string()},
                          {"bytes", grouped(made.bytes)},
                          {"rows", grouped(rows)},
                          {"schema", std::to_string(made.schema_version)},
                          {"sha256", made.sha256}});
    return exit_done;
}

struct restore_arguments {
    std::filesystem::path store;
    std::filesystem::path from;
    std::filesystem::path datasets;
    bool no_checksum = false;
    bool json = false;
};

std::vector<std::string> warnings_of(const restore_arguments& asked, const store_restore& done) {
    std::vector<std::string> warnings;
    if (asked.datasets.empty())
        warnings.emplace_back(
            "the datasets were not looked at, so the new numbers do not mind what was published: "
            "give --datasets unless there are none");
    if (!done.checksum) warnings.push_back(asked.from.string() + " had no checksum to hold");
    if (!done.replaced_read)
        warnings.emplace_back(
            "the numbers that the replaced store used could not all be read: the new ones begin "
            "beyond those of the lock file, the backup and the datasets");
    return warnings;
}

int restore(const restore_arguments& asked) {
    progress_line progress;
    restore_options options;
    options.need_checksum = !asked.no_checksum;
    options.on_step = [&](std::string_view step) { progress.show(step); };
    std::optional<dataset_numbers> datasets; // keeps their lock meanwhile
    if (!asked.datasets.empty()) {
        progress.show("look at the datasets");
        datasets.emplace(expect(dataset_numbers::survey(asked.datasets)));
        options.seen = datasets->highest();
    }
    const auto done = expect(restore_store(asked.store, asked.from, options));
    progress.clear();
    const auto warnings = warnings_of(asked, done);
    if (asked.json) {
        std::puts(json{{"store", asked.store.string()},
                       {"from", asked.from.string()},
                       {"schemaVersion", done.schema_version},
                       {"kept", done.kept ? json(done.kept->string()) : json()},
                       {"beyond",
                        {{"epoch", done.used.epoch},
                         {"jobId", done.used.job_id},
                         {"commitSequence", done.used.commit_sequence}}},
                       {"warnings", warnings}}
                      .dump()
                      .c_str());
        return exit_done;
    }
    print_properties({{"restored", asked.store.string()},
                      {"from", asked.from.string()},
                      {"schema", std::to_string(done.schema_version)},
                      {"kept", done.kept ? done.kept->string() : std::string()},
                      {"job ids beyond", std::to_string(done.used.job_id)},
                      {"epochs beyond", std::to_string(done.used.epoch)}});
    for (const auto& warning : warnings)
        std::printf("warning: %s\n", printable(warning).c_str());
    return exit_done;
}

} // namespace

void add_backup_commands(CLI::App& app, command& chosen) {
    const auto saved = std::make_shared<backup_arguments>();
    auto& backup = *app.add_subcommand(
        "backup",
        "Copies a store into one file, also while a host owns it, verifies the copy, and writes its\n"
        "checksum beside it, as sha256sum -c reads it. Overwrites nothing.\n\n"
        "Example: waybill backup --store jobs.db --to backups/jobs-monday.db");
    auto& which = *backup.add_option_group("which", "One of these:");
    which.add_option("--store", saved->store, "job store");
    which.add_option("--profiles", saved->profiles, "profile store");
    which.add_option("--segments", saved->segments, "segment store");
    which.require_option(1);
    backup.add_option("--to", saved->to, "the file to make; FILE.sha256 is made too")->required();
    add_json_flag(backup, saved->json);
    backup.callback([saved, &chosen] { chosen = [saved] { return back_up(*saved); }; });

    const auto asked = std::make_shared<restore_arguments>();
    auto& sub = *app.add_subcommand(
        "restore",
        "Puts a backup in the place of a job store that no process owns. The replaced file is kept beside\n"
        "it. What was acknowledged since the backup is forgotten; no id of it is given out again.\n\n"
        "Example: waybill restore --store jobs.db --from backups/jobs-monday.db --datasets datasets");
    sub.add_option("--store", asked->store, "job store; may be missing")->required();
    sub.add_option("--from", asked->from, "the backup; its checksum is FILE.sha256")->required();
    sub.add_option("--datasets", asked->datasets, "datasets' root: new ids begin beyond what was published");
    sub.add_flag("--no-checksum", asked->no_checksum, "take a backup that has no checksum file");
    add_json_flag(sub, asked->json);
    sub.callback([asked, &chosen] { chosen = [asked] { return restore(*asked); }; });
}

} // namespace waybill::tool
