#include <cstdio>
#include <filesystem>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "command_failure.hpp"
#include "commands.hpp"
#include "job_display.hpp"
#include "job_source.hpp"

namespace waybill::tool {

namespace {

struct jobs_arguments {
    std::filesystem::path store;
    named_host host;
    tenant owner;
    bool json = false;
    job_id id = 0;
    std::size_t limit = 20;
    std::string after;
    std::vector<std::string> statuses;
    std::string segment;
    std::string dataset;
    std::string created_after;
    std::string created_before;
};

std::string check_status(const std::string& text) {
    if (parse_job_status(text)) return {};
    std::string allowed;
    for (const auto status : all_job_statuses)
        allowed += (allowed.empty() ? "" : ", ") + std::string(to_text(status));
    return "expected one of " + allowed + ", got '" + text + "'";
}

std::string check_cursor(const std::string& text) {
    if (parse_cursor(text)) return {};
    return "expected a cursor <creationTime>_<id>, such as 1538573416687_722, got '" + text + "'";
}

std::string check_segment_id(const std::string& text) {
    return text.empty() ? "expected the id of a segment" : std::string();
}

std::string check_creation_time(const std::string& text) {
    if (parse_moment(text)) return {};
    return "expected a time as RFC 3339 has it, or milliseconds since 1970, got '" + text + "'";
}

std::unique_ptr<job_source> source_of(const jobs_arguments& asked) {
    return asked.host.url.empty() ? stored_jobs(asked.store, asked.owner)
                                  : hosted_jobs(asked.host, asked.owner);
}

int list(const jobs_arguments& asked) {
    job_query query;
    query.limit = asked.limit;
    if (!asked.after.empty()) query.after = parse_cursor(asked.after);
    for (const auto& status : asked.statuses)
        query.statuses.push_back(*parse_job_status(status));
    if (!asked.segment.empty()) query.segment_id = asked.segment;
    if (!asked.dataset.empty()) query.dataset_id = asked.dataset;
    query.created_after = parse_moment(asked.created_after); // nothing for nothing
    query.created_before = parse_moment(asked.created_before);
    const auto page = source_of(asked)->list(query);
    if (asked.json)
        std::puts(page.c_str());
    else
        print_page(page);
    return exit_done;
}

int show(const jobs_arguments& asked) {
    const auto view = source_of(asked)->show(asked.id);
    if (!asked.json) {
        print_job(view);
        return exit_done;
    }
    auto text = "{\"job\":" + view.document + ",\"batches\":" + view.batches.dump();
    if (view.transitions) text += ",\"transitions\":" + view.transitions->dump();
    std::puts((text + "}").c_str());
    return exit_done;
}

int cancel(const jobs_arguments& asked) {
    const auto outcome = source_of(asked)->cancel(asked.id);
    if (asked.json)
        std::printf("{\"id\":%lld,\"outcome\":\"%s\"}\n", static_cast<long long>(asked.id), outcome.c_str());
    else
        std::printf("job %lld: %s\n", static_cast<long long>(asked.id), outcome.c_str());
    return exit_done;
}

int retry(const jobs_arguments& asked) {
    const auto document = source_of(asked)->retry(asked.id);
    if (asked.json) {
        std::puts(document.c_str());
        return exit_done;
    }
    const auto made = nlohmann::json::parse(document).at("id").get<std::int64_t>();
    std::printf("job %lld: tried again as job %lld\n", static_cast<long long>(asked.id),
                static_cast<long long>(made));
    return exit_done;
}

using job_verb = int (*)(const jobs_arguments&);

CLI::App& add_verb(CLI::App& group, const char* name, const char* about, job_verb verb,
                   const std::shared_ptr<jobs_arguments>& asked, command& chosen) {
    auto& sub = *group.add_subcommand(name, about);
    auto& where = *sub.add_option_group("where", "One of these:");
    where.add_option("--store", asked->store, "job store; it is read beside a running host");
    add_host_options(sub, where, asked->host,
                     "address of a running host; WAYBILL_TOKEN and WAYBILL_API_KEY are sent");
    where.require_option(1);
    add_tenant_options(sub, asked->owner);
    add_json_flag(sub, asked->json);
    sub.callback([asked, verb, &chosen] { chosen = [asked, verb] { return verb(*asked); }; });
    return sub;
}

void add_id(CLI::App& to, jobs_arguments& asked) {
    to.add_option("ID", asked.id, "id of the job")->required()->check(CLI::PositiveNumber);
}

} // namespace

void add_jobs_commands(CLI::App& app, command& chosen) {
    auto& jobs = *app.add_subcommand("jobs", "Export jobs");
    jobs.require_subcommand(1);

    auto listed = std::make_shared<jobs_arguments>();
    auto& list_sub = add_verb(
        jobs, "list",
        "Lists jobs, newest first. All filters hold together; times are RFC 3339 or milliseconds.\n\n"
        "Example: waybill jobs list --store jobs.db --org acme --sandbox prod --status NEW,FAILED\n"
        "Example: waybill jobs list --store jobs.db --org acme --dataset people --created-after "
        "2024-01-31T00:00:00Z",
        list, listed, chosen);
    list_sub.add_option("--limit", listed->limit, "at most so many jobs")
        ->capture_default_str()
        ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000}));
    list_sub.add_option("--after", listed->after, "jobs after this cursor, which the page before has told")
        ->type_name("CURSOR")
        ->check(check_cursor);
    list_sub.add_option("--status", listed->statuses, "only jobs of these statuses, separated by commas")
        ->delimiter(',')
        ->check(check_status);
    list_sub.add_option("--segment", listed->segment, "only jobs that name this segment")
        ->check(check_segment_id);
    list_sub.add_option("--dataset", listed->dataset, "only jobs that write to this dataset")
        ->check(check_dataset_id);
    list_sub.add_option("--created-after", listed->created_after, "only jobs created at this time or later")
        ->type_name("TIME")
        ->check(check_creation_time);
    list_sub.add_option("--created-before", listed->created_before, "only jobs created before this time")
        ->type_name("TIME")
        ->check(check_creation_time);

    auto shown = std::make_shared<jobs_arguments>();
    add_id(add_verb(jobs, "show",
                    "Shows a job with its batches, its errors and, from a store, its timeline.\n\n"
                    "Example: waybill jobs show 722 --store jobs.db --org acme --sandbox prod --json",
                    show, shown, chosen),
           *shown);

    auto cancelled = std::make_shared<jobs_arguments>();
    add_id(add_verb(
               jobs, "cancel",
               "Cancels a job, or removes the record of one that is final; what it published stays. While a\n"
               "host owns the store, only the host can do it: name it with --url.\n\n"
               "Example: waybill jobs cancel 722 --url http://127.0.0.1:8080 --org acme --sandbox prod",
               cancel, cancelled, chosen),
           *cancelled);

    auto retried = std::make_shared<jobs_arguments>();
    add_id(add_verb(
               jobs, "retry",
               "Makes a new job with the request of one that is FAILED or CANCELLED. While a host owns the\n"
               "store, only the host can do it: name it with --url.\n\n"
               "Example: waybill jobs retry 722 --url http://127.0.0.1:8080 --org acme --sandbox prod",
               retry, retried, chosen),
           *retried);
}

} // namespace waybill::tool
