#include "profile/profile_table.hpp"

namespace waybill::profile {
namespace {

constexpr const char* select_profile = R"(
select id
from profiles
where namespace_id = :namespace and identity = :identity)";

constexpr const char* select_by_identity = R"(
select profiles.id
from namespaces
join profiles on profiles.namespace_id = namespaces.id
where namespaces.tenant_id = :tenant and namespaces.folded = :folded and profiles.identity = :identity)";

constexpr const char* insert_profile = R"(
insert into profiles (tenant_id, namespace_id, identity)
values (:tenant, :namespace, :identity))";

constexpr const char* count_of_tenant = R"(
select count(*)
from profiles
where tenant_id = :tenant)";

constexpr const char* select_of_tenant = R"(
select id
from profiles
where tenant_id = :tenant and id > :after
order by id
limit :limit)";

constexpr const char* select_primary = R"(
select namespaces.folded, profiles.identity
from profiles
join namespaces on namespaces.id = profiles.namespace_id
where profiles.id = :profile)";

constexpr const char* select_identity = R"(
select namespaces.folded, coalesce(latest.namespace, namespaces.name), profiles.identity, latest.ingest_time,
       latest.id
from profiles
join namespaces on namespaces.id = profiles.namespace_id
left join events as latest on latest.id = (select id
                                           from events
                                           where profile_id = :profile
                                           order by ingest_time desc, id desc
                                           limit 1)
where profiles.id = :profile)";

} // namespace

known_profile profile_of(sql::connection& on, std::int64_t tenant_id, std::int64_t namespace_id,
                         std::string_view identity) {
    {
        auto rows = on.prepare(select_profile);
        if (rows.bind(":namespace", namespace_id).lend(":identity", identity).step())
            return {rows.integer(0), false};
    }
    auto fresh = on.prepare(insert_profile);
    fresh.bind(":tenant", tenant_id).bind(":namespace", namespace_id).lend(":identity", identity).run();
    return {on.last_insert_id(), true};
}

std::int64_t count_profiles(sql::connection& on, std::int64_t tenant_id) {
    auto rows = on.prepare(count_of_tenant);
    return rows.bind(":tenant", tenant_id).step() ? rows.integer(0) : 0;
}

void read_profiles(sql::connection& on, std::int64_t tenant_id, std::int64_t after, std::int64_t limit,
                   std::vector<std::int64_t>& out) {
    auto rows = on.prepare(select_of_tenant);
    rows.bind(":tenant", tenant_id).bind(":after", after).bind(":limit", limit);
    while (rows.step())
        out.push_back(rows.integer(0));
}

primary_identity read_primary_identity(sql::connection& on, std::int64_t profile_id) {
    auto rows = on.prepare(select_primary);
    if (!rows.bind(":profile", profile_id).step()) return {};
    return {rows.text(0), rows.text(1)};
}

std::optional<std::int64_t> find_profile(sql::connection& on, std::int64_t tenant_id,
                                         std::string_view ns_folded, std::string_view identity) {
    auto rows = on.prepare(select_by_identity);
    rows.bind(":tenant", tenant_id).lend(":folded", ns_folded).lend(":identity", identity);
    return rows.step() ? rows.maybe_integer(0) : std::nullopt;
}

profile_identity read_identity(sql::connection& on, std::int64_t profile_id) {
    auto rows = on.prepare(select_identity);
    if (!rows.bind(":profile", profile_id).step()) return {};
    return {rows.text(0), rows.text(1), rows.text(2), rows.maybe_integer(3).value_or(0),
            rows.maybe_integer(4).value_or(0)};
}

} // namespace waybill::profile
