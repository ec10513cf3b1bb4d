#include "simulation/ledger.hpp"

#include <algorithm>

#include "sql/transaction.hpp"

namespace waybill::test {
namespace {

constexpr const char* data_version = "pragma data_version";
constexpr const char* newest_move = "select coalesce(max(sequence), 0) from job_transitions";
constexpr const char* new_moves = R"(
select sequence, job_id, from_status, to_status, at, attempt, epoch
from job_transitions
where sequence > :after
order by sequence)";
constexpr const char* all_jobs = R"(
select id, status, attempt, attempts_used, held, epoch, staging_epoch, publishing, exported, update_time, dataset_id
from export_jobs
order by id)";
constexpr const char* wrong_counts = R"(
select count(*)
from job_counts c
where c.jobs <> (select count(*) from export_jobs j where j.tenant_id = c.tenant_id and j.status = c.status))";
constexpr const char* foreign_epochs = R"(
select count(*)
from export_jobs
where status in ('PROCESSING', 'CANCELLING')
    and epoch <> :epoch)";

timestamp moment(std::int64_t milliseconds) { return timestamp{std::chrono::milliseconds{milliseconds}}; }

job_status status_at(const sql::query& row, int column) {
    const auto status = parse_job_status(row.view(column));
    promise(status.has_value(), "a status that there is not");
    return *status;
}

std::int64_t number(sql::connection& on, const char* statement) {
    auto row = on.prepare(statement);
    row.step();
    return row.integer(0);
}

} // namespace

std::string described(job_id id, const known_job& job) {
    return "job " + std::to_string(id) + " (" + std::string(to_text(job.status)) + ", attempt " +
           std::to_string(job.attempt) + (job.publishing ? ", publishing" : "") + ")";
}

void ledger::created(const export_job& job, const std::optional<idempotency_key>& once) {
    promise(job.id > highest_id_,
            [&] { return "job id " + std::to_string(job.id) + " is given out again, or runs backwards"; });
    promise(job.creation_time >= latest_creation_, "a creation time runs backwards");
    highest_id_ = job.id;
    latest_creation_ = job.creation_time;
    auto& known = jobs_[job.id];
    known.owner = job.owner;
    known.dataset_id = job.request.dataset_id;
    known.created = known.changed = job.creation_time;
    for (const auto& batch : job.batches)
        known.batch_ids.push_back(batch.batch_id);
    if (once) keys_[{job.owner, once->key}] = {once->fingerprint, job.id, job.creation_time, false};
}

void ledger::cancelled(job_id id, cancel_outcome outcome) {
    if (outcome == cancel_outcome::removed)
        asked_away_.insert(id);
    else
        jobs_.at(id).cancel = true;
}

result<cancel_outcome> ledger::expected_cancel(const tenant& owner, job_id id, timestamp now) const {
    const auto at = jobs_.find(id);
    if (at == jobs_.end() || at->second.owner != owner) return failure{errc::not_found, {}, {}};
    const auto& job = at->second;
    if (job.publishing) return failure{errc::too_late, {}, {}};
    switch (job.status) {
    case job_status::new_: return cancel_outcome::cancelled;
    case job_status::processing: return cancel_outcome::cancelling;
    case job_status::cancelling: return cancel_outcome::repeated;
    case job_status::cancelled:
        if (now < job.changed + std::chrono::minutes{1}) return cancel_outcome::repeated;
        break;
    case job_status::succeeded:
    case job_status::failed: break;
    }
    return cancel_outcome::removed;
}

ledger::expected_create ledger::expect(const tenant& owner, const idempotency_key& once,
                                       timestamp now) const {
    const auto at = keys_.find({owner, once.key});
    if (at == keys_.end() || at->second.made <= now - std::chrono::hours{24}) return {};
    const auto& key = at->second;
    const bool same = key.fingerprint == once.fingerprint && jobs_.contains(key.job);
    return {same ? key.job : 0, key.may_be_forgotten};
}

void ledger::clock_is(timestamp now) {
    for (auto& [name, key] : keys_)
        if (key.made <= now - std::chrono::hours{24}) key.may_be_forgotten = true;
}

void ledger::opened(sql::connection& on, std::int64_t epoch, const retention_now& keep) {
    promise(epoch > epoch_,
            [&] { return "epoch " + std::to_string(epoch) + " comes again, or runs backwards"; });
    epoch_ = epoch;
    last_sequence_ = number(on, newest_move);
    version_ = -1;
    look(on, keep);
}

void ledger::look(sql::connection& on, const retention_now& keep) {
    const auto version = number(on, data_version);
    if (version == version_) return;
    const sql::snapshot one_state(on);
    version_ = number(on, data_version);
    look_again(on, keep);
}

void ledger::look_again(sql::connection& on, const retention_now& keep) {
    read_moves(on);
    read_jobs(on, keep);
    read_counts(on);
}

void ledger::recovered(sql::connection& on) {
    auto row = on.prepare(foreign_epochs);
    row.bind(":epoch", epoch_);
    row.step();
    promise(row.integer(0) == 0, "after a recovery an attempt is still of an older epoch");
}

