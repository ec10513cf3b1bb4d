// The tables of names that other rows point to: tenants, datasets, namespaces and segments. An import adds
// the names it meets, a reader only looks them up. One thread, one connection, one tenant. Throws
// `store_failure`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include <waybill/tenant.hpp>

#include "sql/connection.hpp"

namespace waybill::profile {

/// Of the tenant; nothing when nothing of it was ever imported.
std::optional<std::int64_t> find_tenant(sql::connection& on, const tenant& owner);
/// The same; adds it when it is not there. Inside a transaction.
std::int64_t known_tenant(sql::connection& on, const tenant& owner);
/// Nothing when nothing was ever imported into it.
std::optional<std::int64_t> find_dataset(sql::connection& on, std::int64_t tenant_id, std::string_view name);
/// The segment of this name in this folded namespace.
std::optional<std::int64_t> find_segment(sql::connection& on, std::int64_t tenant_id,
                                         std::string_view ns_folded, std::string_view name);
/// How the tenant's identity namespaces are shown, by their folded spelling.
std::unordered_map<std::string, std::string> shown_namespaces(sql::connection& on, std::int64_t tenant_id);

/// Finds or adds names; remembers the ids it gave, so it lives no longer than the import whose rows they are.
class name_registry {
  public:
    /// Inside a transaction, as everything here.
    name_registry(sql::connection& on, const tenant& owner, std::string_view dataset);

    std::int64_t tenant_id() const { return tenant_id_; }
    std::int64_t dataset_id() const { return dataset_id_; }
    std::int64_t namespace_id(const std::string& ns_folded, std::string_view shown);
    std::int64_t segment_id(const std::string& ns_folded, std::string_view name);

  private:
    sql::connection& on_;
    std::int64_t tenant_id_;
    std::int64_t dataset_id_ = 0;
    std::unordered_map<std::string, std::int64_t> namespaces_;
    std::unordered_map<std::string, std::int64_t> segments_;
    std::string key_;
};

} // namespace waybill::profile
