#include "store_look.hpp"

#include <cmath>
#include <cstdlib>
#include <map>
#include <sstream>
#include <utility>

#include <nlohmann/json.hpp>

#include "command_failure.hpp"
#include "host_client.hpp"
#include "job_source.hpp"

namespace waybill::tool {

namespace {

using json = nlohmann::json;

/// A host's metrics: a value for each series, as the text names it.
class metrics {
  public:
    explicit metrics(const std::string& text) {
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);) {
            const auto blank = line.rfind(' ');
            if (line.starts_with('#') || blank == std::string::npos) continue;
            values_[line.substr(0, blank)] = std::strtod(line.c_str() + blank + 1, nullptr);
        }
    }
    double value(const std::string& series) const {
        const auto found = values_.find(series);
        if (found == values_.end()) throw command_failure(exit_failed, "the host's metrics lack " + series);
        return found->second;
    }
    std::int64_t count(const std::string& series) const { return std::llround(value(series)); }
    status_counts by_status(const std::string& name, const char* label) const {
        status_counts counts;
        for (const auto status : all_job_statuses)
            counts[status] = count(name + "{" + label + "=\"" + std::string(to_text(status)) + "\"}");
        return counts;
    }

  private:
    std::map<std::string, double> values_;
};

std::optional<std::int64_t> number_at(const json& document, const char* pointer) {
    const json::json_pointer where(pointer);
    if (!document.contains(where) || !document.at(where).is_number_integer()) return std::nullopt;
    return document.at(where).get<std::int64_t>();
}

std::string text_at(const json& document, const char* pointer) {
    const json::json_pointer where(pointer);
    if (!document.contains(where) || !document.at(where).is_string()) return {};
    return document.at(where).get<std::string>();
}

/// The number of its attempt stands not on the wire.
running_job running_of(const json& document, const tenant& owner) {
    running_job job;
    job.id = number_at(document, "/id").value_or(0);
    job.owner = owner;
    job.dataset_id = text_at(document, "/destination/datasetId");
    job.status = parse_job_status(text_at(document, "/status")).value_or(job_status::processing);
    job.exported = number_at(document, "/metrics/progress/exported");
    job.candidates = number_at(document, "/metrics/progress/candidates");
    if (const auto percent = number_at(document, "/metrics/progress/percent"))
        job.percent = static_cast<int>(*percent);
    auto since = number_at(document, "/metrics/profileExportTime/startTimeInMs");
    if (!since) since = number_at(document, "/updateTime");
    job.since = timestamp{std::chrono::milliseconds{since.value_or(0)}};
    return job;
}

class hosted_look_source final : public look_source {
  public:
    hosted_look_source(const named_host& host, std::optional<tenant> owner)
        : where_(parse_host_address(host)), owner_(std::move(owner)) {
        if (owner_) jobs_ = hosted_jobs(host, *owner_);
    }

    store_look look() override {
        store_look seen;
        seen.at = wall_clock();
        seen.taken = std::chrono::steady_clock::now();
        seen.of_host = true;
        read_metrics(seen);
        seen.tells_running = owner_.has_value();
        if (owner_) seen.numbers.running = running();
        return seen;
    }

  private:
    void read_metrics(store_look& into) const {
        const auto answer = ask_openly(where_, "/metrics");
        if (answer.status != 200)
            throw command_failure(exit_failed, "the host answered " + std::to_string(answer.status) +
                                                   " when asked for its metrics");
        const metrics told(answer.body);
        auto& numbers = into.numbers;
        numbers.jobs = told.by_status("waybill_jobs", "status");
        numbers.moves.created = told.count("waybill_jobs_created_total");
        numbers.moves.into = told.by_status("waybill_job_moves_total", "to");
        numbers.database_bytes = told.count("waybill_store_database_bytes");
        numbers.free_bytes = told.count("waybill_store_free_bytes");
        numbers.wal_bytes = told.count("waybill_store_wal_bytes");
        numbers.schema_version = static_cast<int>(told.count("waybill_store_schema_version"));
        const auto age = told.value("waybill_oldest_waiting_job_age_seconds");
        if (numbers.jobs[job_status::new_] > 0)
            into.waiting_since = into.at - std::chrono::milliseconds{std::llround(age * 1'000)};
    }

    std::vector<running_job> running() {
        job_query query;
        query.limit = store_statistics::most_running;
        query.statuses = {job_status::processing, job_status::cancelling};
        const auto page = json::parse(jobs_->list(query), nullptr, false);
        if (!page.is_object() || !page.contains("records"))
            throw command_failure(exit_failed, "the host answered with what is no page of jobs");
        std::vector<running_job> found;
        for (const auto& document : page["records"])
            found.push_back(running_of(document, *owner_));
        return found;
    }

    host_address where_;
    std::optional<tenant> owner_;
    std::unique_ptr<job_source> jobs_;
};

} // namespace

std::unique_ptr<look_source> hosted_looks(const named_host& host, const std::optional<tenant>& owner) {
    return std::make_unique<hosted_look_source>(host, owner);
}

} // namespace waybill::tool
