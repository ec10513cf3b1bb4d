#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>

#include <waybill/dataset_contents.hpp>
#include <waybill/dataset_settings.hpp>

#include "arguments.hpp"
#include "command_failure.hpp"
#include "commands.hpp"
#include "dataset_display.hpp"
#include "owned_store.hpp"
#include "table.hpp"
#include "terminal.hpp"

namespace waybill::tool {

namespace {

struct datasets_arguments {
    std::filesystem::path store;
    std::filesystem::path datasets;
    tenant owner;
    std::string dataset;
    std::string format;
    std::string compression;
    bool json = false;
};

dataset_output output_of(const std::vector<dataset_settings>& all, const std::string& dataset_id) {
    const auto at =
        std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.dataset_id == dataset_id; });
    return at != all.end() ? at->output : dataset_output{};
}

std::optional<std::vector<dataset_settings>> settings_of(const datasets_arguments& asked) {
    if (asked.store.empty()) return std::nullopt;
    return expect(read_dataset_settings(asked.store, asked.owner));
}

/// Those on the disk, and, from a store, those for which something is set already.
std::vector<shown_dataset> all_datasets(const datasets_arguments& asked) {
    std::vector<shown_dataset> all;
    for (auto& held : expect(list_datasets(asked.datasets, asked.owner)))
        all.push_back({std::move(held), std::nullopt});
    const auto settings = settings_of(asked);
    if (!settings) return all;
    for (auto& one : all)
        one.set = output_of(*settings, one.held.dataset_id);
    for (const auto& one : *settings)
        if (std::none_of(all.begin(), all.end(),
                         [&](const auto& known) { return known.held.dataset_id == one.dataset_id; }))
            all.push_back({held_dataset{one.dataset_id}, one.output});
    std::sort(all.begin(), all.end(), [](const auto& left, const auto& right) {
        return left.held.dataset_id < right.held.dataset_id;
    });
    return all;
}

int list(const datasets_arguments& asked) {
    print_datasets(all_datasets(asked), asked.json);
    return exit_done;
}

int show(const datasets_arguments& asked) {
    shown_dataset one{expect(look_at_dataset(asked.datasets, asked.owner, asked.dataset)), std::nullopt};
    if (const auto settings = settings_of(asked)) one.set = output_of(*settings, asked.dataset);
    print_dataset(one, asked.json);
    return exit_done;
}

int set(const datasets_arguments& asked) {
    auto store = own_store(asked.store, "The settings can be changed while it does not run.");
    dataset_settings what{asked.dataset,
                          output_of(expect(read_dataset_settings(asked.store, asked.owner)), asked.dataset)};
    if (!asked.format.empty()) what.output.format = *parse_dataset_format(asked.format);
    if (!asked.compression.empty()) what.output.compression = *parse_dataset_compression(asked.compression);
    expect(store.set_dataset(asked.owner, what));
    print_settings(what, asked.json);
    return exit_done;
}

int verify(const datasets_arguments& asked) {
    progress_line progress;
    const auto one = asked.dataset.empty() ? std::nullopt : std::optional(asked.dataset);
    const auto seen =
        expect(verify_datasets(asked.datasets, asked.owner, one, [&](const dataset_verification& so_far) {
            progress.show(grouped(static_cast<std::int64_t>(so_far.files)) + " files, " +
                          grouped(so_far.bytes / 1'000'000) + " MB");
        }));
    progress.clear();
    print_verification(seen, asked.json);
    return seen.findings.empty() ? exit_done : exit_failed;
}

using dataset_verb = int (*)(const datasets_arguments&);

CLI::App& add_verb(CLI::App& group, const char* name, const char* about, dataset_verb verb,
                   const std::shared_ptr<datasets_arguments>& asked, command& chosen) {
    auto& sub = *group.add_subcommand(name, about);
    add_tenant_options(sub, asked->owner);
    add_json_flag(sub, asked->json);
    sub.callback([asked, verb, &chosen] { chosen = [asked, verb] { return verb(*asked); }; });
    return sub;
}

CLI::Option* add_dataset(CLI::App& to, datasets_arguments& asked, const char* about) {
    return to.add_option("DATASET", asked.dataset, about)->check(check_dataset_id);
}

void add_root(CLI::App& to, datasets_arguments& asked) {
    to.add_option("--datasets", asked.datasets, "the datasets' root; it is read beside a running host")
        ->required();
}

void add_store(CLI::App& to, datasets_arguments& asked) {
    to.add_option("--store", asked.store,
                  "job store, which knows what is set; it is read beside a running host");
}

void add_set(CLI::App& group, command& chosen) {
    const auto asked = std::make_shared<datasets_arguments>();
    auto& sub = add_verb(
        group, "set",
        "Sets how the files of a dataset are written by attempts that begin from now on. What is not named\n"
        "stays as it is. Only while no host owns the store.\n\n"
        "Example: waybill datasets set people --store jobs.db --org acme --sandbox prod --format csv "
        "--compression zstd",
        set, asked, chosen);
    add_dataset(sub, *asked, "need not be there yet")->required();
    sub.add_option("--store", asked->store, "job store")->required();
    auto& what = *sub.add_option_group("what", "At least one of these:");
    what.add_option("--format", asked->format, "csv needs jobs with fields, each becomes a column")
        ->check(CLI::IsMember({"ndjson", "csv"}));
    what.add_option("--compression", asked->compression, "of each file")
        ->check(CLI::IsMember({"none", "gzip", "zstd"}));
    what.require_option(1, 2);
}

} // namespace

void add_datasets_commands(CLI::App& app, command& chosen) {
    auto& datasets = *app.add_subcommand("datasets", "The datasets that exports publish");
    datasets.require_subcommand(1);

    const auto listed = std::make_shared<datasets_arguments>();
    auto& list_sub = add_verb(
        datasets, "list",
        "Lists the datasets of a tenant with what is visible of each and what is set for it.\n\n"
        "Example: waybill datasets list --datasets datasets --store jobs.db --org acme --sandbox prod",
        list, listed, chosen);
    add_root(list_sub, *listed);
    add_store(list_sub, *listed);

    const auto shown = std::make_shared<datasets_arguments>();
    auto& show_sub = add_verb(
        datasets, "show",
        "Shows a dataset with its batches, the superseded ones included.\n\n"
        "Example: waybill datasets show people --datasets datasets --store jobs.db --org acme --sandbox prod",
        show, shown, chosen);
    add_dataset(show_sub, *shown, "the dataset")->required();
    add_root(show_sub, *shown);
    add_store(show_sub, *shown);

    add_set(datasets, chosen);

    const auto verified = std::make_shared<datasets_arguments>();
    auto& verify_sub = add_verb(
        datasets, "verify",
        "Reads every file of every published batch and compares sizes, checksums and rows with what is said\n"
        "of them. Changes nothing; exit code 1 when something is found.\n\n"
        "Example: waybill datasets verify people --datasets datasets --org acme --sandbox prod",
        verify, verified, chosen);
    add_dataset(verify_sub, *verified, "the dataset; all of the tenant's, unless given");
    add_root(verify_sub, *verified);
}

} // namespace waybill::tool
