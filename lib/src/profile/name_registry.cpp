#include "profile/name_registry.hpp"

namespace waybill::profile {
namespace {

constexpr const char* select_tenant = R"(
select id
from tenants
where org = :org and sandbox = :sandbox)";

constexpr const char* insert_tenant = R"(
insert into tenants (org, sandbox)
values (:org, :sandbox))";

constexpr const char* select_dataset = R"(
select id
from datasets
where tenant_id = :tenant and name = :name)";

constexpr const char* insert_dataset = R"(
insert into datasets (tenant_id, name)
values (:tenant, :name))";

constexpr const char* select_namespace = R"(
select id
from namespaces
where tenant_id = :tenant and folded = :folded)";

constexpr const char* insert_namespace = R"(
insert into namespaces (tenant_id, folded, name)
values (:tenant, :folded, :name))";

constexpr const char* select_namespaces = R"(
select folded, name
from namespaces
where tenant_id = :tenant)";

constexpr const char* select_segment = R"(
select id
from segments
where tenant_id = :tenant and namespace_folded = :folded and name = :name)";

constexpr const char* insert_segment = R"(
insert into segments (tenant_id, namespace_folded, name)
values (:tenant, :folded, :name))";

// A store with more names than this looks the others up each time; memory stays bounded.
constexpr std::size_t most_remembered = 20'000;

std::optional<std::int64_t> first_id(sql::query& rows) {
    if (!rows.step()) return std::nullopt;
    return rows.integer(0);
}

std::optional<std::int64_t> find_namespace(sql::connection& on, std::int64_t tenant_id,
                                           std::string_view ns_folded) {
    auto rows = on.prepare(select_namespace);
    return first_id(rows.bind(":tenant", tenant_id).bind(":folded", ns_folded));
}

void remember(std::unordered_map<std::string, std::int64_t>& ids, const std::string& key, std::int64_t id) {
    if (ids.size() >= most_remembered) ids.clear();
    ids.emplace(key, id);
}

} // namespace

std::optional<std::int64_t> find_tenant(sql::connection& on, const tenant& owner) {
    auto rows = on.prepare(select_tenant);
    return first_id(rows.bind(":org", owner.org).bind(":sandbox", owner.sandbox));
}

std::optional<std::int64_t> find_dataset(sql::connection& on, std::int64_t tenant_id, std::string_view name) {
    auto rows = on.prepare(select_dataset);
    return first_id(rows.bind(":tenant", tenant_id).bind(":name", name));
}

std::optional<std::int64_t> find_segment(sql::connection& on, std::int64_t tenant_id,
                                         std::string_view ns_folded, std::string_view name) {
    auto rows = on.prepare(select_segment);
    return first_id(rows.bind(":tenant", tenant_id).bind(":folded", ns_folded).bind(":name", name));
}

std::unordered_map<std::string, std::string> shown_namespaces(sql::connection& on, std::int64_t tenant_id) {
    std::unordered_map<std::string, std::string> shown;
    auto rows = on.prepare(select_namespaces);
    rows.bind(":tenant", tenant_id);
    while (rows.step())
        shown.emplace(rows.text(0), rows.text(1));
    return shown;
}

std::int64_t known_tenant(sql::connection& on, const tenant& owner) {
    if (const auto known = find_tenant(on, owner)) return *known;
    on.prepare(insert_tenant).bind(":org", owner.org).bind(":sandbox", owner.sandbox).run();
    return on.last_insert_id();
}

name_registry::name_registry(sql::connection& on, const tenant& owner, std::string_view dataset)
    : on_(on), tenant_id_(known_tenant(on, owner)) {
    if (const auto known = find_dataset(on_, tenant_id_, dataset)) {
        dataset_id_ = *known;
    } else {
        on_.prepare(insert_dataset).bind(":tenant", tenant_id_).bind(":name", dataset).run();
        dataset_id_ = on_.last_insert_id();
    }
}

std::int64_t name_registry::namespace_id(const std::string& ns_folded, std::string_view shown) {
    if (const auto known = namespaces_.find(ns_folded); known != namespaces_.end()) return known->second;
    auto id = find_namespace(on_, tenant_id_, ns_folded);
    if (!id) {
        auto fresh = on_.prepare(insert_namespace);
        fresh.bind(":tenant", tenant_id_).bind(":folded", ns_folded).bind(":name", shown).run();
        id = on_.last_insert_id();
    }
    remember(namespaces_, ns_folded, *id);
    return *id;
}

std::int64_t name_registry::segment_id(const std::string& ns_folded, std::string_view name) {
    key_.assign(ns_folded).append(1, '\0').append(name);
    if (const auto known = segments_.find(key_); known != segments_.end()) return known->second;
    auto id = find_segment(on_, tenant_id_, ns_folded, name);
    if (!id) {
        auto fresh = on_.prepare(insert_segment);
        fresh.bind(":tenant", tenant_id_).bind(":folded", ns_folded).bind(":name", name).run();
        id = on_.last_insert_id();
    }
    remember(segments_, key_, *id);
    return *id;
}

} // namespace waybill::profile
