// The table export_jobs: its statements, binds and the one reader of a row.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <waybill/export_job.hpp>
#include <waybill/job_page.hpp>

#include "model/milliseconds.hpp"
#include "sql/connection.hpp"
#include "store/creation_order.hpp"

namespace waybill::store {

/// A row: the job without its child rows, and what only the store knows of it.
struct job_row {
    export_job job;
    std::int64_t tenant_id = 0;
    std::int64_t attempts_used = 0;
    std::optional<std::int64_t> staging_epoch;
    bool publishing = false;
    std::int64_t commit_sequence = 0;
};

/// What a listing keeps to.
struct list_filter {
    const tenant& owner;
    std::int64_t tenant_id = 0;
    id_range ids;
    const std::optional<std::string>& segment_id;
    const std::optional<std::string>& dataset_id;
    std::vector<job_status> statuses; ///< each once; empty means any
    std::size_t limit = 0;
};

class job_rows {
  public:
    explicit job_rows(sql::connection& on) : on_(on) {}

    void insert(const job_row& row);
    std::optional<job_row> find(const tenant& owner, job_id id);
    std::optional<job_row> find(job_id id);
    /// Up to `limit` jobs, newest first, without their child rows.
    std::vector<export_job> list(const list_filter& which);
    /// Jobs of older epochs that are `PROCESSING` or `CANCELLING`.
    std::vector<job_row> orphans(std::int64_t epoch);
    std::vector<job_row> cancelling();
    std::vector<job_row> at_work();
    /// The job past its commit point for this dataset; 0 when there is none.
    job_id publishing(std::int64_t tenant_id, std::string_view dataset_id);

    /// The tenant's oldest waiting job, later than `after`, whose dataset nobody works on.
    std::optional<job_row> next_waiting(std::int64_t tenant_id, const tenant& owner, job_id after);
    /// An unfinished job that evaluates this segment of namespace `ups`.
    std::optional<job_id> evaluating(std::int64_t tenant_id, std::string_view segment);
    /// Final jobs that did not change since `before`, oldest first, of those with ids below `below`.
    std::vector<job_id> final_before(job_status status, timestamp before, job_id below, std::size_t most);
    /// Removes a final job with all its rows.
    void remove(job_id id);
    /// The newest job's id and creation time; zeros in an empty store.
    cursor newest();

  private:
    std::vector<export_job> list_of_statuses(const list_filter& which);
    std::vector<export_job> list_by_stretches(const list_filter& which);
    sql::connection& on_;
};

/// The moves. Each answers whether the guard held: that the job stands as the caller believes.
class job_moves {
  public:
    explicit job_moves(sql::connection& on) : on_(on) {}

    void cancel_waiting(job_id id, timestamp now);
    void start_cancelling(job_id id, timestamp now);
    void claim(job_id id, std::int64_t epoch, timestamp now);
    void fail_waiting(job_id id, timestamp now);

    struct guard {
        job_id id;
        std::int64_t attempt;
        std::int64_t epoch; ///< the owner's
    };
    bool mark_publishing(const guard& held, std::int64_t commit_sequence, timestamp now);
    /// How a job stands that may pass its commit point.
    struct mark {
        std::optional<std::int64_t> commit_sequence; ///< it has passed it
        std::int64_t staging_epoch = 0;
        bool dataset_busy = false; ///< a job is past its commit point there
    };
    std::optional<mark> find_mark(const guard& held);
    bool succeed(const guard& held, const job_metrics& metrics, timestamp now);
    bool fail(const guard& held, timestamp now);
    bool put_back(const guard& held, bool uses_attempt, bool hold, timestamp now);
    bool settle_cancelled(const guard& held, timestamp now);
    bool note_progress(const guard& held, std::string_view engine_job_id, const job_metrics& metrics);
    bool take_over(job_id id, std::int64_t attempt, std::int64_t epoch);
    void release(job_id id);
    void release_all();

  private:
    bool changed(sql::query& statement, const guard& held);
    sql::connection& on_;
};

} // namespace waybill::store
