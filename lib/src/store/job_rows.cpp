#include "store/job_rows.hpp"

#include <waybill/result.hpp>

namespace waybill::store {
namespace {

// One list of columns for every reader of a job; `column` below names their places.
// clang-format off
#define WAYBILL_SELECT_JOB \
    "select j.id, j.tenant_id, t.org, t.sandbox, j.status, j.creation_time, j.update_time, j.request_id, " \
    "j.profile_instance_id, j.schema_name, j.fields, j.merge_policy_id, j.merge_policy_version, j.dataset_id, " \
    "j.segment_per_batch, j.evaluate_segments, j.has_filter, j.has_qualification_time, j.qualification_start_time, " \
    "j.qualification_end_time, j.from_ingest_timestamp, j.empty_profiles, j.attempt, j.attempts_used, " \
    "j.staging_epoch, j.publishing, j.commit_sequence, j.engine_job_id, j.exported, j.candidates, " \
    "j.profile_export_start, j.profile_export_end, j.dataset_write_start, j.dataset_write_end " \
    "from export_jobs j " \
    "join tenants t on t.id = j.tenant_id "
// clang-format on

// clang-format off
enum column {
    id, tenant_id, org, sandbox, status, creation_time, update_time, request_id,
    profile_instance_id, schema_name, fields, merge_policy_id, merge_policy_version, dataset_id,
    segment_per_batch, evaluate_segments, has_filter, has_qualification_time, qualification_start_time,
    qualification_end_time, from_ingest_timestamp, empty_profiles, attempt, attempts_used,
    staging_epoch, publishing, commit_sequence, engine_job_id, exported, candidates,
    profile_export_start, profile_export_end, dataset_write_start, dataset_write_end
};
// clang-format on

constexpr const char* insert_job = R"(
insert into export_jobs (
    id, tenant_id, creation_time, update_time, request_id, profile_instance_id, schema_name, fields,
    merge_policy_id, merge_policy_version, dataset_id, segment_per_batch, evaluate_segments, has_filter,
    has_qualification_time, qualification_start_time, qualification_end_time, from_ingest_timestamp, empty_profiles)
values (
    :id, :tenant_id, :creation_time, :creation_time, :request_id, :profile_instance_id, :schema_name, :fields,
    :merge_policy_id, :merge_policy_version, :dataset_id, :segment_per_batch, :evaluate_segments, :has_filter,
    :has_qualification_time, :qualification_start_time, :qualification_end_time, :from_ingest_timestamp,
    :empty_profiles))";

constexpr const char* find_of_tenant = WAYBILL_SELECT_JOB R"(
where j.id = :id
    and t.org = :org
    and t.sandbox = :sandbox)";

constexpr const char* find_any = WAYBILL_SELECT_JOB R"(
where j.id = :id)";

// A listing is two statements, one after the other: what has the cursor's own time, then what is earlier. A row
// value or an OR would seek by time only (the id is the rowid), which is slow among equal times.
constexpr const char* list_same_time = WAYBILL_SELECT_JOB R"(
where j.tenant_id = (select id from tenants where org = :org and sandbox = :sandbox)
    and j.creation_time = :time
    and j.id < :id
order by j.creation_time desc, j.id desc
limit :limit)";

constexpr const char* list_earlier = WAYBILL_SELECT_JOB R"(
where j.tenant_id = (select id from tenants where org = :org and sandbox = :sandbox)
    and j.creation_time < :time
order by j.creation_time desc, j.id desc
limit :limit)";

constexpr const char* list_status_same_time = WAYBILL_SELECT_JOB R"(
where j.tenant_id = (select id from tenants where org = :org and sandbox = :sandbox)
    and j.status = :status
    and j.creation_time = :time
    and j.id < :id
order by j.creation_time desc, j.id desc
limit :limit)";

