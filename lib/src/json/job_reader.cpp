#include <waybill/json.hpp>

#include <algorithm>

#include "json/object_reader.hpp"
#include "json/text_rules.hpp"

namespace waybill {
namespace {

using json::bounded_text;
using json::object_reader;
using json::rfc3339_time;

std::optional<merge_policy_ref> read_merge_policy(const object_reader& policy) {
    if (!policy) return std::nullopt;
    return merge_policy_ref{policy.required_text("id", bounded_text{}), policy.positive_integer("version")};
}

/// Adds the status with this text, once.
void read_status(const object_reader& segment, const json::value& sent, std::size_t index,
                 std::vector<membership_status>& statuses) {
    if (!sent.is_string()) return segment.complain({"invalid_type", "expected a text"}, "status", index);
    const auto status = parse_membership_status(sent.text());
    if (!status)
        return segment.complain({"invalid_value", "expected realized, existing or exited"}, "status", index);
    if (std::find(statuses.begin(), statuses.end(), *status) == statuses.end()) statuses.push_back(*status);
}

std::vector<membership_status> read_statuses(const object_reader& segment) {
    const auto sent = segment.present("status");
    if (!sent) return segment_filter{}.statuses;
    std::vector<membership_status> statuses;
    if (sent.is_string()) {
        read_status(segment, sent, object_reader::no_index, statuses);
    } else if (!sent.is_array()) {
        segment.complain({"invalid_type", "expected an array of statuses, or one of them as a text"},
                         "status");
    } else if (sent.size() == 0) {
        segment.complain({"invalid_value", "expected at least one status"}, "status");
    } else {
        std::size_t index = 0;
        for (const auto element : sent.children())
            read_status(segment, element, index++, statuses);
    }
    return statuses;
}

segment_filter read_segment(const object_reader& segment) {
    segment_filter read;
    read.segment_id = segment.required_text("segmentId", bounded_text{});
    if (auto ns = segment.text("segmentNs", bounded_text{})) read.segment_ns = std::move(*ns);
    read.statuses = read_statuses(segment);
    return read;
}

std::optional<qualification_window> read_window(const object_reader& filter) {
    static constexpr std::string_view name = "segmentQualificationTime";
    const auto window = filter.object(name);
    if (!window) return std::nullopt;
    qualification_window read{window.text("startTime", rfc3339_time{}),
                              window.text("endTime", rfc3339_time{})};
    if (read.start_time && read.end_time && parse_rfc3339(*read.start_time) > parse_rfc3339(*read.end_time))
        filter.complain({"invalid_value", "expected a startTime that is not after endTime"}, name);
    return read;
}

std::optional<job_filter> read_filter(const object_reader& filter, const json_limits& limits) {
    if (!filter) return std::nullopt;
    job_filter read;
    filter.objects("segments", limits.segments,
                   [&](const object_reader& segment) { read.segments.push_back(read_segment(segment)); });
    read.qualification_time = read_window(filter);
    read.from_ingest_timestamp = filter.text("fromIngestTimestamp", rfc3339_time{});
    read.empty_profiles = filter.boolean("emptyProfiles");
    return read;
}

std::optional<event_list> read_events(const object_reader& events, const json_limits& limits) {
    if (!events) return std::nullopt;
    event_list read;
    read.fields = events.text("fields", json::field_list{limits});
    if (const auto filter = events.object("filter"))
        read.filter = event_filter{filter.text("fromIngestTimestamp", rfc3339_time{}),
                                   filter.text("toIngestTimestamp", rfc3339_time{})};
    return read;
}

/// `datasetId`, which the public page once spells `dataSetId`.
std::string read_dataset_id(const object_reader& destination) {
    static constexpr std::string_view name = "datasetId", other_name = "dataSetId";
    if (!destination.present(other_name)) return destination.required_text(name, json::dataset_name{});
    auto other = destination.text(other_name, json::dataset_name{});
    if (!destination.present(name)) return other.value_or(std::string{});
    auto read = destination.text(name, json::dataset_name{});
    if (read && other && *read != *other)
        destination.complain({"invalid_value", "expected the same dataset as in datasetId"}, other_name);
    return read.value_or(std::string{});
}

/// A batch a segment needs segments. A list that was sent, but is wrong, has its finding already.
void require_segments(const object_reader& body) {
    const auto filter = body.present("filter");
    if (filter && !filter.is_object()) return;
    const auto segments = filter.member("segments");
    if (segments.is_null() || (segments.is_array() && segments.size() == 0))
        body.object("filter").complain({"required", "must be there when segmentPerBatch is true"},
                                       "segments");
}

new_export_job read_job(const object_reader& body, const json_limits& limits) {
    new_export_job job;
    job.fields = body.text("fields", json::field_list{limits});
    job.merge_policy = read_merge_policy(body.object("mergePolicy"));
    job.filter = read_filter(body.object("filter"), limits);
    job.events = read_events(body.object("additionalFields").object("eventList"), limits);
    const auto destination = body.object("destination");
    job.dataset_id = read_dataset_id(destination);
    job.segment_per_batch = destination.boolean("segmentPerBatch").value_or(false);
    job.schema_name = body.object("schema").required_text("name", bounded_text{});
    job.evaluate_segments = body.object("evaluationInfo").boolean("segmentation");
    if (job.segment_per_batch) require_segments(body);
    return job;
}

} // namespace

result<new_export_job> parse_new_export_job(std::string_view body, const json_limits& limits) {
    json::document document;
    if (auto error = document.parse(body, limits.depth)) return json::unreadable_body(std::move(*error));
    json::finding_list findings;
    auto job = read_job(object_reader(document.root(), findings), limits);
    if (!findings.all.empty())
        return failure{errc::invalid, "The body is no valid export job", std::move(findings.all)};
    return job;
}

} // namespace waybill
