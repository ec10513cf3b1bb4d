#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "arguments.hpp"
#include "command_failure.hpp"
#include "commands.hpp"
#include "look_display.hpp"

namespace waybill::tool {

namespace {

struct stats_arguments {
    std::filesystem::path store;
    named_host host;
    bool json = false;
};

int show(const stats_arguments& asked) {
    const auto source =
        asked.host.url.empty() ? stored_looks(asked.store) : hosted_looks(asked.host, std::nullopt);
    const auto seen = source->look();
    if (asked.json)
        std::puts(
            statistics_json(seen).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
    else
        print_statistics(seen);
    return exit_done;
}

} // namespace

void add_stats_command(CLI::App& app, command& chosen) {
    const auto asked = std::make_shared<stats_arguments>();
    auto& sub = *app.add_subcommand(
        "stats",
        "A job store in numbers: jobs by tenant and status, what waits longest, sizes, schema, owner. Takes\n"
        "the same time however many jobs there are, and disturbs nobody. A host tells totals only.\n\n"
        "Example: waybill stats --store jobs.db");
    auto& where = *sub.add_option_group("where", "One of these:");
    where.add_option("--store", asked->store, "job store; it is read beside a running host");
    add_host_options(sub, where, asked->host, "address of a running host");
    where.require_option(1);
    add_json_flag(sub, asked->json);
    sub.callback([asked, &chosen] { chosen = [asked] { return show(*asked); }; });
}

} // namespace waybill::tool
