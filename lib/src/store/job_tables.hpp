// All tables of a job store on one connection, and the one way to read whole jobs from them.
#pragma once

#include <span>
#include <vector>

#include <waybill/job_page.hpp>
#include <waybill/result.hpp>

#include "sql/connection.hpp"
#include "store/audit_rows.hpp"
#include "store/child_rows.hpp"
#include "store/creation_order.hpp"
#include "store/dataset_rows.hpp"
#include "store/idempotency_rows.hpp"
#include "store/job_rows.hpp"
#include "store/state_row.hpp"
#include "store/tenant_rows.hpp"
#include "store/transition_rows.hpp"

namespace waybill::store {

struct job_tables {
    explicit job_tables(sql::connection& on)
        : order(on),
          jobs(on),
          moves(on),
          segments(on),
          event_lists(on),
          batches(on),
          errors(on),
          counters(on),
          retries(on),
          transitions(on),
          tenants(on),
          keys(on),
          audit(on),
          datasets(on),
          state(on) {}

    creation_order order;
    job_rows jobs;
    job_moves moves;
    segment_rows segments;
    event_list_rows event_lists;
    batch_rows batches;
    error_rows errors;
    counter_rows counters;
    retry_rows retries;
    transition_rows transitions;
    tenant_rows tenants;
    idempotency_rows keys;
    audit_rows audit;
    dataset_rows datasets;
    state_row state;

    std::vector<job_id> changed; ///< since the last commit, for `job_store::on_change`

    /// Writes a new job with its child rows.
    void insert(const job_row& row);
    /// Writes a move, or a creation.
    void record(const transition_rows::entry& move);
    /// With all of its rows.
    void remove(job_id id);
    /// Reads the child rows.
    void complete(export_job& job);
    void complete(job_run run);
    result<export_job> find(const tenant& owner, job_id id);
    void complete_page(std::span<export_job> page); ///< newest first
    result<job_page> list(const tenant& owner, const job_query& query);
};

failure no_such_job(job_id id);

} // namespace waybill::store
