// The floor of the reads: every column and every child row of jobs into plain structs, by hand against
// SQLite's C interface, with a job store's reading pragmas and in one snapshot a call. One thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <waybill/job_page.hpp>
#include <waybill/tenant.hpp>

#include "raw_database.hpp"

namespace waybill::bench {

struct floor_segment {
    std::string id;
    std::string ns;
    std::vector<int> statuses;
};

struct floor_batch {
    std::string id;
    std::int64_t segment = -1;
    std::int64_t rows = -1;
    std::int64_t bytes = -1;
};

struct floor_error {
    std::string code, msg, call_stack;
};

struct floor_counter {
    std::string ns;
    std::int64_t profiles = 0;
};

struct floor_events {
    bool present = false, has_filter = false;
    std::string fields, from, to;
};

/// Numbers that are null are -1, texts that are null are empty.
struct floor_job {
    std::int64_t id, tenant_id, creation_time, update_time, merge_policy_version, segment_per_batch,
        evaluate_segments, has_filter, has_qualification_time, empty_profiles, attempt, attempts_used,
        staging_epoch, publishing, commit_sequence, exported, candidates, profile_export_start,
        profile_export_end, dataset_write_start, dataset_write_end, attempts_allowed, attempt_deadline,
        looked_at;
    std::string org, sandbox, status, request_id, profile_instance_id, schema_name, fields, merge_policy_id,
        dataset_id, qualification_start_time, qualification_end_time, from_ingest_timestamp, engine_job_id;
    std::vector<floor_segment> segments;
    std::vector<floor_batch> batches;
    std::vector<floor_error> errors;
    std::vector<floor_counter> counters;
    floor_events events;
};

// One list of columns for every statement that reads a job, in the order that `read_floor_job` expects.
// clang-format off
#define WAYBILL_FLOOR_JOB \
    "select id, tenant_id, status, creation_time, update_time, request_id, profile_instance_id, schema_name, " \
    "fields, merge_policy_id, merge_policy_version, dataset_id, segment_per_batch, evaluate_segments, has_filter, " \
    "has_qualification_time, qualification_start_time, qualification_end_time, from_ingest_timestamp, " \
    "empty_profiles, attempt, attempts_used, staging_epoch, publishing, commit_sequence, engine_job_id, exported, " \
    "candidates, profile_export_start, profile_export_end, dataset_write_start, dataset_write_end, " \
    "attempts_allowed, attempt_deadline, looked_at " \
    "from export_jobs "
// clang-format on

void read_floor_job(const raw_statement& row, const tenant& owner, floor_job& job);

/// The child rows of jobs: one statement a table for each run of jobs whose ids lie close together. A range
/// of the key measures best of all shapes (a list of parameters, json_each, a join, one job at a time).
class floor_children {
  public:
    explicit floor_children(raw_database& on);
    /// Ids in descending order, as a page has them.
    void read(std::span<floor_job> jobs);

  private:
    void read_run(std::span<floor_job> jobs);
    template <class Add>
    void walk(raw_statement& rows, std::span<floor_job> jobs, Add&& add);

    raw_statement segments_;
    raw_statement statuses_;
    raw_statement batches_;
    raw_statement events_;
    raw_statement errors_;
    raw_statement counters_;
};

class floor_reader {
  public:
    floor_reader(const std::filesystem::path& file, tenant owner);

    /// Whether there is such a job.
    bool find(std::int64_t id, floor_job& job);
    /// Up to `limit` jobs after the position of a job that is there, newest first, and whether another
    /// follows.
    bool list(const cursor& after, std::size_t limit, std::vector<floor_job>& jobs);

  private:
    raw_database database_;
    tenant owner_;
    std::int64_t tenant_id_;
    raw_statement begin_;
    raw_statement end_;
    raw_statement find_;
    raw_statement time_of_;
    raw_statement before_;
    floor_children children_;
};

} // namespace waybill::bench
