#include <waybill/result.hpp>

#include "store/child_rows.hpp"

namespace waybill::store {
namespace {

constexpr const char* insert_filter = R"(
insert into segment_filters (job_id, position, segment_id, segment_ns)
values (:job_id, :position, :segment_id, :segment_ns))";

constexpr const char* insert_status = R"(
insert into segment_filter_statuses (job_id, position, status_position, status)
values (:job_id, :position, :status_position, :status))";

constexpr const char* list_filters = R"(
select job_id, segment_id, segment_ns
from segment_filters
where job_id between :lowest and :highest
order by job_id, position)";

constexpr const char* list_statuses = R"(
select job_id, position, status
from segment_filter_statuses
where job_id between :lowest and :highest
order by job_id, position, status_position)";

} // namespace

void segment_rows::insert(job_id job, std::span<const segment_filter> filters) {
    auto filter_row = on_.prepare(insert_filter);
    auto status_row = on_.prepare(insert_status);
    std::int64_t position = 0;
    for (const auto& filter : filters) {
        filter_row.reset();
        filter_row.bind(":job_id", job)
            .bind(":position", position)
            .lend(":segment_id", filter.segment_id)
            .lend(":segment_ns", filter.segment_ns)
            .run();
        std::int64_t status_position = 0;
        for (const auto status : filter.statuses) {
            status_row.reset();
            status_row.bind(":job_id", job)
                .bind(":position", position)
                .bind(":status_position", status_position++)
                .lend(":status", to_text(status))
                .run();
        }
        ++position;
    }
}

void segment_rows::read(job_run jobs) {
    if (!jobs.any([](const export_job& job) { return job.request.filter.has_value(); })) return;
    read_filters(jobs);
    read_statuses(jobs);
}

void segment_rows::read_filters(job_run jobs) {
    auto rows = on_.prepare(list_filters);
    rows.bind(":lowest", jobs.lowest()).bind(":highest", jobs.highest());
    while (rows.step()) {
        auto* const job = jobs.find(rows.integer(0));
        if (job == nullptr) continue;
        auto& segment = job->request.filter.value().segments.emplace_back();
        segment.segment_id = rows.text(1);
        segment.segment_ns = rows.text(2);
        segment.statuses.clear();
    }
}

void segment_rows::read_statuses(job_run jobs) {
    auto rows = on_.prepare(list_statuses);
    rows.bind(":lowest", jobs.lowest()).bind(":highest", jobs.highest());
    while (rows.step()) {
        auto* const job = jobs.find(rows.integer(0));
        if (job == nullptr) continue;
        const auto status = parse_membership_status(rows.view(2));
        if (!status)
            throw store_failure(store_failure::kind::corrupt, "a segment filter has an unknown status");
        auto& segments = job->request.filter.value().segments;
        segments.at(static_cast<std::size_t>(rows.integer(1))).statuses.push_back(*status);
    }
}

} // namespace waybill::store
