// The tables below export_jobs: segment filters with their statuses, event lists, batches, errors, counters
// by namespace and retries. They lie in the order of the jobs, so those of a page are read as one stretch of
// each table, and what belongs to others in between is stepped over.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <waybill/export_job.hpp>

#include "sql/connection.hpp"

namespace waybill::store {

/// Jobs of a page, newest first, whose ids lie close together; walked from the oldest on.
class job_run {
  public:
    explicit job_run(std::span<export_job> jobs) : jobs_(jobs), at_(jobs.rbegin()) {}

    job_id lowest() const { return jobs_.back().id; }
    job_id highest() const { return jobs_.front().id; }
    bool any(bool (*is)(const export_job&)) const { return std::any_of(jobs_.begin(), jobs_.end(), is); }
    /// The job with this id, which is not lower than the one before; null when it is not on the page.
    export_job* find(job_id id) {
        while (at_ != jobs_.rend() && at_->id < id)
            ++at_;
        return at_ != jobs_.rend() && at_->id == id ? &*at_ : nullptr;
    }

  private:
    std::span<export_job> jobs_;
    std::span<export_job>::reverse_iterator at_;
};

class segment_rows {
  public:
    explicit segment_rows(sql::connection& on) : on_(on) {}
    void insert(job_id job, std::span<const segment_filter> filters);
    void read(job_run jobs);

  private:
    void read_filters(job_run jobs);
    void read_statuses(job_run jobs);
    sql::connection& on_;
};

class event_list_rows {
  public:
    explicit event_list_rows(sql::connection& on) : on_(on) {}
    void insert(job_id job, const event_list& events);
    void read(job_run jobs);

  private:
    sql::connection& on_;
};

class batch_rows {
  public:
    explicit batch_rows(sql::connection& on) : on_(on) {}
    void insert(job_id job, std::span<const export_batch> batches);
    void note_totals(job_id job, const export_batch& batch);
    void read(job_run jobs);
    /// The job that this batch belongs to; 0 when there is none.
    job_id job_of(std::string_view batch_id);

  private:
    sql::connection& on_;
};

class error_rows {
  public:
    explicit error_rows(sql::connection& on) : on_(on) {}
    /// Takes the place of the errors that the job had.
    void replace(job_id job, std::span<const job_error> errors);
    void read(job_run jobs);

  private:
    sql::connection& on_;
};

/// Which job tries which again.
class retry_rows {
  public:
    explicit retry_rows(sql::connection& on) : on_(on) {}
    void insert(job_id job, job_id retry_of);
    void read(job_run jobs);

  private:
    void read(const char* links, std::optional<job_id> export_job::*member, job_run jobs);
    sql::connection& on_;
};

class counter_rows {
  public:
    explicit counter_rows(sql::connection& on) : on_(on) {}
    /// Each counter becomes the greater of what it was and what is given.
    void raise(job_id job, std::span<const std::pair<std::string, std::int64_t>> counters);
    void clear(job_id job);
    void read(job_run jobs);

  private:
    sql::connection& on_;
};

} // namespace waybill::store
