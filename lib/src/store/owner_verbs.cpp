#include <map>

#include <waybill/error_codes.hpp>

#include "store/job_store_impl.hpp"

namespace waybill::store {
namespace {

/// So many jobs that can never run does one claim fail at the most: no transaction may last long.
constexpr std::size_t most_refused = 64;

owned_attempt attempt_of(job_row& row) {
    owned_attempt attempt;
    attempt.key = {row.job.id, row.job.attempt, row.staging_epoch.value_or(0)};
    attempt.publishing = row.publishing;
    attempt.commit_sequence = row.commit_sequence;
    attempt.attempts_used = row.attempts_used;
    attempt.job = std::move(row.job);
    return attempt;
}

std::vector<staging_key> keys_of(const std::vector<job_row>& rows) {
    std::vector<staging_key> keys;
    keys.reserve(rows.size());
    for (const auto& row : rows)
        keys.push_back({row.job.id, row.job.attempt, row.staging_epoch.value_or(0)});
    return keys;
}

/// Of all batches together, where all are known.
std::optional<std::int64_t> rows_of(const std::vector<const published_batch*>& batches) {
    std::int64_t sum = 0;
    for (const auto* const batch : batches) {
        if (!batch->rows) return std::nullopt;
        sum += *batch->rows;
    }
    return sum;
}

} // namespace

void owner_verbs::record(const staging_key& key, std::optional<job_status> from, job_status to,
                         std::string_view actor, std::string_view reason) {
    tables_.record({numbers_.next_transition(), key.job, from, to, options_.now(), key.attempt,
                    numbers_.epoch(), actor, reason});
}

std::vector<owned_attempt> owner_verbs::claim(std::size_t most, const check_function& check,
                                              const room_function& room) {
    std::vector<owned_attempt> claimed;
    if (most == 0) return claimed;
    sql::transaction step(database_);
    // Round and round, a job a tenant, until nobody has one or enough have been looked at.
    auto round = tables_.tenants.turns();
    for (auto& turn : round)
        if (room) turn.room = room(turn.owner);
    std::erase_if(round, [](const auto& turn) { return turn.room == 0; });
    std::vector<std::int64_t> served; // in the order of their last turns
    std::size_t looked_at = 0;
    for (std::size_t at = 0; !round.empty() && claimed.size() < most && looked_at < most + most_refused;) {
        if (at >= round.size()) at = 0;
        auto& turn = round[at];
        auto row = tables_.jobs.next_waiting(turn.tenant_id, turn.owner, turn.looked_at);
        if (!row) {
            round.erase(round.begin() + static_cast<std::ptrdiff_t>(at));
            continue;
        }
        ++looked_at;
        turn.looked_at = row->job.id;
        std::erase(served, turn.tenant_id);
        served.push_back(turn.tenant_id);
        if (auto attempt = claim_or_fail(*row, check)) {
            claimed.push_back(std::move(*attempt));
            --turn.room;
        }
        if (turn.room == 0)
            round.erase(round.begin() + static_cast<std::ptrdiff_t>(at));
        else
            ++at;
    }
    if (served.empty()) return claimed;
    for (const auto tenant_id : served)
        tables_.tenants.note_turn(tenant_id);
    step.commit();
    return claimed;
}

std::optional<owned_attempt> owner_verbs::claim_or_fail(job_row& row, const check_function& check) {
    tables_.complete(row.job);
    row.job.output = tables_.datasets.output_of(row.tenant_id, row.job.request.dataset_id);
    const auto id = row.job.id;
    if (const auto error = check(row.job)) {
        tables_.moves.fail_waiting(id, options_.now());
        tables_.errors.replace(id, std::vector{errors::export_failed.about(), *error});
        record({id, row.job.attempt, 0}, job_status::new_, job_status::failed, "lifecycle", error->msg);
        return std::nullopt;
    }
    tables_.moves.claim(id, numbers_.epoch(), options_.now());
    if (row.job.attempt > 0) tables_.counters.clear(id);
    row.staging_epoch = numbers_.epoch();
    ++row.attempts_used;
    ++row.job.attempt;
    row.job.status = job_status::processing;
    row.job.metrics = {};
    row.job.engine_job_id.clear();
    auto attempt = attempt_of(row);
    record(attempt.key, job_status::new_, job_status::processing, "lifecycle", {});
    return attempt;
}

bool owner_verbs::note_progress(const staging_key& key, std::string_view engine_job_id,
                                const job_metrics& metrics) {
    sql::transaction step(database_);
    if (!tables_.moves.note_progress(guard_of(key), engine_job_id, metrics)) return false;
    tables_.counters.raise(key.job, metrics.exported_by_namespace);
    tables_.changed.push_back(key.job);
    step.commit();
    return true;
}

publish_mark owner_verbs::mark_publishing(const staging_key& key) {
    const auto mark = tables_.moves.find_mark(guard_of(key));
    if (!mark) return {};
    // Marked already: the answer to an earlier call was lost, in a commit that failed after it was durable.
    if (mark->commit_sequence) {
        if (mark->staging_epoch != key.epoch) return {};
        return {publish_mark::outcome::marked, *mark->commit_sequence};
    }
    if (mark->dataset_busy) return {publish_mark::outcome::dataset_busy, 0};
    const auto sequence = numbers_.next_commit_sequence();
    sql::transaction step(database_, sql::transaction::undo::with_outer);
    const bool held = tables_.moves.mark_publishing(guard_of(key), sequence, options_.now());
    if (held) tables_.state.raise(numbers_.used());
    step.commit();
    if (!held) return {};
    return {publish_mark::outcome::marked, sequence};
}

bool owner_verbs::succeed(const staging_key& key, const job_metrics& metrics,
                          const std::vector<export_batch>& batches) {
    sql::transaction step(database_, sql::transaction::undo::with_outer);
    const bool held = tables_.moves.succeed(guard_of(key), metrics, options_.now());
    if (!held) {
        step.commit(); // nothing was written
        return false;
    }
    tables_.counters.raise(key.job, metrics.exported_by_namespace);
    for (const auto& batch : batches)
        tables_.batches.note_totals(key.job, batch);
    record(key, job_status::processing, job_status::succeeded, "lifecycle", {});
    step.commit();
    return true;
}

bool owner_verbs::fail(const staging_key& key, const std::vector<job_error>& errors, std::string_view actor,
                       std::string_view reason) {
    sql::transaction step(database_);
    if (!tables_.moves.fail(guard_of(key), options_.now())) return false;
    tables_.errors.replace(key.job, errors);
    record(key, job_status::processing, job_status::failed, actor, reason);
    step.commit();
    return true;
}

bool owner_verbs::put_back(const staging_key& key, const put_back_options& how) {
    sql::transaction step(database_);
    if (!tables_.moves.put_back(guard_of(key), how.uses_attempt, how.hold, options_.now())) return false;
    record(key, job_status::processing, job_status::new_, how.actor, how.reason);
    step.commit();
    return true;
}

void owner_verbs::release(job_id id) { tables_.moves.release(id); }

bool owner_verbs::settle_cancelled(const staging_key& key) {
    sql::transaction step(database_);
    if (!tables_.moves.settle_cancelled(guard_of(key), options_.now())) return false;
    record(key, job_status::cancelling, job_status::cancelled, "lifecycle", {});
    step.commit();
    return true;
}

std::vector<staging_key> owner_verbs::cancelling() { return keys_of(tables_.jobs.cancelling()); }

std::vector<staging_key> owner_verbs::staged_keys() { return keys_of(tables_.jobs.at_work()); }

std::vector<owned_attempt> owner_verbs::orphans() {
    auto rows = tables_.jobs.orphans(numbers_.epoch());
    std::vector<owned_attempt> found;
    found.reserve(rows.size());
    for (auto& row : rows) {
        tables_.complete(row.job);
        found.push_back(attempt_of(row));
    }
    return found;
}

bool owner_verbs::take_over(const staging_key& key) {
    return tables_.moves.take_over(key.job, key.attempt, numbers_.epoch());
}

std::size_t owner_verbs::acknowledge(const std::vector<published_batch>& published) {
    std::map<job_id, std::vector<const published_batch*>> by_job;
    for (const auto& batch : published) {
        if (!batch.superseded) numbers_.saw_commit_sequence(batch.commit_sequence);
        if (const auto job = tables_.batches.job_of(batch.batch_id); job != 0) by_job[job].push_back(&batch);
    }
    std::size_t count = 0;
    // A job that has its dataset's mark keeps others waiting, also here: so until nothing changes any more.
    for (bool changed = true; changed;) {
        changed = false;
        for (const auto& [job, batches] : by_job) {
            if (!acknowledge_job(job, batches)) continue;
            ++count;
            changed = true;
        }
    }
    return count;
}

/// By the ordinary moves, as if this opening had claimed, marked and published the job. It comes to this
/// after a crash between the publication and its record, and after a restore of an older database.
bool owner_verbs::acknowledge_job(job_id id, const std::vector<const published_batch*>& batches) {
    sql::transaction step(database_);
    auto row = tables_.jobs.find(id);
    if (!row || is_final(row->job.status) || row->job.owner != batches.front()->owner) return false;
    const auto publishing = tables_.jobs.publishing(row->tenant_id, row->job.request.dataset_id);
    // Only after a restore: another job has the dataset's mark. This one is published again by the ordinary
    // way, which finds its batches named and moves nothing.
    if (publishing != 0 && publishing != id) return false;
    constexpr std::string_view actor = "recovery";
    constexpr std::string_view reason = "its batch is published already";
    auto& attempt = row->job.attempt;
    if (row->job.status == job_status::new_) {
        tables_.moves.claim(id, numbers_.epoch(), options_.now());
        tables_.counters.clear(id);
        row->job.metrics = {};
        row->job.engine_job_id.clear();
        ++attempt;
        record({id, attempt, 0}, job_status::new_, job_status::processing, actor, reason);
    } else {
        tables_.moves.take_over(id, attempt, numbers_.epoch());
    }
    const job_moves::guard held{id, attempt, numbers_.epoch()};
    // A restore can bring back a cancel that came to nothing; the table of moves has no other way out of it.
    const bool cancelled = row->job.status == job_status::cancelling;
    if (const auto rows = rows_of(batches)) row->job.metrics.exported = rows;
    if (!cancelled && !row->publishing)
        tables_.moves.mark_publishing(held, batches.front()->commit_sequence, options_.now());
    const auto now = options_.now();
    if (!(cancelled ? tables_.moves.settle_cancelled(held, now)
                    : tables_.moves.succeed(held, row->job.metrics, now)))
        throw store_failure(store_failure::kind::internal,
                            "job " + std::to_string(id) + " is published, but cannot be finished");
    for (const auto* const batch : batches)
        if (batch->rows)
            tables_.batches.note_totals(id, {batch->batch_id, std::nullopt, batch->rows, batch->bytes});
    record({id, attempt, 0}, cancelled ? job_status::cancelling : job_status::processing,
           cancelled ? job_status::cancelled : job_status::succeeded, actor, reason);
    step.commit();
    return !cancelled;
}

} // namespace waybill::store
