#include "segments/member_rows.hpp"

#include <array>

#include "model/milliseconds.hpp"
#include "segments/segment_tenants.hpp"

namespace waybill::segments {
namespace {

constexpr const char* select_population = R"(
select populations.id
from tenants
join populations on populations.tenant_id = tenants.id
where tenants.org = :org and tenants.sandbox = :sandbox and populations.merge_policy = :policy)";

constexpr const char* insert_population = R"(
insert into populations (tenant_id, merge_policy)
values (:tenant, :policy))";

constexpr const char* select_evaluated = R"(
select id, segment_id
from evaluated_segments
where population_id = :population)";

constexpr const char* select_namespaces = R"(
select folded, id
from namespaces)";

constexpr const char* select_namespace = R"(
select id
from namespaces
where folded = :folded)";

constexpr const char* insert_namespace = R"(
insert into namespaces (folded)
values (:folded))";

constexpr const char* select_members = R"(
select segment_id, status, qualified_at, evaluated_at, entry
from members
where population_id = :population and namespace_id = :namespace and identity = :identity)";

constexpr const char* select_identities = R"(
select namespaces.folded, members.identity
from members indexed by members_by_segment
join namespaces on namespaces.id = members.namespace_id
where members.segment_id = :segment and members.status in (:first, :second, :third))";

constexpr const char* upsert_segment = R"(
insert into evaluated_segments (population_id, segment_id, job_id, commit_sequence, evaluated_at)
values (:population, :segment, :job, :sequence, :evaluated_at)
on conflict (population_id, segment_id) do update
set job_id = excluded.job_id, commit_sequence = excluded.commit_sequence, evaluated_at = excluded.evaluated_at
where evaluated_segments.commit_sequence < excluded.commit_sequence
returning id)";

constexpr const char* upsert_member = R"(
insert into members (population_id, namespace_id, identity, segment_id, status, qualified_at, evaluated_at, entry)
values (:population, :namespace, :identity, :segment, :status, :qualified_at, :evaluated_at, :entry)
on conflict do update
set status = excluded.status, qualified_at = excluded.qualified_at, evaluated_at = excluded.evaluated_at,
    entry = excluded.entry)";

constexpr const char* delete_member = R"(
delete from members
where population_id = :population and namespace_id = :namespace and identity = :identity
      and segment_id = :segment)";

} // namespace

std::optional<std::int64_t> find_population(sql::connection& on, const tenant& owner,
                                            std::string_view merge_policy) {
    auto row = on.prepare(select_population);
    row.lend(":org", owner.org).lend(":sandbox", owner.sandbox).lend(":policy", merge_policy);
    return row.step() ? row.maybe_integer(0) : std::nullopt;
}

std::unordered_map<std::int64_t, std::string> evaluated_segments(sql::connection& on,
                                                                 std::int64_t population) {
    std::unordered_map<std::int64_t, std::string> known;
    auto rows = on.prepare(select_evaluated);
    rows.bind(":population", population);
    while (rows.step())
        known.emplace(rows.integer(0), rows.text(1));
    return known;
}

std::unordered_map<std::string, std::int64_t> identity_namespaces(sql::connection& on) {
    std::unordered_map<std::string, std::int64_t> known;
    auto rows = on.prepare(select_namespaces);
    while (rows.step())
        known.emplace(rows.text(0), rows.integer(1));
    return known;
}

void read_members_of(sql::connection& on, std::int64_t population, std::int64_t namespace_id,
                     std::string_view identity, std::vector<member>& out) {
    auto rows = on.prepare(select_members);
    rows.bind(":population", population).bind(":namespace", namespace_id).lend(":identity", identity);
    while (rows.step())
        out.push_back({rows.integer(0), parse_membership_status(rows.view(1)), to_timestamp(rows.integer(2)),
                       to_timestamp(rows.integer(3)), rows.text(4)});
}

void bind_statuses(sql::query& to, std::span<const membership_status> statuses) {
    static constexpr std::array names{":first", ":second", ":third"};
    for (std::size_t i = 0; i < names.size(); ++i)
        i < statuses.size() ? to.bind(names[i], to_text(statuses[i])) : to.bind_null(names[i]);
}

void read_identities_in(
    sql::connection& on, std::int64_t segment, std::span<const membership_status> statuses,
    const std::function<void(std::string_view ns_folded, std::string_view identity)>& to) {
    auto rows = on.prepare(select_identities);
    rows.bind(":segment", segment);
    bind_statuses(rows, statuses);
    while (rows.step())
        to(rows.view(0), rows.view(1));
}

std::int64_t known_population(sql::connection& on, const tenant& owner, std::string_view merge_policy) {
    if (const auto known = find_population(on, owner, merge_policy)) return *known;
    const auto tenant = known_tenant(on, owner);
    on.prepare(insert_population).bind(":tenant", tenant).lend(":policy", merge_policy).run();
    return on.last_insert_id();
}

std::int64_t known_namespace(sql::connection& on, std::string_view folded) {
    {
        auto row = on.prepare(select_namespace);
        if (row.lend(":folded", folded).step()) return row.integer(0);
    }
    on.prepare(insert_namespace).lend(":folded", folded).run();
    return on.last_insert_id();
}

std::optional<std::int64_t> begin_segment(sql::connection& on, std::int64_t population,
                                          std::string_view segment_id, std::int64_t job_id,
                                          std::int64_t commit_sequence, timestamp evaluated_at) {
    auto row = on.prepare(upsert_segment);
    row.bind(":population", population)
        .lend(":segment", segment_id)
        .bind(":job", job_id)
        .bind(":sequence", commit_sequence)
        .bind(":evaluated_at", to_integer(evaluated_at));
    std::optional<std::int64_t> id;
    while (row.step())
        id = row.integer(0);
    return id;
}

void put_member(sql::connection& on, std::int64_t population, std::int64_t namespace_id,
                std::string_view identity, const member& what) {
    auto row = on.prepare(upsert_member);
    row.bind(":population", population)
        .bind(":namespace", namespace_id)
        .lend(":identity", identity)
        .bind(":segment", what.segment)
        .lend(":status", what.status ? to_text(*what.status) : hiding_status)
        .bind(":qualified_at", to_integer(what.qualified))
        .bind(":evaluated_at", to_integer(what.evaluated_at));
    what.entry.empty() ? row.bind_null(":entry") : row.lend(":entry", what.entry);
    row.run();
}

void drop_member(sql::connection& on, std::int64_t population, std::int64_t namespace_id,
                 std::string_view identity, std::int64_t segment) {
    on.prepare(delete_member)
        .bind(":population", population)
        .bind(":namespace", namespace_id)
        .lend(":identity", identity)
        .bind(":segment", segment)
        .run();
}

} // namespace waybill::segments
