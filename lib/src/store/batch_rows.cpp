#include "store/child_rows.hpp"

#include <waybill/batch_id.hpp>

namespace waybill::store {
namespace {

constexpr const char* insert_batch = R"(
insert into export_batches (job_id, position, batch_id, segment_position)
values (:job_id, :position, :batch_id, :segment_position))";

constexpr const char* note_batch_totals = R"(
update export_batches
set row_count = :row_count, byte_count = :byte_count
where job_id = :job_id
    and batch_id = :batch_id)";

constexpr const char* read_batches = R"(
select job_id, batch_id, segment_position, row_count, byte_count
from export_batches
where job_id between :lowest and :highest
order by job_id, position)";

constexpr const char* find_job_of_batch = R"(
select job_id
from export_batches
where job_id = :job_id
    and batch_id = :batch_id)";

} // namespace

void batch_rows::insert(job_id job, std::span<const export_batch> batches) {
    auto row = on_.prepare(insert_batch);
    std::int64_t position = 0;
    for (const auto& batch : batches) {
        row.reset();
        row.bind(":job_id", job).bind(":position", position++).lend(":batch_id", batch.batch_id);
        if (batch.segment)
            row.bind(":segment_position", static_cast<std::int64_t>(*batch.segment));
        else
            row.bind_null(":segment_position");
        row.run();
    }
}

void batch_rows::note_totals(job_id job, const export_batch& batch) {
    on_.prepare(note_batch_totals)
        .bind(":row_count", batch.rows)
        .bind(":byte_count", batch.bytes)
        .bind(":job_id", job)
        .bind(":batch_id", batch.batch_id)
        .run();
}

void batch_rows::read(job_run jobs) {
    auto rows = on_.prepare(read_batches);
    rows.bind(":lowest", jobs.lowest()).bind(":highest", jobs.highest());
    while (rows.step()) {
        auto* const job = jobs.find(rows.integer(0));
        if (job == nullptr) continue;
        auto& batch = job->batches.emplace_back();
        batch.batch_id = rows.text(1);
        if (const auto segment = rows.maybe_integer(2)) batch.segment = static_cast<std::size_t>(*segment);
        batch.rows = rows.maybe_integer(3);
        batch.bytes = rows.maybe_integer(4);
    }
}

job_id batch_rows::job_of(std::string_view batch_id) {
    auto row = on_.prepare(find_job_of_batch);
    row.bind(":job_id", job_of_batch(batch_id)).bind(":batch_id", batch_id);
    return row.step() ? row.integer(0) : 0;
}

} // namespace waybill::store
