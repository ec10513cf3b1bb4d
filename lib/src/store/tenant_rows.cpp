#include "store/tenant_rows.hpp"

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

constexpr const char* note_tenant_turn = R"(
update tenants
set last_turn = (select max(last_turn) + 1 from tenants)
where id = :id)";

} // namespace

std::optional<std::int64_t> tenant_rows::find(const tenant& owner) {
    auto row = on_.prepare(find_tenant);
    row.lend(":org", owner.org).lend(":sandbox", owner.sandbox);
    if (!row.step()) return std::nullopt;
    return row.integer(0);
}

std::int64_t tenant_rows::id_of(const tenant& owner) {
    if (const auto known = find(owner)) return *known;
    on_.prepare(insert_tenant).bind(":org", owner.org).bind(":sandbox", owner.sandbox).run();
    return on_.last_insert_id();
}

void tenant_rows::note_turn(std::int64_t tenant_id) {
    on_.prepare(note_tenant_turn).bind(":id", tenant_id).run();
}

} // namespace waybill::store
