#include "look_display.hpp"

#include <string>

namespace waybill::tool {

namespace {

using json = nlohmann::ordered_json;

json counts_json(const status_counts& counts) {
    json all;
    for (const auto status : all_job_statuses)
        all[std::string(to_text(status))] = counts[status];
    return all;
}

json waiting_json(const std::optional<waiting_job>& job) {
    if (!job) return nullptr;
    return {{"id", job->id},
            {"org", job->owner.org},
            {"sandbox", job->owner.sandbox},
            {"since", to_rfc3339(job->since)},
            {"held", job->held}};
}

/// A host tells since when, but not whose job it is.
json oldest_json(const store_look& seen) {
    if (!seen.waiting_since) return nullptr;
    if (seen.numbers.oldest_waiting) return waiting_json(seen.numbers.oldest_waiting);
    return {{"since", to_rfc3339(*seen.waiting_since)}};
}

template <class T>
json or_null(const std::optional<T>& value) {
    return value ? json(*value) : json();
}

json running_json(const store_look& seen) {
    if (!seen.tells_running) return nullptr;
    auto all = json::array();
    for (const auto& job : seen.numbers.running)
        all.push_back({{"id", job.id},
                       {"org", job.owner.org},
                       {"sandbox", job.owner.sandbox},
                       {"datasetId", job.dataset_id},
                       {"status", to_text(job.status)},
                       {"publishing", job.publishing},
                       {"attempt", job.attempt > 0 ? json(job.attempt) : json()},
                       {"percent", or_null(job.percent)},
                       {"exported", or_null(job.exported)},
                       {"candidates", or_null(job.candidates)},
                       {"since", to_rfc3339(job.since)}});
    return all;
}

} // namespace

json statistics_json(const store_look& seen) {
    const auto& numbers = seen.numbers;
    json all{{"jobs", counts_json(numbers.jobs)}};
    if (!seen.of_host) {
        all["tenants"] = json::array();
        for (const auto& each : numbers.tenants)
            all["tenants"].push_back({{"org", each.owner.org},
                                      {"sandbox", each.owner.sandbox},
                                      {"jobs", counts_json(each.jobs)},
                                      {"oldestWaiting", waiting_json(each.oldest_waiting)}});
    }
    all["oldestWaiting"] = oldest_json(seen);
    all["database"] = {{"bytes", numbers.database_bytes},
                       {"freeBytes", numbers.free_bytes},
                       {"walBytes", numbers.wal_bytes}};
    all["schemaVersion"] = numbers.schema_version;
    if (!seen.of_host)
        all["owner"] = seen.owner ? json{{"pid", seen.owner->pid}, {"running", seen.owner->running}} : json();
    return all;
}

json activity_json(const store_look& seen, const std::optional<move_rates>& rates) {
    return {{"at", to_rfc3339(seen.at)},
            {"jobs", counts_json(seen.numbers.jobs)},
            {"perSecond",
             rates
                 ? json{{"created", rates->created}, {"finished", rates->finished}, {"failed", rates->failed}}
                 : json()},
            {"oldestWaiting", oldest_json(seen)},
            {"running", running_json(seen)},
            {"walBytes", seen.numbers.wal_bytes}};
}

} // namespace waybill::tool
