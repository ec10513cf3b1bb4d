#include "floor_claimer.hpp"

#include <algorithm>
#include <stdexcept>
#include <unordered_set>

namespace waybill::bench {
namespace {

// `indexed by`: SQLite would take the index of a dataset's jobs, and look at every one of them.
constexpr const char* list_waiting = WAYBILL_FLOOR_JOB R"(
where tenant_id = ?
    and status = 'NEW'
    and held = 0
    and not exists (
        select 1
        from export_jobs a indexed by export_jobs_at_work
        where a.tenant_id = export_jobs.tenant_id
            and a.dataset_id = export_jobs.dataset_id
            and a.status in ('PROCESSING', 'CANCELLING'))
order by id)";

constexpr const char* take_job = R"(
update export_jobs
set status = 'PROCESSING', attempt = attempt + 1, attempts_used = attempts_used + 1, epoch = ?2,
    staging_epoch = ?2, exported = 0, looked_at = 0, update_time = ?3
where id = ?1
    and status = 'NEW')";

constexpr const char* note_turn = R"(
update tenants
set last_turn = last_turn + ?
where id = ?)";

constexpr const char* find_publishing = R"(
select 1
from export_jobs indexed by export_jobs_publishing
where publishing = 1
    and tenant_id = ?
    and dataset_id = ?)";

constexpr const char* mark_job = R"(
update export_jobs
set publishing = 1, commit_sequence = ?, update_time = ?
where id = ?
    and status = 'PROCESSING'
    and publishing = 0
    and attempt = ?
    and epoch = ?)";

constexpr const char* raise_state = R"(
update store_state
set last_job_id = max(last_job_id, ?), last_creation_time = max(last_creation_time, ?),
    last_commit_sequence = max(last_commit_sequence, ?))";

constexpr const char* write_counter = R"(
insert into namespace_counters (job_id, namespace, profiles)
values (?, 'CRMID', ?))";

constexpr const char* note_totals = R"(
update export_batches
set row_count = ?, byte_count = ?
where job_id = ?
    and position = 0)";

constexpr const char* succeed_job = R"(
update export_jobs
set status = 'SUCCEEDED', publishing = 0, epoch = null, staging_epoch = null, exported = ?1,
    candidates = ?1, looked_at = ?1, profile_export_start = ?2, profile_export_end = ?2, dataset_write_start = ?2,
    dataset_write_end = ?2, update_time = ?2
where id = ?3
    and status = 'PROCESSING'
    and publishing = 1
    and attempt = ?4
    and epoch = ?5)";

} // namespace

floor_claimer::floor_claimer(const std::filesystem::path& file, tenant owner)
    : writer_(file),
      owner_(std::move(owner)),
      children_(writer_.database()),
      waiting_(writer_.database(), list_waiting),
      take_(writer_.database(), take_job),
      turn_(writer_.database(), note_turn),
      publishing_(writer_.database(), find_publishing),
      mark_(writer_.database(), mark_job),
      state_(writer_.database(), raise_state),
      counter_(writer_.database(), write_counter),
      totals_(writer_.database(), note_totals),
      succeed_(writer_.database(), succeed_job) {}

std::vector<floor_job> floor_claimer::claim(std::size_t most) {
    auto& numbers = writer_.numbers();
    std::vector<floor_job> claimed;
    claimed.reserve(most);
    std::unordered_set<std::string> datasets;
    writer_.begin();
    waiting_.bind(1, numbers.tenant);
    while (claimed.size() < most && waiting_.row()) {
        auto& job = claimed.emplace_back();
        read_floor_job(waiting_, owner_, job);
        if (!datasets.insert(job.dataset_id).second) claimed.pop_back();
    }
    waiting_.reset();
    ++numbers.time;
    for (auto& job : claimed) {
        children_.read({&job, 1}); // ascending ids, far apart where datasets are busy
        take_.bind(1, job.id);
        take_.bind(2, numbers.epoch);
        take_.bind(3, numbers.time);
        take_.run();
        job.status = "PROCESSING";
        ++job.attempt;
        writer_.append_transition(job.id, "NEW", "PROCESSING", job.attempt, "lifecycle", "");
    }
    turn_.bind(1, static_cast<std::int64_t>(claimed.size()));
    turn_.bind(2, numbers.tenant);
    turn_.run();
    writer_.commit();
    if (claimed.size() != most) throw std::runtime_error("the floor claimed too few jobs");
    return claimed;
}

void floor_claimer::finish(const std::vector<floor_job>& jobs, const finish_numbers& told) {
    auto& numbers = writer_.numbers();
    writer_.begin();
    ++numbers.time;
    for (const auto& job : jobs)
        finish_one(job, told);
    state_.bind(1, numbers.job);
    state_.bind(2, numbers.time);
    state_.bind(3, numbers.commit_sequence);
    state_.run();
    writer_.commit();
}

void floor_claimer::finish_one(const floor_job& job, const finish_numbers& told) {
    auto& numbers = writer_.numbers();
    publishing_.bind(1, numbers.tenant);
    publishing_.bind(2, job.dataset_id);
    if (publishing_.row()) throw std::runtime_error("another job publishes to the dataset");
    mark_.bind(1, ++numbers.commit_sequence);
    mark_.bind(2, numbers.time);
    mark_.bind(3, job.id);
    mark_.bind(4, job.attempt);
    mark_.bind(5, numbers.epoch);
    mark_.run();
    counter_.bind(1, job.id);
    counter_.bind(2, told.rows);
    counter_.run();
    totals_.bind(1, told.rows);
    totals_.bind(2, told.bytes);
    totals_.bind(3, job.id);
    totals_.run();
    succeed_.bind(1, told.rows);
    succeed_.bind(2, numbers.time);
    succeed_.bind(3, job.id);
    succeed_.bind(4, job.attempt);
    succeed_.bind(5, numbers.epoch);
    succeed_.run();
    writer_.append_transition(job.id, "PROCESSING", "SUCCEEDED", job.attempt, "lifecycle", "");
}

} // namespace waybill::bench
