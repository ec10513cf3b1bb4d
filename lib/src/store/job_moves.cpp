#include <algorithm>

#include "store/job_rows.hpp"

namespace waybill::store {
namespace {

constexpr const char* cancel_waiting_job = R"(
update export_jobs
set status = 'CANCELLED', held = 0, update_time = max(update_time, :now)
where id = :id
    and status = 'NEW')";

constexpr const char* start_cancelling_job = R"(
update export_jobs
set status = 'CANCELLING', update_time = max(update_time, :now)
where id = :id
    and status = 'PROCESSING'
    and publishing = 0)";

// A new attempt begins with clean counters; errors of the one before are removed with their table's
// statement.
constexpr const char* claim_job = R"(
update export_jobs
set status = 'PROCESSING', attempt = attempt + 1, attempts_used = attempts_used + 1, epoch = :epoch,
    staging_epoch = :epoch, engine_job_id = '', exported = 0, candidates = null, looked_at = 0,
    profile_export_start = null, profile_export_end = null, dataset_write_start = null, dataset_write_end = null,
    update_time = max(update_time, :now)
where id = :id
    and status = 'NEW')";

constexpr const char* fail_waiting_job = R"(
update export_jobs
set status = 'FAILED', update_time = max(update_time, :now)
where id = :id
    and status = 'NEW')";

constexpr const char* mark_job = R"(
update export_jobs
set publishing = 1, commit_sequence = :commit_sequence, update_time = max(update_time, :now)
where id = :id
    and status = 'PROCESSING'
    and publishing = 0
    and attempt = :attempt
    and epoch = :epoch)";

constexpr const char* find_job_mark = R"(
select
    case when j.publishing = 1 then j.commit_sequence end,
    j.staging_epoch,
    exists (
        select 1
        from export_jobs p indexed by export_jobs_publishing
        where p.publishing = 1
            and p.tenant_id = j.tenant_id
            and p.dataset_id = j.dataset_id)
from export_jobs j
where j.id = :id
    and j.status = 'PROCESSING'
    and j.attempt = :attempt
    and j.epoch = :epoch)";

// An attempt's spans lie inside the job's own, also when the wall clock was turned back while it ran.
constexpr const char* succeed_job = R"(
update export_jobs
set status = 'SUCCEEDED', publishing = 0, epoch = null, staging_epoch = null,
    exported = max(exported, :exported), candidates = :candidates, looked_at = max(looked_at, :looked_at),
    profile_export_start = max(:profile_export_start, creation_time),
    profile_export_end = max(:profile_export_end, :profile_export_start, creation_time),
    dataset_write_start = max(:dataset_write_start, creation_time),
    dataset_write_end = max(:dataset_write_end, :dataset_write_start, creation_time),
    update_time = max(update_time, :now, coalesce(max(:profile_export_start, :profile_export_end), 0),
        coalesce(max(:dataset_write_start, :dataset_write_end), 0))
where id = :id
    and status = 'PROCESSING'
    and publishing = 1
    and attempt = :attempt
    and epoch = :epoch)";

constexpr const char* fail_job = R"(
update export_jobs
set status = 'FAILED', publishing = 0, epoch = null, staging_epoch = null,
    update_time = max(update_time, :now, coalesce(profile_export_end, profile_export_start, 0),
        coalesce(dataset_write_end, dataset_write_start, 0))
where id = :id
    and status = 'PROCESSING'
    and attempt = :attempt
    and epoch = :epoch)";

constexpr const char* put_job_back = R"(
update export_jobs
set status = 'NEW', epoch = null, staging_epoch = null, held = :held,
    attempts_used = attempts_used - :unused, update_time = max(update_time, :now)
where id = :id
    and status = 'PROCESSING'
    and publishing = 0
    and attempt = :attempt
    and epoch = :epoch)";

constexpr const char* settle_cancelled_job = R"(
update export_jobs
set status = 'CANCELLED', epoch = null, staging_epoch = null,
    update_time = max(update_time, :now, coalesce(profile_export_end, profile_export_start, 0),
        coalesce(dataset_write_end, dataset_write_start, 0))
where id = :id
    and status = 'CANCELLING'
    and attempt = :attempt
    and epoch = :epoch)";

// Counters only grow within an attempt, whatever an engine says.
constexpr const char* note_job_progress = R"(
update export_jobs
set engine_job_id = :engine_job_id, exported = max(exported, :exported), candidates = :candidates,
    looked_at = max(looked_at, :looked_at),
    profile_export_start = max(:profile_export_start, creation_time),
    profile_export_end = max(:profile_export_end, :profile_export_start, creation_time),
    dataset_write_start = max(:dataset_write_start, creation_time),
    dataset_write_end = max(:dataset_write_end, :dataset_write_start, creation_time)
