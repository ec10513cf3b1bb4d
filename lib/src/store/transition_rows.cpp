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

constexpr const char* list_transitions = R"(
select sequence, from_status, to_status, at, attempt, epoch, actor, reason
from job_transitions
where job_id = :job_id
order by sequence)";

constexpr const char* newest_transition = R"(
select coalesce(max(sequence), 0)
from job_transitions)";

} // namespace

void transition_rows::append(const entry& move) {
    auto row = on_.prepare(append_transition);
    row.bind(":sequence", move.sequence).bind(":job_id", move.job);
    if (move.from)
        row.lend(":from_status", to_text(*move.from));
    else
        row.bind_null(":from_status");
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
    while (rows.step()) {
        job_transition move;
        move.sequence = rows.integer(0);
        if (!rows.is_null(1)) move.from = parse_job_status(rows.view(1));
        move.to = parse_job_status(rows.view(2)).value();
        move.at = timestamp{std::chrono::milliseconds{rows.integer(3)}};
        move.attempt = rows.integer(4);
        move.epoch = rows.integer(5);
        move.actor = rows.text(6);
        move.reason = rows.text(7);
        timeline.push_back(std::move(move));
    }
    return timeline;
}

std::int64_t transition_rows::newest() {
    auto row = on_.prepare(newest_transition);
    return row.step() ? row.integer(0) : 0;
}

} // namespace waybill::store
