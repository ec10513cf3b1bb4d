#include "store/audit_rows.hpp"

#include <array>
#include <limits>

#include <waybill/result.hpp>

#include "store/job_rows.hpp"

namespace waybill::store {
namespace {

constexpr const char* note_entry = R"(
insert into audit_entries (at, actor, tenant_id, action, job_id, request_id)
values (:at, :actor, :tenant_id, :action, :job_id, :request_id))";

constexpr const char* list_entries = R"(
select a.id, a.at, a.actor, t.org, t.sandbox, a.action, a.job_id, a.request_id
from audit_entries a not indexed
cross join tenants t on t.id = a.tenant_id
where a.id < :before
order by a.id desc
limit :limit)";

constexpr const char* list_of_tenant = R"(
select a.id, a.at, a.actor, t.org, t.sandbox, a.action, a.job_id, a.request_id
from tenants t
cross join audit_entries a indexed by audit_entries_by_tenant on a.tenant_id = t.id
where t.org = :org
    and t.sandbox = :sandbox
    and a.id < :before
order by a.id desc
limit :limit)";

// A job is one tenant's.
constexpr const char* list_of_job = R"(
select a.id, a.at, a.actor, t.org, t.sandbox, a.action, a.job_id, a.request_id
from audit_entries a indexed by audit_entries_by_job
cross join tenants t on t.id = a.tenant_id
where a.job_id = :job_id
    and a.id < :before
    and (:org is null or (t.org = :org and t.sandbox = :sandbox))
order by a.id desc
limit :limit)";

constexpr const char* forget_entries = R"(
delete from audit_entries
where id in (
    select id
    from audit_entries not indexed
    where id > 0
    order by id
    limit :limit)
    and at <= :before)";

constexpr std::array all_actions{audit_action::create, audit_action::cancel, audit_action::retry,
                                 audit_action::remove};

audit_action action_of(std::string_view text) {
    for (const auto action : all_actions)
        if (to_text(action) == text) return action;
    throw store_failure(store_failure::kind::corrupt,
                        "the audit names the unknown action '" + std::string(text) + "'");
}

void bind_tenant(sql::query& rows, const std::optional<tenant>& owner) {
    if (owner)
        rows.bind(":org", owner->org).bind(":sandbox", owner->sandbox);
    else
        rows.bind_null(":org").bind_null(":sandbox");
}

} // namespace

void audit_rows::note(const entry& what) {
    on_.prepare(note_entry)
        .bind(":at", to_integer(what.at))
        .lend(":actor", what.actor)
        .bind(":tenant_id", what.tenant_id)
        .lend(":action", to_text(what.action))
        .bind(":job_id", what.job)
        .lend(":request_id", what.request_id)
        .run();
}

std::vector<audit_entry> audit_rows::list(const audit_query& query) {
    auto rows = on_.prepare(query.job ? list_of_job : query.owner ? list_of_tenant : list_entries);
    if (query.job) rows.bind(":job_id", *query.job);
    if (query.job || query.owner) bind_tenant(rows, query.owner);
    rows.bind(":before", query.before.value_or(std::numeric_limits<std::int64_t>::max()))
        .bind(":limit", static_cast<std::int64_t>(query.limit));
    std::vector<audit_entry> found;
    while (rows.step())
        found.push_back({rows.integer(0),
                         to_timestamp(rows.integer(1)),
                         rows.text(2),
                         {rows.text(3), rows.text(4)},
                         action_of(rows.view(5)),
                         rows.integer(6),
                         rows.text(7)});
    return found;
}

std::int64_t audit_rows::forget(timestamp before, std::int64_t most) {
    return on_.prepare(forget_entries).bind(":before", to_integer(before)).bind(":limit", most).run();
}

} // namespace waybill::store

namespace waybill {

std::string_view to_text(audit_action action) {
    switch (action) {
    case audit_action::create: return "create";
    case audit_action::cancel: return "cancel";
    case audit_action::retry: return "retry";
    case audit_action::remove: return "remove";
    }
    return {};
}

} // namespace waybill