void ledger::read_moves(sql::connection& on) {
    auto rows = on.prepare(new_moves);
    rows.bind(":after", last_sequence_);
    while (rows.step()) {
        last_sequence_ = rows.integer(0);
        promise(last_sequence_ > highest_sequence_, "a transition's number comes again");
        highest_sequence_ = last_sequence_;
        const auto id = rows.integer(1);
        const auto at = jobs_.find(id);
        promise(at != jobs_.end(),
                [&] { return "job " + std::to_string(id) + " moved, and nobody was ever told of it"; });
        auto& job = at->second;
        const auto to = status_at(rows, 3);
        const auto name = [&] { return described(id, job) + " to " + std::string(to_text(to)); };
        promise(rows.integer(6) == epoch_, [&] { return name() + ": of another epoch than the owner's"; });
        promise(moment(rows.integer(4)) >= job.changed, [&] { return name() + ": its time runs backwards"; });
        if (rows.is_null(2)) {
            promise(!job.noted && to == job_status::new_, [&] { return name() + ": created a second time"; });
            job.noted = true;
            continue;
        }
        promise(status_at(rows, 2) == job.status, [&] { return name() + ": from another status"; });
        promise(may_move(job.status, to), [&] { return name() + ": not in the table of moves"; });
        if (to == job_status::processing) {
            promise(rows.integer(5) == job.attempt + 1,
                    [&] { return name() + ": its attempt's number does not grow by one"; });
            promise(attempts_.insert({id, {rows.integer(5), epoch_}}).second,
                    [&] { return name() + ": an attempt comes again"; });
        } else {
            promise(rows.integer(5) == job.attempt, [&] { return name() + ": of another attempt"; });
        }
        if (job.cancel)
            promise(to == job_status::cancelling || to == job_status::cancelled,
                    [&] { return name() + ": although its cancel was acknowledged"; });
        job.attempt = rows.integer(5);
        job.status = to;
        job.changed = moment(rows.integer(4));
    }
}

void ledger::read_jobs(sql::connection& on, const retention_now& keep) {
    auto rows = on.prepare(all_jobs);
    auto expected = jobs_.begin();
    std::set<std::pair<tenant, std::string>> at_work;
    std::vector<job_id> absent;
    while (rows.step()) {
        const auto id = rows.integer(0);
        for (; expected != jobs_.end() && expected->first < id; ++expected)
            absent.push_back(expected->first);
        promise(expected != jobs_.end() && expected->first == id,
                [&] { return "job " + std::to_string(id) + " is there, and nobody was ever told of it"; });
        auto& job = expected->second;
        compare(rows, job, id, keep);
        if (job.status == job_status::processing || job.status == job_status::cancelling)
            promise(at_work.insert({job.owner, job.dataset_id}).second,
                    [&] { return described(id, job) + ": another attempt works on its dataset too"; });
        ++expected;
    }
    for (; expected != jobs_.end(); ++expected)
        absent.push_back(expected->first);
    for (const auto id : absent) {
        gone(id, jobs_.at(id), keep);
        jobs_.erase(id);
    }
    promise(asked_away_.empty(), "a job that a client was told is removed is still there");
}

void ledger::compare(sql::query& row, known_job& job, job_id id, const retention_now& keep) const {
    const auto name = [&] { return described(id, job); };
    promise(job.noted, [&] { return name() + ": its timeline does not begin"; });
    promise(status_at(row, 1) == job.status,
            [&] { return name() + ": its row has another status than its timeline"; });
    promise(row.integer(2) == job.attempt,
            [&] { return name() + ": its row has another attempt than its timeline"; });
    promise(row.integer(3) <= keep.attempts, [&] { return name() + ": more attempts than it may use"; });
    promise(row.view(10) == job.dataset_id, [&] { return name() + ": another dataset"; });
    const bool working = job.status == job_status::processing || job.status == job_status::cancelling;
    promise(row.is_null(5) != working,
            [&] { return name() + ": an owner without an attempt, or the other way round"; });
    if (working) {
        promise(row.integer(5) <= epoch_ && row.integer(6) <= row.integer(5),
                [&] { return name() + ": an epoch of the future"; });
        promise(row.integer(8) >= job.exported, [&] { return name() + ": its counter runs backwards"; });
        job.exported = row.integer(8);
    } else if (job.status == job_status::new_) {
        job.exported = -1;
    }
    job.held = row.integer(4) != 0;
    promise(!job.publishing || row.integer(7) != 0 || is_final(job.status),
            [&] { return name() + ": its commit point was taken back"; });
    job.publishing = row.integer(7) != 0;
    promise(moment(row.integer(9)) >= job.changed, [&] { return name() + ": its time runs backwards"; });
    job.changed = moment(row.integer(9));
}

void ledger::gone(job_id id, const known_job& job, const retention_now& keep) {
    const auto name = [&] { return described(id, job); };
    promise(is_final(job.status), [&] { return name() + ": an unfinished job is gone"; });
    if (job.status != job_status::succeeded) ended_badly_.insert(id);
    if (asked_away_.erase(id) != 0) return;
    const bool old = std::any_of(keep.rules.begin(), keep.rules.end(), [&](const retention_rule& rule) {
        return rule.status == job.status && job.changed < keep.now - rule.keep;
    });
    promise(old, [&] { return name() + ": gone, although nobody removed it and it is not old enough"; });
}

void ledger::read_counts(sql::connection& on) const {
    promise(number(on, wrong_counts) == 0, "the kept counts are not those of the rows");
}

void ledger::restored(const remembered& then) {
    jobs_ = then.jobs;
    keys_ = then.keys;
    for (auto& [name, key] : keys_)
        key.may_be_forgotten = true;
    asked_away_.clear();
    for (const auto& [id, job] : jobs_)
        ended_badly_.erase(id);
}

} // namespace waybill::test
