#include "model/job_rules.hpp"

#include <algorithm>
#include <chrono>
#include <initializer_list>
#include <string>

#include <waybill/field_paths.hpp>

namespace waybill {
namespace {

constexpr std::size_t longest_dataset_id = 64;
constexpr std::size_t longest_segment_id = 256;
constexpr std::size_t longest_idempotency_key = 255;
constexpr std::chrono::hours longest_deadline{365 * 24};
constexpr std::size_t most_segments = 65'536; ///< a batch id has room for so many

/// Where something is wrong is put together only when it is.
class rule_check {
  public:
    using place = std::initializer_list<std::string_view>;

    void expect(bool kept, const char* code, const char* message, place path) {
        if (kept) return;
        auto& found = broken.emplace_back(finding{code, message, {}});
        for (const auto part : path)
            found.path += part;
    }
    void expect_time(const std::optional<std::string>& text, place path) {
        expect(!text || parse_rfc3339(*text), "invalid_time", "expected a moment of RFC 3339", path);
    }
    void expect_fields(const std::optional<std::string>& text, place path) {
        expect(!text || is_field_list(*text), "invalid_value", "expected comma-separated dot paths", path);
    }
    void check_segment(const segment_filter& segment, std::size_t index) {
        const auto length = count_characters(segment.segment_id);
        if (length < 1 || length > longest_segment_id)
            expect(false, "invalid_value", "expected 1 to 256 characters",
                   {"/filter/segments/", std::to_string(index), "/segmentId"});
        if (!names_each_once(segment.statuses))
            expect(false, "invalid_value", "expected at least one status, each once",
                   {"/filter/segments/", std::to_string(index), "/status"});
    }
    void check_filter(const job_filter& filter) {
        expect(filter.segments.size() <= most_segments, "too_many", "expected at most 65536 segments",
               {"/filter/segments"});
        for (std::size_t i = 0; i < filter.segments.size(); ++i)
            check_segment(filter.segments[i], i);
        if (filter.qualification_time) check_window(*filter.qualification_time);
        expect_time(filter.from_ingest_timestamp, {"/filter/fromIngestTimestamp"});
    }
    void check_window(const qualification_window& window) {
        constexpr std::string_view path = "/filter/segmentQualificationTime";
        expect_time(window.start_time, {path, "/startTime"});
        expect_time(window.end_time, {path, "/endTime"});
        if (!window.start_time || !window.end_time) return;
        const auto start = parse_rfc3339(*window.start_time);
        const auto end = parse_rfc3339(*window.end_time);
        expect(!start || !end || *start <= *end, "invalid_value",
               "expected a startTime that is not after endTime", {path});
    }
    void check_events(const event_list& events) {
        constexpr std::string_view path = "/additionalFields/eventList";
        expect_fields(events.fields, {path, "/fields"});
        if (!events.filter) return;
        expect_time(events.filter->from_ingest_timestamp, {path, "/filter/fromIngestTimestamp"});
        expect_time(events.filter->to_ingest_timestamp, {path, "/filter/toIngestTimestamp"});
    }

    std::vector<finding> broken;

  private:
    static bool names_each_once(const std::vector<membership_status>& statuses) {
        unsigned seen = 0;
        for (const auto status : statuses) {
            const auto bit = 1U << static_cast<unsigned>(status);
            if ((seen & bit) != 0) return false;
            seen |= bit;
        }
        return seen != 0;
    }
};

} // namespace

bool is_dataset_id(std::string_view text) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-';
    };
    return !text.empty() && text.size() <= longest_dataset_id &&
           std::all_of(text.begin(), text.end(), allowed);
}

std::size_t count_characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::vector<finding> broken_rules(const tenant& owner, const new_export_job& job) {
    rule_check check;
    check.expect(owner.valid(), "invalid_value", "expected an org and a sandbox of 1 to 80 bytes each",
                 {"/imsOrgId"});
    check.expect(is_dataset_id(job.dataset_id), "invalid_value",
                 "expected 1 to 64 letters, digits, '_' and '-'", {"/destination/datasetId"});
    check.expect(!job.schema_name.empty(), "required", "expected a name", {"/schema/name"});
    check.expect_fields(job.fields, {"/fields"});
    if (job.filter) check.check_filter(*job.filter);
    if (job.events) check.check_events(*job.events);
    check.expect(!job.segment_per_batch || (job.filter && !job.filter->segments.empty()), "required",
                 "must be there when segmentPerBatch is true", {"/filter/segments"});
    check.expect(job.attempts.value_or(1) > 0, "invalid_value", "expected at least 1", {"attempts"});
    const auto deadline = job.attempt_deadline.value_or(std::chrono::milliseconds{1});
    check.expect(deadline.count() > 0 && deadline <= longest_deadline, "invalid_value",
                 "expected 1 ms to 365 days", {"attempt_deadline"});
    return std::move(check.broken);
}

void check_idempotency_key(std::string_view key, std::vector<finding>& broken) {
    const auto visible = [](char c) { return c >= '!' && c <= '~'; };
    if (key.empty() || key.size() > longest_idempotency_key || !std::all_of(key.begin(), key.end(), visible))
        broken.push_back({"invalid_value", "expected 1 to 255 visible ASCII characters", "Idempotency-Key"});
}

} // namespace waybill
