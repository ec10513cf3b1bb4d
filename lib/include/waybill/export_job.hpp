// What an export job is: what somebody asked for, and what has become of it (contract 1.3). Plain values
// without behaviour; texts are UTF-8; absent is `nullopt` or empty, never a magic value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <waybill/job_status.hpp>
#include <waybill/tenant.hpp>
#include <waybill/timestamp.hpp>

namespace waybill {

/// Positive, growing with creation, never reused; with gaps after a crash.
using job_id = std::int64_t;

/// How a profile stands to a segment.
enum class membership_status { realized, existing, exited };

constexpr std::string_view to_text(membership_status status) {
    switch (status) {
    case membership_status::realized: return "realized";
    case membership_status::existing: return "existing";
    case membership_status::exited: return "exited";
    }
    return {};
}

constexpr std::optional<membership_status> parse_membership_status(std::string_view text) {
    for (const auto status :
         {membership_status::realized, membership_status::existing, membership_status::exited})
        if (to_text(status) == text) return status;
    return std::nullopt;
}

/// One entry of `filter.segments`.
struct segment_filter {
    std::string segment_id{};         ///< 1 to 256 characters, any text
    std::string segment_ns = "ups"; ///< kept as sent, compared without case
    std::vector<membership_status> statuses{membership_status::realized, membership_status::existing};

    friend bool operator==(const segment_filter&, const segment_filter&) = default;
};

/// `filter.segmentQualificationTime`: half-open, RFC 3339 texts as sent, either or both.
struct qualification_window {
    std::optional<std::string> start_time{};
    std::optional<std::string> end_time{};

    friend bool operator==(const qualification_window&, const qualification_window&) = default;
};

/// `filter`: which profiles. No segments means all profiles.
struct job_filter {
    std::vector<segment_filter> segments{};
    std::optional<qualification_window> qualification_time{};
    std::optional<std::string> from_ingest_timestamp{}; ///< RFC 3339 as sent; exclusive
    std::optional<bool> empty_profiles{};               ///< absent means false

    friend bool operator==(const job_filter&, const job_filter&) = default;
};

/// `additionalFields.eventList.filter`: RFC 3339 texts as sent, both bounds exclusive, of the ingest time.
struct event_filter {
    std::optional<std::string> from_ingest_timestamp{};
    std::optional<std::string> to_ingest_timestamp{};

    friend bool operator==(const event_filter&, const event_filter&) = default;
};

/// `additionalFields.eventList`: present means that events are exported; empty means all of them, whole.
struct event_list {
    std::optional<std::string> fields{}; ///< comma-separated dot paths as sent
    std::optional<event_filter> filter{};

    friend bool operator==(const event_list&, const event_list&) = default;
};

struct merge_policy_ref {
    std::string id{};
    std::optional<std::int64_t> version{}; ///< absent means the latest when the job is created

    friend bool operator==(const merge_policy_ref&, const merge_policy_ref&) = default;
};

/// What somebody asks for.
struct new_export_job {
    std::optional<std::string> fields{}; ///< comma-separated dot paths as sent; absent or blank means all fields
    std::optional<merge_policy_ref> merge_policy{};
    std::optional<job_filter> filter{};
    std::optional<event_list> events{};
    std::string dataset_id{}; ///< letters, digits, `_`, `-`; 1 to 64
    bool segment_per_batch = false;
    std::string schema_name{};
    std::optional<bool> evaluate_segments{}; ///< `evaluationInfo.segmentation`; absent means false
    std::string request_id{};                ///< 1 to 128 visible ASCII characters
    std::string profile_instance_id = "ups";

    friend bool operator==(const new_export_job&, const new_export_job&) = default;
};

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
    std::vector<std::pair<std::string, std::int64_t>> exported_by_namespace{}; ///< by identity namespace, sorted

    friend bool operator==(const job_metrics&, const job_metrics&) = default;
};

/// A job as it stands.
struct export_job {
    job_id id = 0;
    tenant owner;
    new_export_job request;
    job_status status = job_status::new_;
    std::vector<export_batch> batches{}; ///< one, or one a segment, in the order of `filter.segments`
    std::vector<job_error> errors{};
    job_metrics metrics;
    std::string engine_job_id{}; ///< `computeGatewayJobId.exportJob`; empty until an engine has it
    timestamp creation_time;
    timestamp update_time;
    std::int64_t attempt = 0; ///< number of the latest attempt; 0 before the first

    friend bool operator==(const export_job&, const export_job&) = default;
};

} // namespace waybill
