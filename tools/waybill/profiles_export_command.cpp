#include "profiles_export_command.hpp"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include <waybill/profile_interchange.hpp>

#include "arguments.hpp"
#include "command_failure.hpp"
#include "quantity.hpp"
#include "table.hpp"
#include "terminal.hpp"

namespace waybill::tool {

namespace {

using json = nlohmann::ordered_json;

struct export_arguments {
    std::filesystem::path profiles;
    std::filesystem::path to;
    tenant owner;
    std::string compression = "none";
    bool json = false;
};

std::string progress_text(const interchange_counts& at, std::chrono::milliseconds since_begin) {
    const auto elapsed = std::max<std::int64_t>(since_begin.count(), 1);
    return grouped(at.fragments) + " fragments, " + grouped(at.events) + " events, " + size_text(at.bytes) +
           ", " + grouped((at.fragments + at.events) * 1'000 / elapsed) + " lines/s";
}

void print(const interchange_counts& written, bool as_json) {
    if (as_json) {
        std::puts(json{{"fragments", written.fragments},
                       {"events", written.events},
                       {"policies", written.policies},
                       {"files", written.files},
                       {"bytes", written.bytes}}
                      .dump()
                      .c_str());
        return;
    }
    table counts({{"fragments", table::align::right},
                  {"events", table::align::right},
                  {"policies", table::align::right},
                  {"files", table::align::right},
                  {"size", table::align::right}});
    counts.add({grouped(written.fragments), grouped(written.events), grouped(written.policies),
                grouped(written.files), size_text(written.bytes)});
    counts.print();
}

int export_profiles(const export_arguments& asked) {
    interchange_options options;
    if (!asked.owner.org.empty()) options.owner = asked.owner;
    options.compression = *parse_dataset_compression(asked.compression);
    progress_line progress;
    const auto begin = std::chrono::steady_clock::now();
    options.on_progress = [&](const interchange_counts& at) {
        const auto since_begin = std::chrono::steady_clock::now() - begin;
        progress.show(progress_text(at, std::chrono::duration_cast<std::chrono::milliseconds>(since_begin)));
    };
    auto written = write_interchange(asked.profiles, asked.to, options);
    progress.clear();
    print(expect(std::move(written)), asked.json);
    return exit_done;
}

} // namespace

void add_profiles_export(CLI::App& profiles, command& chosen) {
    const auto asked = std::make_shared<export_arguments>();
    auto& sub = *profiles.add_subcommand(
        "export", "Writes all fragments, events and merge policies in the form that the Spark driver reads, "
                  "also while an import runs. The directory appears when it is whole.\n\n"
                  "Example: waybill profiles export --profiles profiles.db --to /srv/profiles/2024-05-01");
    sub.add_option("--profiles,--store", asked->profiles, "profile store")->required();
    sub.add_option("--to", asked->to, "directory to be written; not there, or empty")->required();
    add_optional_tenant_options(sub, asked->owner);
    sub.add_option("--compression", asked->compression, "of the files; none, unless given")
        ->check(CLI::IsMember({"none", "gzip"}));
    add_json_flag(sub, asked->json);
    sub.callback([asked, &chosen] { chosen = [asked] { return export_profiles(*asked); }; });
}

} // namespace waybill::tool
