#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <waybill/job_store.hpp>

#include "arguments.hpp"
#include "command_failure.hpp"
#include "commands.hpp"
#include "table.hpp"

namespace waybill::tool {

namespace {

using json = nlohmann::ordered_json;

struct audit_arguments {
    std::filesystem::path store;
    tenant owner;
    job_id job = 0;
    std::int64_t before = 0;
    std::size_t limit = 50;
    bool json = false;
};

struct audit_page {
    std::vector<audit_entry> entries;
    bool more = false;
};

/// One more than asked for tells whether others follow.
audit_page read(const audit_arguments& asked) {
    audit_query query;
    if (!asked.owner.org.empty()) query.owner = asked.owner;
    if (asked.job != 0) query.job = asked.job;
    if (asked.before != 0) query.before = asked.before;
    query.limit = asked.limit + 1;
    audit_page page{expect(job_reader::open(asked.store)).audit(query), false};
    page.more = page.entries.size() > asked.limit;
    if (page.more) page.entries.resize(asked.limit);
    return page;
}

void print_json(const audit_page& page) {
    auto entries = json::array();
    for (const auto& one : page.entries)
        entries.push_back({{"id", one.id},
                           {"time", to_rfc3339(one.at)},
                           {"actor", one.actor},
                           {"org", one.owner.org},
                           {"sandbox", one.owner.sandbox},
                           {"action", to_text(one.action)},
                           {"jobId", one.job},
                           {"requestId", one.request_id}});
    json whole{{"entries", std::move(entries)}, {"next", nullptr}};
    if (page.more) whole["next"] = page.entries.back().id;
    std::puts(whole.dump(-1, ' ', false, json::error_handler_t::replace).c_str());
}

void print_table(const audit_page& page) {
    table rows(
        {{"TIME"}, {"ACTOR"}, {"ACTION"}, {"JOB", table::align::right}, {"ORG"}, {"SANDBOX"}, {"REQUEST"}});
    for (const auto& one : page.entries)
        rows.add({to_rfc3339(one.at), one.actor, std::string(to_text(one.action)), std::to_string(one.job),
                  one.owner.org, one.owner.sandbox, one.request_id});
    rows.print();
    if (page.more)
        std::printf("Older ones follow: --before %lld\n", static_cast<long long>(page.entries.back().id));
}

int list(const audit_arguments& asked) {
    const auto page = read(asked);
    asked.json ? print_json(page) : print_table(page);
    return exit_done;
}

} // namespace

void add_audit_commands(CLI::App& app, command& chosen) {
    auto& audit = *app.add_subcommand("audit", "Who created, cancelled, retried or removed which job");
    audit.require_subcommand(1);
    const auto asked = std::make_shared<audit_arguments>();
    auto& sub = *audit.add_subcommand(
        "list",
        "Lists what was asked of a store and by whom, newest first, beside a running host. All filters hold\n"
        "together. What retention removed has no entry.\n\n"
        "Example: waybill audit list --store jobs.db --org acme --sandbox prod --job 722");
    sub.add_option("--store", asked->store, "job store; it is read beside a running host")->required();
    auto* const org = sub.add_option("--org", asked->owner.org, "only of this organisation's tenant");
    sub.add_option("--sandbox", asked->owner.sandbox, "its sandbox")->capture_default_str()->needs(org);
    sub.add_option("--job", asked->job, "only of this job, which may be gone")->check(CLI::PositiveNumber);
    sub.add_option("--before", asked->before, "only entries before this one, which the page before has told")
        ->type_name("ENTRY")
        ->check(CLI::PositiveNumber);
    sub.add_option("--limit", asked->limit, "at most so many entries")
        ->capture_default_str()
        ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000}));
    add_json_flag(sub, asked->json);
    sub.callback([asked, &chosen] { chosen = [asked] { return list(*asked); }; });
}

} // namespace waybill::tool
