#include "look_display.hpp"

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "quantity.hpp"
#include "table.hpp"

namespace waybill::tool {

namespace {

std::string name_of(const tenant& owner) { return owner.org + " / " + owner.sandbox; }

std::vector<table::column> count_columns(const char* first) {
    std::vector<table::column> columns{{first}};
    for (const auto status : all_job_statuses)
        columns.push_back({std::string(to_text(status)), table::align::right});
    columns.push_back({"all", table::align::right});
    return columns;
}

std::vector<std::string> count_row(std::string name, const status_counts& counts) {
    std::vector<std::string> row{std::move(name)};
    for (const auto status : all_job_statuses)
        row.push_back(grouped(counts[status]));
    row.push_back(grouped(counts.total()));
    return row;
}

std::string waiting_text(const store_look& seen) {
    if (!seen.waiting_since) return "none";
    const auto age = span_text(seen.at - *seen.waiting_since) + ", since " + to_rfc3339(*seen.waiting_since);
    const auto& job = seen.numbers.oldest_waiting;
    if (!job) return age;
    return "job " + std::to_string(job->id) + " of " + name_of(job->owner) + ": " + age +
           (job->held ? ", held for a backoff" : "");
}

std::string owner_text(const store_look& seen) {
    if (seen.of_host) return {};
    if (!seen.owner || !seen.owner->running) return "none";
    return "process " + std::to_string(seen.owner->pid);
}

std::string percent_text(const running_job& job) {
    return job.percent ? std::to_string(*job.percent) + " %" : "-";
}

std::string rate_text(double a_second) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", a_second);
    return text;
}

void print_running(const store_look& seen, std::size_t most) {
    if (!seen.tells_running) {
        std::puts("A host tells running jobs only to their tenant: add --org and --sandbox.");
        return;
    }
    table shown({{"running", table::align::right},
                 {"tenant"},
                 {"dataset"},
                 {"status"},
                 {"attempt", table::align::right},
                 {"done", table::align::right},
                 {"exported", table::align::right},
                 {"for"}});
    const auto& running = seen.numbers.running;
    const auto rows = std::min(most, running.size());
    for (std::size_t i = 0; i < rows; ++i) {
        const auto& job = running[i];
        shown.add({std::to_string(job.id), name_of(job.owner), job.dataset_id,
                   job.publishing ? "publishing" : std::string(to_text(job.status)),
                   job.attempt > 0 ? std::to_string(job.attempt) : "-", percent_text(job),
                   job.exported ? grouped(*job.exported) : "-", span_text(seen.at - job.since)});
    }
    if (shown.empty())
        std::puts("No job is running.");
    else
        shown.print();
    if (rows < running.size())
        std::printf("and %s more\n", grouped(static_cast<std::int64_t>(running.size() - rows)).c_str());
}

} // namespace

void print_statistics(const store_look& seen) {
    const auto& numbers = seen.numbers;
    auto columns = count_columns("tenant");
    columns.push_back({"oldest waiting", table::align::right});
    table shown(std::move(columns));
    for (const auto& each : numbers.tenants) {
        auto row = count_row(name_of(each.owner), each.jobs);
        row.push_back(each.oldest_waiting ? span_text(seen.at - each.oldest_waiting->since) : "-");
        shown.add(std::move(row));
    }
    auto all = count_row("all", numbers.jobs);
    all.push_back(seen.waiting_since ? span_text(seen.at - *seen.waiting_since) : "-");
    shown.add(std::move(all));
    shown.print();
    std::puts("");
    print_properties({{"oldest waiting", waiting_text(seen)},
                      {"database", size_text(numbers.database_bytes)},
                      {"of it free", size_text(numbers.free_bytes)},
                      {"WAL", size_text(numbers.wal_bytes)},
                      {"schema", std::to_string(numbers.schema_version)},
                      {"owner", owner_text(seen)}});
}

void print_activity(const store_look& seen, const std::optional<move_rates>& rates,
                    std::size_t most_running) {
    table shown(count_columns("jobs"));
    shown.add(count_row({}, seen.numbers.jobs));
    shown.print();
    std::puts("");
    const auto a_second = [&rates](double move_rates::*which) {
        return rates ? rate_text((*rates).*which) + " a second" : std::string("-");
    };
    print_properties({{"created", a_second(&move_rates::created)},
                      {"finished", a_second(&move_rates::finished)},
                      {"failed", a_second(&move_rates::failed)},
                      {"oldest waiting", waiting_text(seen)},
                      {"WAL", size_text(seen.numbers.wal_bytes)}});
    std::puts("");
    print_running(seen, most_running);
}

} // namespace waybill::tool