constexpr const char* list_status_earlier = WAYBILL_SELECT_JOB R"(
where j.tenant_id = (select id from tenants where org = :org and sandbox = :sandbox)
    and j.status = :status
    and j.creation_time < :time
order by j.creation_time desc, j.id desc
limit :limit)";

constexpr const char* list_orphans = WAYBILL_SELECT_JOB R"(
where j.status in ('PROCESSING', 'CANCELLING')
    and j.epoch < :epoch
order by j.id)";

// The second condition is the partial index's own, without which SQLite would not take it.
constexpr const char* list_cancelling = WAYBILL_SELECT_JOB R"(
where j.status = 'CANCELLING'
    and j.status in ('PROCESSING', 'CANCELLING')
order by j.id)";

constexpr const char* list_at_work = WAYBILL_SELECT_JOB R"(
where j.status in ('PROCESSING', 'CANCELLING')
order by j.id)";

constexpr const char* find_next_waiting = WAYBILL_SELECT_JOB R"(
where j.id = (
    select w.id
    from export_jobs w
    where w.tenant_id = t.id
        and w.status = 'NEW'
        and w.held = 0
        and not exists (
            select 1
            from export_jobs a
            where a.tenant_id = w.tenant_id
                and a.dataset_id = w.dataset_id
                and a.status in ('PROCESSING', 'CANCELLING'))
    order by w.id
    limit 1)
order by t.last_turn, t.id
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

constexpr const char* find_newest = R"(
select creation_time, id
from export_jobs
order by id desc
limit 1)";

std::optional<time_span> span_of(const sql::query& row, int start, int end) {
    if (row.is_null(start)) return std::nullopt;
    time_span span{to_timestamp(row.integer(start)), std::nullopt};
    if (!row.is_null(end)) span.end = to_timestamp(row.integer(end));
    return span;
}

std::optional<bool> maybe_flag(const sql::query& row, int at) {
    if (row.is_null(at)) return std::nullopt;
    return row.integer(at) != 0;
}

job_status status_of(const sql::query& row, int at) {
    if (const auto known = parse_job_status(row.view(at))) return *known;
    throw store_failure(store_failure::kind::corrupt, "a job has the unknown status '" + row.text(at) + "'");
}

void read_request(const sql::query& row, new_export_job& request) {
    request.fields = row.maybe_text(fields);
    request.merge_policy = merge_policy_ref{row.text(merge_policy_id), row.maybe_integer(merge_policy_version)};
    if (row.integer(has_filter) != 0) {
        auto& filter = request.filter.emplace();
        filter.from_ingest_timestamp = row.maybe_text(from_ingest_timestamp);
        filter.empty_profiles = maybe_flag(row, empty_profiles);
        if (row.integer(has_qualification_time) != 0)
            filter.qualification_time = qualification_window{row.maybe_text(qualification_start_time),
                                                             row.maybe_text(qualification_end_time)};
    }
    request.dataset_id = row.text(dataset_id);
    request.segment_per_batch = row.integer(segment_per_batch) != 0;
    request.schema_name = row.text(schema_name);
    request.evaluate_segments = maybe_flag(row, evaluate_segments);
    request.request_id = row.text(request_id);
    request.profile_instance_id = row.text(profile_instance_id);
}

job_row read_row(const sql::query& row) {
    job_row read;
    read.tenant_id = row.integer(tenant_id);
    read.attempts_used = row.integer(attempts_used);
    read.staging_epoch = row.maybe_integer(staging_epoch);
    read.publishing = row.integer(publishing) != 0;
    read.commit_sequence = row.maybe_integer(commit_sequence).value_or(0);
    auto& job = read.job;
    job.id = row.integer(id);
    job.owner = {row.text(org), row.text(sandbox)};
    job.status = status_of(row, status);
    job.creation_time = to_timestamp(row.integer(creation_time));
    job.update_time = to_timestamp(row.integer(update_time));
    job.attempt = row.integer(attempt);
    job.engine_job_id = row.text(engine_job_id);
    job.metrics.exported = row.maybe_integer(exported);
    job.metrics.candidates = row.maybe_integer(candidates);
    job.metrics.profile_export = span_of(row, profile_export_start, profile_export_end);
    job.metrics.dataset_write = span_of(row, dataset_write_start, dataset_write_end);
    read_request(row, job.request);
    return read;
}

