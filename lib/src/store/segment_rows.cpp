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

constexpr const char* read_filters = R"(
select segment_id, segment_ns
from segment_filters
where job_id = :job_id
order by position)";

constexpr const char* read_statuses = R"(
select position, status
from segment_filter_statuses
where job_id = :job_id
order by position, status_position)";

} // namespace

void segment_rows::insert(job_id job, std::span<const segment_filter> filters) {
    auto filter_row = on_.prepare(insert_filter);
    auto status_row = on_.prepare(insert_status);
    std::int64_t position = 0;
    for (const auto& filter : filters) {
        filter_row.reset();
        filter_row.bind(":job_id", job)
            .bind(":position", position)
            .bind(":segment_id", filter.segment_id)
            .bind(":segment_ns", filter.segment_ns)
            .run();
        std::int64_t status_position = 0;
        for (const auto status : filter.statuses) {
            status_row.reset();
            status_row.bind(":job_id", job)
                .bind(":position", position)
                .bind(":status_position", status_position++)
                .bind(":status", to_text(status))
                .run();
        }
        ++position;
    }
}

void segment_rows::read(export_job& job) {
    if (!job.request.filter) return;
    auto& segments = job.request.filter->segments;
    auto filters = on_.prepare(read_filters);
    filters.bind(":job_id", job.id);
    while (filters.step()) {
        auto& segment = segments.emplace_back();
        segment.segment_id = filters.text(0);
        segment.segment_ns = filters.text(1);
        segment.statuses.clear();
    }
    if (segments.empty()) return;
    auto statuses = on_.prepare(read_statuses);
    statuses.bind(":job_id", job.id);
    while (statuses.step()) {
        const auto status = parse_membership_status(statuses.view(1));
        if (!status)
            throw store_failure(store_failure::kind::corrupt, "a segment filter has an unknown status");
        segments.at(static_cast<std::size_t>(statuses.integer(0))).statuses.push_back(*status);
    }
}

} // namespace waybill::store
