#include "store/child_rows.hpp"

namespace waybill::store {
namespace {

constexpr const char* clear_errors = R"(
delete from job_errors
where job_id = :job_id)";

constexpr const char* insert_error = R"(
insert into job_errors (job_id, position, code, msg, call_stack)
values (:job_id, :position, :code, :msg, :call_stack))";

constexpr const char* read_errors = R"(
select job_id, code, msg, call_stack
from job_errors
where job_id between :lowest and :highest
order by job_id, position)";

} // namespace

void error_rows::replace(job_id job, std::span<const job_error> errors) {
    on_.prepare(clear_errors).bind(":job_id", job).run();
    auto row = on_.prepare(insert_error);
    std::int64_t position = 0;
    for (const auto& error : errors) {
        row.reset();
        row.bind(":job_id", job)
            .bind(":position", position++)
            .bind(":code", error.code)
            .bind(":msg", error.msg)
            .bind(":call_stack", error.call_stack)
            .run();
    }
}

void error_rows::read(job_run jobs) {
    if (!jobs.any([](const export_job& job) { return job.status == job_status::failed; })) return;
    auto rows = on_.prepare(read_errors);
    rows.bind(":lowest", jobs.lowest()).bind(":highest", jobs.highest());
    while (rows.step())
        if (auto* const job = jobs.find(rows.integer(0)))
            job->errors.push_back({rows.text(1), rows.text(2), rows.text(3)});
}

} // namespace waybill::store