std::vector<job_row> read_all(sql::query& rows) {
    std::vector<job_row> all;
    while (rows.step()) all.push_back(read_row(rows));
    return all;
}

std::optional<job_row> read_one(sql::query& rows) {
    if (!rows.step()) return std::nullopt;
    return read_row(rows);
}

std::optional<std::int64_t> maybe_number(const std::optional<bool>& flag) {
    if (!flag) return std::nullopt;
    return *flag ? 1 : 0;
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
        .bind(":request_id", request.request_id)
        .bind(":profile_instance_id", request.profile_instance_id)
        .bind(":schema_name", request.schema_name)
        .bind(":fields", request.fields)
        .bind(":merge_policy_id", request.merge_policy.value().id)
        .bind(":merge_policy_version", request.merge_policy.value().version)
        .bind(":dataset_id", request.dataset_id)
        .bind(":segment_per_batch", std::int64_t{request.segment_per_batch})
        .bind(":evaluate_segments", maybe_number(request.evaluate_segments))
        .bind(":has_filter", std::int64_t{request.filter.has_value()})
        .bind(":has_qualification_time", std::int64_t{filter.qualification_time.has_value()})
        .bind(":qualification_start_time", window.start_time)
        .bind(":qualification_end_time", window.end_time)
        .bind(":from_ingest_timestamp", filter.from_ingest_timestamp)
        .bind(":empty_profiles", maybe_number(filter.empty_profiles))
        .run();
}

std::optional<job_row> job_rows::find(const tenant& owner, job_id wanted) {
    auto rows = on_.prepare(find_of_tenant);
    rows.bind(":id", wanted).bind(":org", owner.org).bind(":sandbox", owner.sandbox);
    return read_one(rows);
}

std::optional<job_row> job_rows::find(job_id wanted) {
    auto rows = on_.prepare(find_any);
    rows.bind(":id", wanted);
    return read_one(rows);
}

std::vector<job_row> job_rows::list(const list_filter& which) {
    const auto bind = [&](sql::query& rows, std::size_t limit) {
        rows.bind(":org", which.owner.org)
            .bind(":sandbox", which.owner.sandbox)
            .bind(":time", which.after.creation_time)
            .bind(":limit", static_cast<std::int64_t>(limit));
        if (which.status) rows.bind(":status", to_text(*which.status));
    };
    auto same_time = on_.prepare(which.status ? list_status_same_time : list_same_time);
    bind(same_time, which.limit);
    same_time.bind(":id", which.after.id);
    auto listed = read_all(same_time);
    if (listed.size() < which.limit) {
        auto earlier = on_.prepare(which.status ? list_status_earlier : list_earlier);
        bind(earlier, which.limit - listed.size());
        while (earlier.step()) listed.push_back(read_row(earlier));
    }
    return listed;
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

std::optional<job_row> job_rows::next_waiting() {
    auto rows = on_.prepare(find_next_waiting);
    return read_one(rows);
}

job_id job_rows::publishing(std::int64_t of_tenant, std::string_view of_dataset) {
    auto rows = on_.prepare(find_publishing);
    rows.bind(":tenant_id", of_tenant).bind(":dataset_id", of_dataset);
    return rows.step() ? rows.integer(0) : 0;
}

void job_rows::remove(job_id gone) { on_.prepare(remove_job).bind(":id", gone).run(); }

cursor job_rows::newest() {
    auto rows = on_.prepare(find_newest);
    if (!rows.step()) return {};
    return {rows.integer(0), rows.integer(1)};
}

} // namespace waybill::store
