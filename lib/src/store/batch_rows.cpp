#include "store/child_rows.hpp"

namespace waybill::store {
namespace {

constexpr const char* insert_batch = R"(
insert into export_batches (job_id, position, batch_id, segment_position)
values (:job_id, :position, :batch_id, :segment_position))";

constexpr const char* note_batch_totals = R"(
update export_batches
set row_count = :row_count, byte_count = :byte_count
where batch_id = :batch_id)";

constexpr const char* read_batches = R"(
select job_id, batch_id, segment_position, row_count, byte_count
from export_batches
where job_id in (select value from json_each(:ids))
order by job_id, position)";

constexpr const char* find_job_of_batch = R"(
select job_id
from export_batches
where batch_id = :batch_id)";

} // namespace

void batch_rows::insert(job_id job, std::span<const export_batch> batches) {
    auto row = on_.prepare(insert_batch);
    std::int64_t position = 0;
    for (const auto& batch : batches) {
        row.reset();
        row.bind(":job_id", job).bind(":position", position++).bind(":batch_id", batch.batch_id);
        if (batch.segment)
            row.bind(":segment_position", static_cast<std::int64_t>(*batch.segment));
        else
            row.bind_null(":segment_position");
        row.run();
    }
}

void batch_rows::note_totals(const export_batch& batch) {
    on_.prepare(note_batch_totals)
        .bind(":batch_id", batch.batch_id)
        .bind(":row_count", batch.rows)
        .bind(":byte_count", batch.bytes)
        .run();
}

void batch_rows::read(const job_group& jobs) {
    auto rows = on_.prepare(read_batches);
    rows.bind(":ids", jobs.ids());
    while (rows.step()) {
        export_batch batch{rows.text(1), {}, rows.maybe_integer(3), rows.maybe_integer(4)};
        if (const auto segment = rows.maybe_integer(2)) batch.segment = static_cast<std::size_t>(*segment);
        jobs[rows.integer(0)].batches.push_back(std::move(batch));
    }
}

job_id batch_rows::job_of(std::string_view batch_id) {
    auto row = on_.prepare(find_job_of_batch);
    row.bind(":batch_id", batch_id);
    return row.step() ? row.integer(0) : 0;
}

} // namespace waybill::store
