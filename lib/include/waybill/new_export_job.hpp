// What somebody asks for when they create an export job: the request members of contract 1.3. Plain values
// without behaviour; texts are UTF-8; absent is `nullopt` or empty, never a magic value.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace waybill {

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
    std::string segment_id{};       ///< 1 to 256 characters, any text
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

/// Letters, digits, `_` and `-`, 1 to 64: it becomes a directory's name.
bool is_dataset_id(std::string_view text);

/// What somebody asks for.
struct new_export_job {
    std::optional<std::string>
        fields{}; ///< comma-separated dot paths as sent; absent or blank means all fields
    std::optional<merge_policy_ref> merge_policy{};
    std::optional<job_filter> filter{};
    std::optional<event_list> events{};
    std::string dataset_id{}; ///< letters, digits, `_`, `-`; 1 to 64
    bool segment_per_batch = false;
    std::string schema_name{};
    std::optional<bool> evaluate_segments{}; ///< `evaluationInfo.segmentation`; absent means false
    std::string request_id{};                ///< 1 to 128 visible ASCII characters
    std::string profile_instance_id = "ups";
    // Not on the wire, for only the host's owner may say so.
    std::optional<std::int64_t> attempts{}; ///< at least 1; absent: `lifecycle_options::attempts`
    std::optional<std::chrono::milliseconds>
        attempt_deadline{}; ///< 1 ms to 365 days; absent: `lifecycle_options::attempt_deadline`

    friend bool operator==(const new_export_job&, const new_export_job&) = default;
};

} // namespace waybill
