// An export job as it stands: what somebody asked for, and what has become of it (contract 1.3 and 2.4).
// Plain values without behaviour; texts are UTF-8; absent is `nullopt` or empty, never a magic value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <waybill/dataset_settings.hpp>
#include <waybill/job_status.hpp>
#include <waybill/new_export_job.hpp>
#include <waybill/tenant.hpp>
#include <waybill/timestamp.hpp>

namespace waybill {

/// Positive, growing with creation, never reused; with gaps after a crash.
using job_id = std::int64_t;

/// One batch of a job: the whole export, or one segment's part of it.
struct export_batch {
    std::string batch_id{};               ///< 32 lower-case hex digits, fixed at creation
    std::optional<std::size_t> segment{}; ///< index into `filter.segments` when there is a batch a segment
    std::optional<std::int64_t> rows{};   ///< known once published
    std::optional<std::int64_t> bytes{};  ///< of all parts together; known once published

    friend bool operator==(const export_batch&, const export_batch&) = default;
};

/// One of `errors`: the wrapper first, then its causes, outermost first.
struct job_error {
    std::string code{};
    std::string msg{};
    std::string call_stack{};

    friend bool operator==(const job_error&, const job_error&) = default;
};

struct time_span {
    timestamp start;
    std::optional<timestamp> end{}; ///< absent while it goes on

    friend bool operator==(const time_span&, const time_span&) = default;
};

/// `metrics`, but for `totalTime`, which follows from the job's own times.
struct job_metrics {
    std::optional<time_span> profile_export{};
    std::optional<time_span> dataset_write{};
    std::optional<std::int64_t> exported{};   ///< profiles over all batches; present from `PROCESSING` on
    std::optional<std::int64_t> candidates{}; ///< profiles that the attempt will look at, once it knows
    std::int64_t looked_at = 0;               ///< of these, how many it is done with
    std::vector<std::pair<std::string, std::int64_t>>
        exported_by_namespace{}; ///< by identity namespace, sorted

    friend bool operator==(const job_metrics&, const job_metrics&) = default;
};

/// How much of its candidates an attempt has looked at, from 0 to 100, rounded down: 100 means all. Nothing
/// as long as it does not know how many there are.
std::optional<int> percent_looked_at(std::optional<std::int64_t> candidates, std::int64_t looked_at);

/// A job as it stands.
struct export_job {
    job_id id = 0;
    tenant owner;
    new_export_job request;
    dataset_output output{}; ///< of a claimed job: how this attempt writes; otherwise says nothing
    job_status status = job_status::new_;
    std::vector<export_batch> batches{}; ///< one, or one a segment, in the order of `filter.segments`
    std::vector<job_error> errors{};
    job_metrics metrics;
    std::string engine_job_id{}; ///< `computeGatewayJobId.exportJob`; empty until an engine has it
    timestamp creation_time;
    timestamp update_time;
    std::int64_t attempt = 0;           ///< number of the latest attempt; 0 before the first
    std::optional<job_id> retry_of{};   ///< the ended job whose request this one tries again
    std::optional<job_id> retried_by{}; ///< the job that tries this one's request again

    friend bool operator==(const export_job&, const export_job&) = default;
};

} // namespace waybill
