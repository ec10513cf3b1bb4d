#include "store/job_tables.hpp"

#include <algorithm>
#include <limits>

namespace waybill::store {

failure no_such_job(job_id id) {
    return {errc::not_found, "there is no export job " + std::to_string(id), {}};
}

void job_tables::complete(std::span<job_row> rows) {
    if (rows.empty()) return;
    std::vector<export_job*> pointers;
    pointers.reserve(rows.size());
    for (auto& row : rows)
        pointers.push_back(&row.job);
    const job_group group(pointers);
    segments.read(group);
    event_lists.read(group);
    batches.read(group);
    errors.read(group);
    counters.read(group);
}

result<export_job> job_tables::find(const tenant& owner, job_id id) {
    auto row = jobs.find(owner, id);
    if (!row) return no_such_job(id);
    complete({&*row, 1});
    return std::move(row->job);
}

result<job_page> job_tables::list(const tenant& owner, const job_query& query) {
    if (query.limit == 0)
        return failure{errc::invalid,
                       "the limit must be at least 1",
                       {{"invalid_value", "expected an integer of at least 1", "?limit"}}};
    constexpr auto newest = std::numeric_limits<std::int64_t>::max();
    // One row more than asked for tells whether another page follows.
    list_filter filter{owner, std::nullopt, query.after.value_or(cursor{newest, newest}), query.limit + 1};
    std::vector<job_row> rows;
    if (query.statuses.empty()) {
        rows = jobs.list(filter);
    } else {
        auto statuses = query.statuses;
        std::sort(statuses.begin(), statuses.end());
        statuses.erase(std::unique(statuses.begin(), statuses.end()), statuses.end());
        for (const auto status : statuses) {
            filter.status = status;
            auto more = jobs.list(filter);
            std::move(more.begin(), more.end(), std::back_inserter(rows));
        }
        std::sort(rows.begin(), rows.end(), [](const job_row& left, const job_row& right) {
            return std::pair(left.job.creation_time, left.job.id) >
                   std::pair(right.job.creation_time, right.job.id);
        });
    }
    job_page page;
    page.more = rows.size() > query.limit;
    if (page.more) rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(query.limit), rows.end());
    complete(rows);
    page.jobs.reserve(rows.size());
    for (auto& row : rows)
        page.jobs.push_back(std::move(row.job));
    return page;
}

} // namespace waybill::store
