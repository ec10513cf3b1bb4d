#include "store/tenant_rows.hpp"

#include <utility>

namespace waybill::store {
namespace {

constexpr const char* find_tenant = R"(
select id
from tenants
where org = :org
    and sandbox = :sandbox)";

// A new tenant queues up behind those that wait already, and before those that had a turn since.
constexpr const char* insert_tenant = R"(
insert into tenants (org, sandbox)
values (:org, :sandbox))";

constexpr const char* list_turns = R"(
select t.id, t.org, t.sandbox
from tenants t
where exists (
    select 1
    from export_jobs w indexed by export_jobs_by_status
    where w.tenant_id = t.id
        and w.status = 'NEW'
        and w.held = 0)
order by t.last_turn, t.id)";

constexpr const char* count_unfinished = R"(
select coalesce(sum(jobs), 0)
from job_counts
where tenant_id = :id
    and status in ('NEW', 'PROCESSING', 'CANCELLING'))";

constexpr const char* note_tenant_turn = R"(
update tenants
set last_turn = (select max(last_turn) + 1 from tenants)
where id = :id)";

} // namespace

std::optional<std::int64_t> tenant_rows::find(const tenant& owner) {
    if (std::exchange(undone_, on_.undone()) != on_.undone()) known_.clear();
    if (const auto known = known_.find(owner); known != known_.end()) return known->second;
    auto row = on_.prepare(find_tenant);
    row.lend(":org", owner.org).lend(":sandbox", owner.sandbox);
    if (!row.step()) return std::nullopt;
    return known_[owner] = row.integer(0);
}

std::int64_t tenant_rows::id_of(const tenant& owner) {
    if (const auto known = find(owner)) return *known;
    on_.prepare(insert_tenant).bind(":org", owner.org).bind(":sandbox", owner.sandbox).run();
    return known_[owner] = on_.last_insert_id();
}

std::vector<tenant_rows::turn> tenant_rows::turns() {
    std::vector<turn> waiting;
    auto rows = on_.prepare(list_turns);
    while (rows.step())
        waiting.push_back({rows.integer(0), {rows.text(1), rows.text(2)}, 0});
    return waiting;
}

std::int64_t tenant_rows::unfinished(std::int64_t tenant_id) {
    auto row = on_.prepare(count_unfinished);
    row.bind(":id", tenant_id);
    return row.step() ? row.integer(0) : 0;
}

void tenant_rows::note_turn(std::int64_t tenant_id) {
    on_.prepare(note_tenant_turn).bind(":id", tenant_id).run();
}

} // namespace waybill::store
