// The tables below export_jobs: segment filters with their statuses, event lists, batches, errors and
// counters by namespace. Each is read by one seek a job: a statement for a whole page costs as much, for it
// seeks the same, and a list of ids must be made and read.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <waybill/export_job.hpp>

#include "sql/connection.hpp"

namespace waybill::store {

class segment_rows {
  public:
    explicit segment_rows(sql::connection& on) : on_(on) {}
    void insert(job_id job, std::span<const segment_filter> filters);
    void read(export_job& job);

  private:
    sql::connection& on_;
};

class event_list_rows {
  public:
    explicit event_list_rows(sql::connection& on) : on_(on) {}
    void insert(job_id job, const event_list& events);
    void read(export_job& job);

  private:
    sql::connection& on_;
};

class batch_rows {
  public:
    explicit batch_rows(sql::connection& on) : on_(on) {}
    void insert(job_id job, std::span<const export_batch> batches);
    void note_totals(job_id job, const export_batch& batch);
    void read(export_job& job);
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
    void read(export_job& job);

  private:
    sql::connection& on_;
};

class counter_rows {
  public:
    explicit counter_rows(sql::connection& on) : on_(on) {}
    /// Each counter becomes the greater of what it was and what is given.
    void raise(job_id job, std::span<const std::pair<std::string, std::int64_t>> counters);
    void clear(job_id job);
    void read(export_job& job);

  private:
    sql::connection& on_;
};

} // namespace waybill::store
