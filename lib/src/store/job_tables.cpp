#include "store/job_tables.hpp"

#include <algorithm>

namespace waybill::store {

failure no_such_job(job_id id) {
    return {errc::not_found, "there is no export job " + std::to_string(id), {}};
}

void job_tables::insert(const job_row& row) {
    const auto id = row.job.id;
    const auto& request = row.job.request;
    jobs.insert(row);
    if (request.filter) segments.insert(id, request.filter->segments);
    if (request.events) event_lists.insert(id, *request.events);
    batches.insert(id, row.job.batches);
}

void job_tables::record(const transition_rows::entry& move) {
    transitions.append(move);
    changed.push_back(move.job);
}

void job_tables::remove(job_id id) {
    jobs.remove(id);
    changed.push_back(id);
}

void job_tables::complete(export_job& job) { complete(job_run({&job, 1})); }

void job_tables::complete(job_run run) {
    segments.read(run);
    event_lists.read(run);
    batches.read(run);
    errors.read(run);
    counters.read(run);
    retries.read(run);
}

/// A gap costs the rows of so many jobs to step over; a new run costs five seeks.
void job_tables::complete_page(std::span<export_job> page) {
    constexpr job_id widest_gap = 8;
    for (std::size_t begin = 0, end = 0; begin < page.size(); begin = end) {
        for (end = begin + 1; end < page.size() && page[end - 1].id - page[end].id <= widest_gap;)
            ++end;
        complete(job_run(page.subspan(begin, end - begin)));
    }
}

result<export_job> job_tables::find(const tenant& owner, job_id id) {
    auto row = jobs.find(owner, id);
    if (!row) return no_such_job(id);
    complete(row->job);
    return std::move(row->job);
}

result<job_page> job_tables::list(const tenant& owner, const job_query& query) {
    if (query.limit == 0)
        return failure{errc::invalid,
                       "the limit must be at least 1",
                       {{"invalid_value", "expected an integer of at least 1", "?limit"}}};
    job_page page;
    const auto tenant_id = tenants.find(owner);
    if (!tenant_id) return page; // whoever has no jobs has no row
    auto statuses = query.statuses;
    std::sort(statuses.begin(), statuses.end());
    statuses.erase(std::unique(statuses.begin(), statuses.end()), statuses.end());
    if (statuses.size() == all_job_statuses.size()) statuses.clear();
    // One job more than asked for tells whether another page follows.
    page.jobs = jobs.list({owner, *tenant_id, order.range_of(query), query.segment_id, query.dataset_id,
                           std::move(statuses), query.limit + 1});
    page.more = page.jobs.size() > query.limit;
    if (page.more) page.jobs.resize(query.limit);
    complete_page(page.jobs);
    return page;
}

} // namespace waybill::store
