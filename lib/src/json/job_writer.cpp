#include <waybill/json.hpp>

#include <algorithm>
#include <limits>

#include "json/object_writer.hpp"

namespace waybill {
namespace {

using json::append_array;
using json::object_writer;

void text_if_sent(object_writer& to, std::string_view name, const std::optional<std::string>& sent) {
    if (sent) to.text(name, *sent);
}

void append_segment(object_writer& to, const segment_filter& segment) {
    to.text("segmentId", segment.segment_id);
    to.text("segmentNs", segment.segment_ns);
    auto& out = to.member("status");
    append_array(out, segment.statuses, [&](auto status) { json::append_string(out, to_text(status)); });
}

void append_batch(std::string& out, const export_batch& batch, const std::vector<segment_filter>& segments) {
    object_writer to(out);
    if (batch.segment && *batch.segment < segments.size()) append_segment(to, segments[*batch.segment]);
    to.text("batchId", batch.batch_id);
}

void append_destination(std::string& out, const export_job& job) {
    static const std::vector<segment_filter> no_segments;
    const auto& request = job.request;
    object_writer to(out);
    to.text("datasetId", request.dataset_id);
    to.boolean("segmentPerBatch", request.segment_per_batch);
    if (request.segment_per_batch) {
        const auto& segments = request.filter ? request.filter->segments : no_segments;
        to.member("batches");
        append_array(out, job.batches, [&](const auto& batch) { append_batch(out, batch, segments); });
    } else if (!job.batches.empty()) {
        to.text("batchId", job.batches.front().batch_id);
    }
}

void append_window(std::string& out, const qualification_window& window) {
    object_writer to(out);
    text_if_sent(to, "startTime", window.start_time);
    text_if_sent(to, "endTime", window.end_time);
}

void append_filter(std::string& out, const job_filter& filter) {
    object_writer to(out);
    if (!filter.segments.empty()) {
        to.member("segments");
        append_array(out, filter.segments, [&](const auto& segment) {
            object_writer entry(out);
            append_segment(entry, segment);
        });
    }
    if (filter.qualification_time)
        append_window(to.member("segmentQualificationTime"), *filter.qualification_time);
    text_if_sent(to, "fromIngestTimestamp", filter.from_ingest_timestamp);
    if (filter.empty_profiles) to.boolean("emptyProfiles", *filter.empty_profiles);
}

void append_event_filter(std::string& out, const event_filter& filter) {
    object_writer to(out);
    text_if_sent(to, "fromIngestTimestamp", filter.from_ingest_timestamp);
    text_if_sent(to, "toIngestTimestamp", filter.to_ingest_timestamp);
}

void append_additional_fields(std::string& out, const event_list& events) {
    object_writer to(out);
    object_writer list(to.member("eventList"));
    text_if_sent(list, "fields", events.fields);
    if (events.filter) append_event_filter(list.member("filter"), *events.filter);
}

void append_merge_policy(std::string& out, const merge_policy_ref& policy) {
    object_writer to(out);
    to.text("id", policy.id);
    if (policy.version) to.integer("version", *policy.version);
}

void append_error(std::string& out, const job_error& error) {
    object_writer to(out);
    to.text("code", error.code);
    to.text("msg", error.msg);
    to.text("callStack", error.call_stack);
}

void append_span(std::string& out, const time_span& span) {
    object_writer to(out);
    to.integer("startTimeInMs", span.start.time_since_epoch().count());
    if (!span.end) return;
    to.integer("endTimeInMs", span.end->time_since_epoch().count());
    to.integer("totalTimeInMs", (*span.end - span.start).count());
}

void append_progress(std::string& out, const job_metrics& metrics, job_status status) {
    const auto looked_at = percent_looked_at(metrics.candidates, metrics.looked_at).value_or(0);
    object_writer to(out);
    to.integer("percent", status == job_status::succeeded ? 100 : looked_at);
    to.integer("exported", metrics.exported.value_or(0));
    to.integer("candidates", metrics.candidates.value_or(0));
}

/// The names come from the profiles, so that they may need escaping.
void append_counters(std::string& out, const job_metrics& metrics) {
    out += '{';
    for (const auto& [name, count] : metrics.exported_by_namespace) {
        if (out.back() != '{') out += ',';
        json::append_string(out, name);
        out += ':';
        json::append_integer(out, count);
    }
    out += '}';
}

void append_metrics(std::string& out, const export_job& job) {
    const auto& metrics = job.metrics;
    object_writer to(out);
    const auto end = is_final(job.status) ? std::optional(job.update_time) : std::nullopt;
    append_span(to.member("totalTime"), {job.creation_time, end});
    if (metrics.profile_export) append_span(to.member("profileExportTime"), *metrics.profile_export);
    if (metrics.dataset_write) append_span(to.member("aCPDatasetWriteTime"), *metrics.dataset_write);
    if (metrics.exported) {
        to.integer("totalExportedProfileCounter", *metrics.exported);
        append_counters(to.member("exportedProfileByNamespaceCounter"), metrics);
    }
    if (metrics.candidates) append_progress(to.member("progress"), metrics, job.status);
}

} // namespace

void append_json(std::string& out, const export_job& job) {
    const auto& request = job.request;
    object_writer to(out);
    to.integer("id", job.id);
    to.text("jobType", "BATCH");
    append_destination(to.member("destination"), job);
    text_if_sent(to, "fields", request.fields);
    object_writer(to.member("schema")).text("name", request.schema_name);
    to.text("imsOrgId", job.owner.org);
    to.text("status", to_text(job.status));
    if (request.filter) append_filter(to.member("filter"), *request.filter);
    if (request.events) append_additional_fields(to.member("additionalFields"), *request.events);
    if (request.merge_policy) append_merge_policy(to.member("mergePolicy"), *request.merge_policy);
    if (request.evaluate_segments)
        object_writer(to.member("evaluationInfo")).boolean("segmentation", *request.evaluate_segments);
    to.text("profileInstanceId", request.profile_instance_id);
    if (!job.errors.empty()) {
        to.member("errors");
        append_array(out, job.errors, [&](const auto& error) { append_error(out, error); });
    }
    append_metrics(to.member("metrics"), job);
    object_writer(to.member("computeGatewayJobId")).text("exportJob", job.engine_job_id);
    to.integer("creationTime", job.creation_time.time_since_epoch().count());
    to.integer("updateTime", job.update_time.time_since_epoch().count());
    to.text("requestId", request.request_id);
    if (job.retry_of) to.integer("retryOf", *job.retry_of);
    if (job.retried_by) to.integer("retriedBy", *job.retried_by);
}

} // namespace waybill
