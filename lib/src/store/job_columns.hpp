// The columns of a job as every statement selects them, and the one reader of such a row.
#pragma once

#include "sql/connection.hpp"
#include "store/job_rows.hpp"

// One list of columns for every reader of a job, in the order that job_columns.cpp reads them in.
// clang-format off
#define WAYBILL_JOB_COLUMNS \
    "j.id, j.tenant_id, j.status, j.creation_time, j.update_time, j.request_id, " \
    "j.profile_instance_id, j.schema_name, j.fields, j.merge_policy_id, j.merge_policy_version, j.dataset_id, " \
    "j.segment_per_batch, j.evaluate_segments, j.has_filter, j.has_qualification_time, j.qualification_start_time, " \
    "j.qualification_end_time, j.from_ingest_timestamp, j.empty_profiles, j.attempt, j.attempts_used, " \
    "j.staging_epoch, j.publishing, j.commit_sequence, j.engine_job_id, j.exported, j.candidates, " \
    "j.profile_export_start, j.profile_export_end, j.dataset_write_start, j.dataset_write_end, " \
    "j.attempts_allowed, j.attempt_deadline, j.looked_at"
// clang-format on

// For those who know the tenant …
#define WAYBILL_SELECT_JOB "select " WAYBILL_JOB_COLUMNS " from export_jobs j "
// … and for those who see every one.
#define WAYBILL_SELECT_JOB_OF_ANY                                                                            \
    "select " WAYBILL_JOB_COLUMNS                                                                            \
    ", t.org, t.sandbox from export_jobs j join tenants t on t.id = j.tenant_id "
// The same of those that are `PROCESSING` or `CANCELLING`, which the statement must say once more.
#define WAYBILL_SELECT_JOB_AT_WORK                                                                           \
    "select " WAYBILL_JOB_COLUMNS                                                                            \
    ", t.org, t.sandbox from export_jobs j indexed by export_jobs_at_work cross join tenants t on t.id = "   \
    "j.tenant_id "

namespace waybill::store {

/// The row that a statement with WAYBILL_JOB_COLUMNS stands at.
void read_job(const sql::query& row, const tenant& owner, export_job& job);
/// The row that a statement beginning with WAYBILL_SELECT_JOB stands at.
job_row read_job_row(const sql::query& row, const tenant& owner);
/// The row that a statement beginning with one of the other two stands at.
job_row read_job_row(const sql::query& row);

} // namespace waybill::store
