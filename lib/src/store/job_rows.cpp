#include "store/job_rows.hpp"

#include "store/job_columns.hpp"

namespace waybill::store {
namespace {

constexpr const char* insert_job = R"(
insert into export_jobs (
    id, tenant_id, creation_time, update_time, request_id, profile_instance_id, schema_name, fields,
    merge_policy_id, merge_policy_version, dataset_id, segment_per_batch, evaluate_segments, has_filter,
    has_qualification_time, qualification_start_time, qualification_end_time, from_ingest_timestamp, empty_profiles,
    attempts_allowed, attempt_deadline)
values (
    :id, :tenant_id, :creation_time, :creation_time, :request_id, :profile_instance_id, :schema_name, :fields,
    :merge_policy_id, :merge_policy_version, :dataset_id, :segment_per_batch, :evaluate_segments, :has_filter,
    :has_qualification_time, :qualification_start_time, :qualification_end_time, :from_ingest_timestamp,
    :empty_profiles, :attempts_allowed, :attempt_deadline))";

constexpr const char* find_of_tenant = WAYBILL_SELECT_JOB R"(
where j.id = :id
    and j.tenant_id = (select id from tenants where org = :org and sandbox = :sandbox))";

constexpr const char* find_any = WAYBILL_SELECT_JOB_OF_ANY R"(
where j.id = :id)";

constexpr const char* list_orphans = WAYBILL_SELECT_JOB_AT_WORK R"(
where j.status in ('PROCESSING', 'CANCELLING')
    and j.epoch < :epoch
order by j.id)";

// The second condition is the partial index's own, without which SQLite would not take it.
constexpr const char* list_cancelling = WAYBILL_SELECT_JOB_AT_WORK R"(
where j.status = 'CANCELLING'
    and j.status in ('PROCESSING', 'CANCELLING')
order by j.id)";

constexpr const char* list_at_work = WAYBILL_SELECT_JOB_AT_WORK R"(
where j.status in ('PROCESSING', 'CANCELLING')
order by j.id)";

// A tenant's jobs that wait, oldest first, from the one that was looked at last on. What a job's evaluation
// makes of a membership depends on the one before, so those that evaluate the same segment take turns, too.
constexpr const char* find_next_waiting = WAYBILL_SELECT_JOB R"(indexed by export_jobs_by_status
where j.tenant_id = :tenant_id
    and j.status = 'NEW'
    and j.held = 0
    and j.id > :after
    and not exists (
        select 1
        from export_jobs a indexed by export_jobs_at_work
        where a.tenant_id = :tenant_id
            and a.dataset_id = j.dataset_id
            and a.status in ('PROCESSING', 'CANCELLING'))
    and (j.evaluate_segments is not 1 or not exists (
        select 1
        from export_jobs e indexed by export_jobs_at_work
        cross join segment_filters theirs on theirs.job_id = e.id
        cross join segment_filters ours on ours.job_id = j.id
        where e.tenant_id = :tenant_id
            and e.status in ('PROCESSING', 'CANCELLING')
            and e.evaluate_segments = 1
            and ours.segment_id = theirs.segment_id))
order by j.id
limit 1)";

constexpr const char* find_publishing = R"(
select id
from export_jobs
where publishing = 1
    and tenant_id = :tenant_id
    and dataset_id = :dataset_id)";

constexpr const char* remove_job = R"(
delete from export_jobs
where id = :id)";

// A final job has not changed since it became final.
constexpr const char* list_final_before = R"(
select j.id
from tenants t
cross join export_jobs j indexed by export_jobs_by_status
where j.tenant_id = t.id
    and j.status = :status
    and j.held = 0
    and j.id < :below
    and j.update_time < :before
limit :limit)";

constexpr const char* find_newest = R"(
select creation_time, id
from export_jobs
where id = (select max(id) from export_jobs))";

std::vector<job_row> read_all(sql::query& rows) {
    std::vector<job_row> all;
    while (rows.step())
        all.push_back(read_job_row(rows));
    return all;
}

std::optional<job_row> read_one(sql::query& rows) {
    if (!rows.step()) return std::nullopt;
    return read_job_row(rows);
}

