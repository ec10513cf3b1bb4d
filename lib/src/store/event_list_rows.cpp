#include "store/child_rows.hpp"

namespace waybill::store {
namespace {

constexpr const char* insert_event_list = R"(
insert into event_lists (job_id, fields, has_filter, from_ingest_timestamp, to_ingest_timestamp)
values (:job_id, :fields, :has_filter, :from_ingest_timestamp, :to_ingest_timestamp))";

constexpr const char* read_lists = R"(
select job_id, fields, has_filter, from_ingest_timestamp, to_ingest_timestamp
from event_lists
where job_id between :lowest and :highest
order by job_id)";

} // namespace

void event_list_rows::insert(job_id job, const event_list& events) {
    const auto filter = events.filter.value_or(event_filter{});
    on_.prepare(insert_event_list)
        .bind(":job_id", job)
        .bind(":fields", events.fields)
        .bind(":has_filter", std::int64_t{events.filter.has_value()})
        .bind(":from_ingest_timestamp", filter.from_ingest_timestamp)
        .bind(":to_ingest_timestamp", filter.to_ingest_timestamp)
        .run();
}

void event_list_rows::read(job_run jobs) {
    auto rows = on_.prepare(read_lists);
    rows.bind(":lowest", jobs.lowest()).bind(":highest", jobs.highest());
    while (rows.step()) {
        auto* const job = jobs.find(rows.integer(0));
        if (job == nullptr) continue;
        auto& events = job->request.events.emplace();
        events.fields = rows.maybe_text(1);
        if (rows.integer(2) != 0) events.filter = event_filter{rows.maybe_text(3), rows.maybe_text(4)};
    }
}

} // namespace waybill::store
