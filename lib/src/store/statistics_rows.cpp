#include "store/statistics_rows.hpp"

#include "store/job_rows.hpp"

namespace waybill::store {
namespace {

constexpr const char* list_counts = R"(
select t.org, t.sandbox, c.status, c.jobs
from tenants t
cross join job_counts c on c.tenant_id = t.id
order by t.org, t.sandbox)";

// Ids are handed out in the order of creation times, so the smallest is the oldest. `held` stands between the
// status and the id in the index, so each of its values is sought by itself.
constexpr const char* list_oldest_waiting = R"(
select t.org, t.sandbox, j.id, j.creation_time
from job_counts c
cross join tenants t on t.id = c.tenant_id
cross join export_jobs j on j.id = (
    select min(w.id)
    from export_jobs w
    where w.tenant_id = c.tenant_id
        and w.status = 'NEW'
        and w.held = :held)
where c.status = 'NEW'
    and c.jobs > 0)";

constexpr const char* list_running = R"(
select j.id, t.org, t.sandbox, j.dataset_id, j.status, j.attempt, j.publishing, j.exported, j.candidates,
    j.looked_at, coalesce(
    (
        select m.at
        from job_transitions m
        where m.job_id = j.id
            and m.to_status = 'PROCESSING'
        order by m.sequence desc
        limit 1),
    j.update_time)
from export_jobs j indexed by export_jobs_at_work
cross join tenants t on t.id = j.tenant_id
where j.status in ('PROCESSING', 'CANCELLING')
order by j.id
limit :most)";

// An attempt begins with the last move to `PROCESSING`, waiting with the last one to `NEW`.
constexpr const char* list_moves = R"(
select m.sequence, m.from_status is null, m.to_status, m.at - (
    select p.at
    from job_transitions p indexed by job_transitions_by_job
    where p.job_id = m.job_id
        and p.sequence < m.sequence
        and p.to_status = case m.to_status when 'PROCESSING' then 'NEW' else 'PROCESSING' end
        and m.to_status <> 'CANCELLING'
        and m.from_status is not null
    order by p.sequence desc
    limit 1)
from job_transitions m
where m.sequence > :after
order by m.sequence
limit :most)";

constexpr const char* sum_exports = R"(
select coalesce(sum(j.exported), 0), coalesce(sum((
    select sum(b.byte_count)
    from export_batches b
    where b.job_id = j.id)), 0)
from job_transitions m
cross join export_jobs j on j.id = m.job_id
where m.sequence > :after
    and m.sequence <= :last
    and m.to_status = 'SUCCEEDED')";

constexpr const char* find_schema_version = R"(
select max(version)
from schema_migrations)";

/// `took`: since waiting began, for a move to `PROCESSING`, and since the attempt did for the others; nothing
/// where no attempt was.
void add_move(job_status into, std::optional<std::int64_t> took, moves_made& to) {
    ++to.into[into];
    if (!took) return;
    auto& times = into == job_status::processing ? to.waited : to.ran[static_cast<std::size_t>(into)];
    times.add(*took);
}

job_status status_of(const sql::query& row, int column) {
    if (const auto known = parse_job_status(row.view(column))) return *known;
    throw store_failure(store_failure::kind::corrupt,
                        "a row names the unknown status '" + row.text(column) + "'");
}

} // namespace

std::vector<tenant_statistics> statistics_rows::tenants() {
    std::vector<tenant_statistics> all;
    auto rows = on_.prepare(list_counts);
    while (rows.step()) {
        tenant owner{rows.text(0), rows.text(1)};
        if (all.empty() || all.back().owner != owner) all.push_back({std::move(owner), {}, {}});
        all.back().jobs[status_of(rows, 2)] = rows.integer(3);
    }
    return all;
}

std::vector<waiting_job> statistics_rows::oldest_waiting(bool held) {
    std::vector<waiting_job> found;
    auto rows = on_.prepare(list_oldest_waiting);
    rows.bind(":held", std::int64_t{held});
    while (rows.step())
        found.push_back({rows.integer(2), {rows.text(0), rows.text(1)}, to_timestamp(rows.integer(3)), held});
    return found;
}

std::vector<running_job> statistics_rows::running(std::size_t most) {
    std::vector<running_job> found;
    auto rows = on_.prepare(list_running);
    rows.bind(":most", static_cast<std::int64_t>(most));
    while (rows.step())
        found.push_back({rows.integer(0),
                         {rows.text(1), rows.text(2)},
                         rows.text(3),
                         status_of(rows, 4),
                         rows.integer(5),
                         rows.integer(6) != 0,
                         rows.maybe_integer(7),
                         rows.maybe_integer(8),
                         percent_looked_at(rows.maybe_integer(8), rows.integer(9)),
                         to_timestamp(rows.integer(10))});
    return found;
}

std::int64_t statistics_rows::add_moves(std::int64_t after, std::size_t most, moves_made& to) {
    auto last = after;
    auto rows = on_.prepare(list_moves);
    rows.bind(":after", after).bind(":most", static_cast<std::int64_t>(most));
    while (rows.step()) {
        last = rows.integer(0);
        if (rows.integer(1) != 0)
            ++to.created;
        else
            add_move(status_of(rows, 2), rows.maybe_integer(3), to);
    }
    add_exports(after, last, to);
    return last;
}

void statistics_rows::add_exports(std::int64_t after, std::int64_t last, moves_made& to) {
    auto row = on_.prepare(sum_exports);
    row.bind(":after", after).bind(":last", last);
    row.step();
    to.exported_profiles += row.integer(0);
    to.exported_bytes += row.integer(1);
}

int statistics_rows::schema_version() {
    auto row = on_.prepare(find_schema_version);
    row.step();
    return static_cast<int>(row.integer(0));
}

} // namespace waybill::store
