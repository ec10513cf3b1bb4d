#include "store/child_rows.hpp"

namespace waybill::store {
namespace {

constexpr const char* insert_retry = R"(
insert into job_retries (job_id, retry_of)
values (:job_id, :retry_of))";

// By name, for `analyze` may have seen a table of few rows.
constexpr const char* read_retries = R"(
select job_id, retry_of
from job_retries indexed by job_retries_by_job
where job_id between :lowest and :highest
order by job_id)";

constexpr const char* read_retried = R"(
select retry_of, job_id
from job_retries indexed by job_retries_by_ended
where retry_of between :lowest and :highest
order by retry_of)";

} // namespace

void retry_rows::insert(job_id job, job_id retry_of) {
    on_.prepare(insert_retry).bind(":job_id", job).bind(":retry_of", retry_of).run();
}

void retry_rows::read(job_run jobs) {
    read(read_retries, &export_job::retry_of, jobs);
    // Nothing else is tried again.
    if (jobs.any([](const export_job& job) {
            return job.status == job_status::failed || job.status == job_status::cancelled;
        }))
        read(read_retried, &export_job::retried_by, jobs);
}

void retry_rows::read(const char* links, std::optional<job_id> export_job::*member, job_run jobs) {
    auto rows = on_.prepare(links);
    rows.bind(":lowest", jobs.lowest()).bind(":highest", jobs.highest());
    while (rows.step())
        if (auto* const job = jobs.find(rows.integer(0))) job->*member = rows.integer(1);
}

} // namespace waybill::store