std::optional<std::int64_t> maybe_number(const std::optional<bool>& flag) {
    if (!flag) return std::nullopt;
    return *flag ? 1 : 0;
}

std::optional<std::int64_t> maybe_number(const std::optional<std::chrono::milliseconds>& span) {
    if (!span) return std::nullopt;
    return span->count();
}

} // namespace

void job_rows::insert(const job_row& row) {
    const auto& request = row.job.request;
    static const job_filter no_filter;
    const auto& filter = request.filter ? *request.filter : no_filter;
    const auto window = filter.qualification_time.value_or(qualification_window{});
    on_.prepare(insert_job)
        .bind(":id", row.job.id)
        .bind(":tenant_id", row.tenant_id)
        .bind(":creation_time", to_integer(row.job.creation_time))
        .lend(":request_id", request.request_id)
        .lend(":profile_instance_id", request.profile_instance_id)
        .lend(":schema_name", request.schema_name)
        .lend(":fields", request.fields)
        .lend(":merge_policy_id", request.merge_policy.value().id)
        .bind(":merge_policy_version", request.merge_policy.value().version)
        .lend(":dataset_id", request.dataset_id)
        .bind(":segment_per_batch", std::int64_t{request.segment_per_batch})
        .bind(":evaluate_segments", maybe_number(request.evaluate_segments))
        .bind(":has_filter", std::int64_t{request.filter.has_value()})
        .bind(":has_qualification_time", std::int64_t{filter.qualification_time.has_value()})
        .lend(":qualification_start_time", window.start_time)
        .lend(":qualification_end_time", window.end_time)
        .lend(":from_ingest_timestamp", filter.from_ingest_timestamp)
        .bind(":empty_profiles", maybe_number(filter.empty_profiles))
        .bind(":attempts_allowed", request.attempts)
        .bind(":attempt_deadline", maybe_number(request.attempt_deadline))
        .run();
}

std::optional<job_row> job_rows::find(const tenant& owner, job_id wanted) {
    auto rows = on_.prepare(find_of_tenant);
    rows.bind(":id", wanted).bind(":org", owner.org).bind(":sandbox", owner.sandbox);
    if (!rows.step()) return std::nullopt;
    return read_job_row(rows, owner);
}

std::optional<job_row> job_rows::find(job_id wanted) {
    auto rows = on_.prepare(find_any);
    rows.bind(":id", wanted);
    return read_one(rows);
}

std::vector<job_row> job_rows::orphans(std::int64_t epoch) {
    auto rows = on_.prepare(list_orphans);
    rows.bind(":epoch", epoch);
    return read_all(rows);
}

std::vector<job_row> job_rows::cancelling() {
    auto rows = on_.prepare(list_cancelling);
    return read_all(rows);
}

std::vector<job_row> job_rows::at_work() {
    auto rows = on_.prepare(list_at_work);
    return read_all(rows);
}

std::optional<job_row> job_rows::next_waiting(std::int64_t of_tenant, const tenant& owner, job_id after) {
    auto rows = on_.prepare(find_next_waiting);
    rows.bind(":tenant_id", of_tenant).bind(":after", after);
    if (!rows.step()) return std::nullopt;
    return read_job_row(rows, owner);
}

job_id job_rows::publishing(std::int64_t of_tenant, std::string_view of_dataset) {
    auto rows = on_.prepare(find_publishing);
    rows.bind(":tenant_id", of_tenant).bind(":dataset_id", of_dataset);
    return rows.step() ? rows.integer(0) : 0;
}

std::vector<job_id> job_rows::final_before(job_status of_status, timestamp before, job_id below,
                                           std::size_t most) {
    auto rows = on_.prepare(list_final_before);
    rows.bind(":status", to_text(of_status))
        .bind(":below", below)
        .bind(":before", to_integer(before))
        .bind(":limit", static_cast<std::int64_t>(most));
    std::vector<job_id> old;
    while (rows.step())
        old.push_back(rows.integer(0));
    return old;
}

void job_rows::remove(job_id gone) { on_.prepare(remove_job).bind(":id", gone).run(); }

cursor job_rows::newest() {
    auto rows = on_.prepare(find_newest);
    if (!rows.step()) return {};
    return {rows.integer(0), rows.integer(1)};
}

} // namespace waybill::store
