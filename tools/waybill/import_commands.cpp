#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <waybill/profile_store.hpp>

#include "arguments.hpp"
#include "command_failure.hpp"
#include "commands.hpp"
#include "import_progress.hpp"
#include "profiles_export_command.hpp"
#include "table.hpp"
#include "terminal.hpp"

namespace waybill::tool {

namespace {

using json = nlohmann::ordered_json;

enum class record_kind { profiles, events };

struct import_arguments {
    std::string file;
    std::filesystem::path profiles;
    std::string dataset;
    tenant owner;
    std::vector<std::string> identities;
    std::string ingest_time;
    std::filesystem::path rejects;
    bool json = false;
};

constexpr std::size_t rejects_shown = 5;

// Bytes that are no UTF-8 are what many a record is refused for, so they are replaced rather than refused
// again.
std::string one_line(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

/// Where refused records go: the file that was asked for, or the first few of them to stderr.
class reject_log {
  public:
    reject_log(const std::filesystem::path& file, progress_line& progress)
        : file_(file), progress_(progress) {
        if (file.empty()) return;
        out_.open(file, std::ios::binary | std::ios::trunc);
        if (!out_)
            throw command_failure(exit_failed, "the reject file " + file.string() + " cannot be written");
    }

    void add(const rejected_record& refused) {
        if (!file_.empty()) {
            out_ << one_line({{"line", refused.line}, {"reason", refused.reason}, {"record", refused.record}})
                 << '\n';
        } else if (shown_ < rejects_shown) {
            ++shown_;
            progress_.clear();
            std::fprintf(stderr, "line %lld: %s\n", static_cast<long long>(refused.line),
                         printable(refused.reason).c_str());
        }
    }

    void close() {
        if (file_.empty()) return;
        out_.close();
        if (!out_)
            throw command_failure(exit_failed, "the reject file " + file_.string() + " cannot be written");
    }

  private:
    std::filesystem::path file_;
    progress_line& progress_;
    std::ofstream out_;
    std::size_t shown_ = 0;
};

/// The records, read through a large buffer.
class record_input {
  public:
    explicit record_input(const std::string& name) : buffer_(std::make_unique<char[]>(buffer_size)) {
        if (name == "-") {
            std::ios::sync_with_stdio(false);
            return;
        }
        if (!std::filesystem::exists(name)) throw command_failure(exit_not_found, "there is no file " + name);
        file_.rdbuf()->pubsetbuf(buffer_.get(), buffer_size);
        file_.open(name, std::ios::binary);
        if (!file_ || std::filesystem::is_directory(name))
            throw command_failure(exit_failed, "the file " + name + " cannot be read");
        std::error_code unknown;
        const auto size = std::filesystem::file_size(name, unknown);
        if (!unknown && size > 0) size_ = static_cast<std::int64_t>(size);
    }

    std::istream& stream() { return file_.is_open() ? static_cast<std::istream&>(file_) : std::cin; }
    std::optional<std::int64_t> size() const { return size_; }

  private:
    static constexpr std::streamsize buffer_size = 1 << 20;
    std::unique_ptr<char[]> buffer_; // outlives the stream that reads through it
    std::ifstream file_;
    std::optional<std::int64_t> size_;
};

import_options options_of(const import_arguments& asked) {
    import_options options;
    options.owner = asked.owner;
    options.dataset_id = asked.dataset;
    for (const auto& text : asked.identities) {
        auto path = parse_identity_path(text);
        if (!path)
            throw command_failure(exit_wrong_usage, "--identity " + text + ": " + path.error().message);
        options.identities.push_back(std::move(path).value());
    }
    if (!asked.ingest_time.empty()) options.ingest_time = *parse_rfc3339(asked.ingest_time);
    return options;
}

void print(const import_summary& summary, const import_options& options, const import_arguments& asked) {
    if (asked.json) {
        std::puts(one_line({{"read", summary.read},
                            {"added", summary.added},
                            {"replaced", summary.replaced},
                            {"unchanged", summary.unchanged},
                            {"rejected", summary.rejected},
                            {"ingestTime", to_rfc3339(options.ingest_time)}})
                      .c_str());
        return;
    }
    table counts({{"read", table::align::right},
                  {"added", table::align::right},
                  {"replaced", table::align::right},
                  {"unchanged", table::align::right},
                  {"rejected", table::align::right}});
    counts.add({grouped(summary.read), grouped(summary.added), grouped(summary.replaced),
                grouped(summary.unchanged), grouped(summary.rejected)});
    counts.print();
    if (summary.rejected > 0 && asked.rejects.empty())
        std::fputs("Name a file with --rejects to keep every rejected record and its reason.\n", stderr);
}

int import(record_kind kind, const import_arguments& asked) {
    auto options = options_of(asked);
    record_input input(asked.file);
    auto store = expect(profile_store::open(asked.profiles));
    progress_line progress;
    reject_log rejects(asked.rejects, progress);
    options.on_reject = [&](const rejected_record& refused) { rejects.add(refused); };
    const auto begin = std::chrono::steady_clock::now();
    options.on_progress = [&](const import_progress& at) {
        const auto since_begin = std::chrono::steady_clock::now() - begin;
        progress.show(progress_text(at, input.size(),
                                    std::chrono::duration_cast<std::chrono::milliseconds>(since_begin)));
    };
    auto summary = kind == record_kind::profiles ? store.import_profiles(input.stream(), options)
                                                 : store.import_events(input.stream(), options);
    progress.clear();
    rejects.close();
    print(expect(std::move(summary)), options, asked);
    return exit_done;
}

void add_import(CLI::App& group, record_kind kind, const char* about, command& chosen) {
    const auto asked = std::make_shared<import_arguments>();
    auto& sub = *group.add_subcommand("import", about);
    sub.add_option("FILE", asked->file,
                   "NDJSON or one JSON array, also compressed by gzip or zstd; - reads standard input")
        ->required();
    sub.add_option("--profiles", asked->profiles, "profile store; created when it is not there")->required();
    sub.add_option("--dataset", asked->dataset, "dataset that the records belong to")
        ->required()
        ->check(check_dataset_id);
    add_tenant_options(sub, asked->owner);
    sub.add_option(
           "--identity", asked->identities,
           "PATH=NAMESPACE[:primary]: a path of the record that holds an identity; may be given again")
        ->type_name("PATH=NAMESPACE[:primary]")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    sub.add_option("--ingest-time", asked->ingest_time,
                   "when the records count as ingested; now, unless given")
        ->check(check_moment);
    sub.add_option("--rejects", asked->rejects, "file for refused records, {line, reason, record} each");
    add_json_flag(sub, asked->json);
    sub.callback([asked, kind, &chosen] { chosen = [asked, kind] { return import(kind, *asked); }; });
}

} // namespace

void add_import_commands(CLI::App& app, command& chosen) {
    auto& profiles = *app.add_subcommand("profiles", "The profiles that exports read");
    profiles.require_subcommand(1);
    add_import(
        profiles, record_kind::profiles,
        "Imports profile records. Refused records alone are no failure. An import that broke off is run "
        "again: what is there changes nothing.\n\n"
        "Example: waybill profiles import crm.ndjson --profiles profiles.db --dataset crm --org acme "
        "--sandbox prod --identity _acme.systemIdentifier.crmId=CRMID:primary --rejects refused.ndjson",
        chosen);
    add_profiles_export(profiles, chosen);
    auto& events = *app.add_subcommand("events", "The events of profiles");
    events.require_subcommand(1);
    add_import(events, record_kind::events,
               "Imports events: records with _id, timestamp and an identity. Refused records alone are no "
               "failure.\n\n"
               "Example: waybill events import events.ndjson.gz --profiles profiles.db --dataset web "
               "--org acme --sandbox prod",
               chosen);
}

} // namespace waybill::tool
