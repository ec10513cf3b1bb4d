#include "store/transition_rows.hpp"

namespace waybill::store {
namespace {

// The job's own time is written first and never runs backwards, so its timeline does not either.
constexpr const char* append_transition = R"(
insert into job_transitions (sequence, job_id, from_status, to_status, at, attempt, epoch, actor, reason)
values (
    :sequence, :job_id, :from_status, :to_status,
    max(:at, (select update_time from export_jobs where id = :job_id)),
    :attempt, :epoch, :actor, :reason))";

// A new job's time is its creation time.
constexpr const char* append_creation = R"(
insert into job_transitions (sequence, job_id, from_status, to_status, at, attempt, epoch, actor, reason)
values (:sequence, :job_id, null, :to_status, :at, :attempt, :epoch, :actor, :reason))";

constexpr const char* list_transitions = R"(
select sequence, from_status, to_status, at, attempt, epoch, actor, reason
from job_transitions
where job_id = :job_id
order by sequence)";

constexpr const char* list_after = R"(
select m.sequence, m.from_status, m.to_status, m.at, m.attempt, m.epoch, m.actor, m.reason, m.job_id, t.org, t.sandbox
from job_transitions m
cross join export_jobs j not indexed on j.id = m.job_id
cross join tenants t on t.id = j.tenant_id
where m.sequence > :sequence
order by m.sequence
limit :most)";

constexpr const char* newest_transition = R"(
select coalesce(max(sequence), 0)
from job_transitions)";

job_transition read_transition(const sql::query& row) {
    job_transition move;
    move.sequence = row.integer(0);
    if (!row.is_null(1)) move.from = parse_job_status(row.view(1));
    move.to = parse_job_status(row.view(2)).value();
    move.at = timestamp{std::chrono::milliseconds{row.integer(3)}};
    move.attempt = row.integer(4);
    move.epoch = row.integer(5);
    move.actor = row.text(6);
    move.reason = row.text(7);
    return move;
}

} // namespace

void transition_rows::append(const entry& move) {
    auto row = on_.prepare(move.from ? append_transition : append_creation);
    row.bind(":sequence", move.sequence).bind(":job_id", move.job);
    if (move.from) row.lend(":from_status", to_text(*move.from));
    row.lend(":to_status", to_text(move.to))
        .bind(":at", move.at.time_since_epoch().count())
        .bind(":attempt", move.attempt)
        .bind(":epoch", move.epoch)
        .lend(":actor", move.actor)
        .lend(":reason", move.reason)
        .run();
}

std::vector<job_transition> transition_rows::of_job(job_id job) {
    std::vector<job_transition> timeline;
    auto rows = on_.prepare(list_transitions);
    rows.bind(":job_id", job);
    while (rows.step())
        timeline.push_back(read_transition(rows));
    return timeline;
}

std::vector<recorded_transition> transition_rows::after(std::int64_t sequence, std::size_t most) {
    std::vector<recorded_transition> moves;
    auto rows = on_.prepare(list_after);
    rows.bind(":sequence", sequence).bind(":most", static_cast<std::int64_t>(most));
    while (rows.step())
        moves.push_back({{rows.text(9), rows.text(10)}, rows.integer(8), read_transition(rows)});
    return moves;
}

std::int64_t transition_rows::newest() {
    auto row = on_.prepare(newest_transition);
    return row.step() ? row.integer(0) : 0;
}

} // namespace waybill::store
