// The tables below export_jobs: segment filters with their statuses, event lists, batches, errors and
// counters by namespace. Each is read for a whole page of jobs by one statement.
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

/// The jobs of a page, to be found by id while their child rows are read.
class job_group {
  public:
    explicit job_group(std::span<export_job* const> jobs);
    export_job& operator[](job_id id) const;
    /// The ids as a JSON array, which SQL reads by json_each.
    const std::string& ids() const noexcept { return ids_; }

  private:
    std::vector<std::pair<job_id, export_job*>> by_id_;
    std::string ids_;
};

class segment_rows {
  public:
    explicit segment_rows(sql::connection& on) : on_(on) {}
    void insert(job_id job, std::span<const segment_filter> filters);
    void read(const job_group& jobs);

  private:
    sql::connection& on_;
};

class event_list_rows {
  public:
    explicit event_list_rows(sql::connection& on) : on_(on) {}
    void insert(job_id job, const event_list& events);
    void read(const job_group& jobs);

  private:
    sql::connection& on_;
};

class batch_rows {
  public:
    explicit batch_rows(sql::connection& on) : on_(on) {}
    void insert(job_id job, std::span<const export_batch> batches);
    void note_totals(const export_batch& batch);
    void read(const job_group& jobs);
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
    void read(const job_group& jobs);

  private:
    sql::connection& on_;
};

class counter_rows {
  public:
    explicit counter_rows(sql::connection& on) : on_(on) {}
    /// Each counter becomes the greater of what it was and what is given.
    void raise(job_id job, std::span<const std::pair<std::string, std::int64_t>> counters);
    void clear(job_id job);
    void read(const job_group& jobs);

  private:
    sql::connection& on_;
};

} // namespace waybill::store
