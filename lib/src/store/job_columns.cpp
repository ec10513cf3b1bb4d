#include "store/job_columns.hpp"

#include <waybill/result.hpp>

namespace waybill::store {
namespace {

// clang-format off
enum column {
    id, tenant_id, status, creation_time, update_time, request_id,
    profile_instance_id, schema_name, fields, merge_policy_id, merge_policy_version, dataset_id,
    segment_per_batch, evaluate_segments, has_filter, has_qualification_time, qualification_start_time,
    qualification_end_time, from_ingest_timestamp, empty_profiles, attempt, attempts_used,
    staging_epoch, publishing, commit_sequence, engine_job_id, exported, candidates,
    profile_export_start, profile_export_end, dataset_write_start, dataset_write_end,
    attempts_allowed, attempt_deadline, looked_at,
    org, sandbox
};
// clang-format on

std::optional<time_span> span_of(const sql::query& row, int start, int end) {
    if (row.is_null(start)) return std::nullopt;
    time_span span{to_timestamp(row.integer(start)), std::nullopt};
    if (!row.is_null(end)) span.end = to_timestamp(row.integer(end));
    return span;
}

std::optional<bool> maybe_flag(const sql::query& row, int at) {
    if (row.is_null(at)) return std::nullopt;
    return row.integer(at) != 0;
}

job_status status_of(const sql::query& row, int at) {
    if (const auto known = parse_job_status(row.view(at))) return *known;
    throw store_failure(store_failure::kind::corrupt, "a job has the unknown status '" + row.text(at) + "'");
}

void read_request(const sql::query& row, new_export_job& request) {
    request.fields = row.maybe_text(fields);
    request.merge_policy =
        merge_policy_ref{row.text(merge_policy_id), row.maybe_integer(merge_policy_version)};
    if (row.integer(has_filter) != 0) {
        auto& filter = request.filter.emplace();
        filter.from_ingest_timestamp = row.maybe_text(from_ingest_timestamp);
        filter.empty_profiles = maybe_flag(row, empty_profiles);
        if (row.integer(has_qualification_time) != 0)
            filter.qualification_time = qualification_window{row.maybe_text(qualification_start_time),
                                                             row.maybe_text(qualification_end_time)};
    }
    request.dataset_id = row.text(dataset_id);
    request.segment_per_batch = row.integer(segment_per_batch) != 0;
    request.schema_name = row.text(schema_name);
    request.evaluate_segments = maybe_flag(row, evaluate_segments);
    request.request_id = row.text(request_id);
    request.profile_instance_id = row.text(profile_instance_id);
    request.attempts = row.maybe_integer(attempts_allowed);
    if (const auto deadline = row.maybe_integer(attempt_deadline))
        request.attempt_deadline = std::chrono::milliseconds{*deadline};
}

} // namespace

void read_job(const sql::query& row, const tenant& owner, export_job& job) {
    job.id = row.integer(id);
    job.owner = owner;
    job.status = status_of(row, status);
    job.creation_time = to_timestamp(row.integer(creation_time));
    job.update_time = to_timestamp(row.integer(update_time));
    job.attempt = row.integer(attempt);
    job.engine_job_id = row.text(engine_job_id);
    job.metrics.exported = row.maybe_integer(exported);
    job.metrics.candidates = row.maybe_integer(candidates);
    job.metrics.looked_at = row.integer(looked_at);
    job.metrics.profile_export = span_of(row, profile_export_start, profile_export_end);
    job.metrics.dataset_write = span_of(row, dataset_write_start, dataset_write_end);
    read_request(row, job.request);
}

job_row read_job_row(const sql::query& row, const tenant& owner) {
    job_row read;
    read.tenant_id = row.integer(tenant_id);
    read.attempts_used = row.integer(attempts_used);
    read.staging_epoch = row.maybe_integer(staging_epoch);
    read.publishing = row.integer(publishing) != 0;
    read.commit_sequence = row.maybe_integer(commit_sequence).value_or(0);
    read_job(row, owner, read.job);
    return read;
}

job_row read_job_row(const sql::query& row) { return read_job_row(row, {row.text(org), row.text(sandbox)}); }

} // namespace waybill::store