where id = :id
    and status in ('PROCESSING', 'CANCELLING')
    and attempt = :attempt
    and epoch = :epoch)";

constexpr const char* take_job_over = R"(
update export_jobs
set epoch = :epoch
where id = :id
    and status in ('PROCESSING', 'CANCELLING')
    and attempt = :attempt
    and epoch < :epoch)";

constexpr const char* release_job = R"(
update export_jobs
set held = 0
where id = :id
    and status = 'NEW')";

constexpr const char* release_jobs = R"(
update export_jobs
set held = 0
where tenant_id in (select id from tenants)
    and status = 'NEW'
    and held = 1)";

void bind_span(sql::query& statement, const std::optional<time_span>& span, const char* start,
               const char* end) {
    if (span)
        statement.bind(start, to_integer(span->start));
    else
        statement.bind_null(start);
    if (span && span->end)
        statement.bind(end, to_integer(*span->end));
    else
        statement.bind_null(end);
}

void bind_metrics(sql::query& statement, const job_metrics& metrics) {
    statement.bind(":exported", metrics.exported.value_or(0)).bind(":candidates", metrics.candidates);
    statement.bind(":looked_at", metrics.looked_at);
    bind_span(statement, metrics.profile_export, ":profile_export_start", ":profile_export_end");
    bind_span(statement, metrics.dataset_write, ":dataset_write_start", ":dataset_write_end");
}

} // namespace

void job_moves::cancel_waiting(job_id id, timestamp now) {
    on_.prepare(cancel_waiting_job).bind(":id", id).bind(":now", to_integer(now)).run();
}

void job_moves::start_cancelling(job_id id, timestamp now) {
    on_.prepare(start_cancelling_job).bind(":id", id).bind(":now", to_integer(now)).run();
}

void job_moves::claim(job_id id, std::int64_t epoch, timestamp now) {
    on_.prepare(claim_job).bind(":id", id).bind(":epoch", epoch).bind(":now", to_integer(now)).run();
}

void job_moves::fail_waiting(job_id id, timestamp now) {
    on_.prepare(fail_waiting_job).bind(":id", id).bind(":now", to_integer(now)).run();
}

bool job_moves::changed(sql::query& statement, const guard& held) {
    return statement.bind(":id", held.id).bind(":attempt", held.attempt).bind(":epoch", held.epoch).run() ==
           1;
}

bool job_moves::mark_publishing(const guard& held, std::int64_t commit_sequence, timestamp now) {
    auto statement = on_.prepare(mark_job);
    statement.bind(":commit_sequence", commit_sequence).bind(":now", to_integer(now));
    return changed(statement, held);
}

std::optional<job_moves::mark> job_moves::find_mark(const guard& held) {
    auto row = on_.prepare(find_job_mark);
    row.bind(":id", held.id).bind(":attempt", held.attempt).bind(":epoch", held.epoch);
    if (!row.step()) return std::nullopt;
    return mark{row.maybe_integer(0), row.integer(1), row.integer(2) != 0};
}

bool job_moves::succeed(const guard& held, const job_metrics& metrics, timestamp now) {
    auto statement = on_.prepare(succeed_job);
    bind_metrics(statement, metrics);
    statement.bind(":now", to_integer(now));
    return changed(statement, held);
}

bool job_moves::fail(const guard& held, timestamp now) {
    auto statement = on_.prepare(fail_job);
    statement.bind(":now", to_integer(now));
    return changed(statement, held);
}

bool job_moves::put_back(const guard& held, bool uses_attempt, bool hold, timestamp now) {
    auto statement = on_.prepare(put_job_back);
    statement.bind(":held", std::int64_t{hold})
        .bind(":unused", std::int64_t{!uses_attempt})
        .bind(":now", to_integer(now));
    return changed(statement, held);
}

bool job_moves::settle_cancelled(const guard& held, timestamp now) {
    auto statement = on_.prepare(settle_cancelled_job);
    statement.bind(":now", to_integer(now));
    return changed(statement, held);
}

bool job_moves::note_progress(const guard& held, std::string_view engine_job_id, const job_metrics& metrics) {
    auto statement = on_.prepare(note_job_progress);
    statement.bind(":engine_job_id", engine_job_id);
    bind_metrics(statement, metrics);
    return changed(statement, held);
}

bool job_moves::take_over(job_id id, std::int64_t attempt, std::int64_t epoch) {
    auto statement = on_.prepare(take_job_over);
    return changed(statement, {id, attempt, epoch});
}

void job_moves::release(job_id id) { on_.prepare(release_job).bind(":id", id).run(); }

void job_moves::release_all() { on_.prepare(release_jobs).run(); }

} // namespace waybill::store
