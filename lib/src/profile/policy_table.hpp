// The merge policies that an operator has declared. One thread. Throws `store_failure`.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include <waybill/merge_policy.hpp>
#include <waybill/result.hpp>
#include <waybill/tenant.hpp>
#include <waybill/timestamp.hpp>

#include "sql/connection.hpp"

namespace waybill::profile {

/// What breaks a rule of declared policies.
std::optional<failure> check_policy(const tenant& owner, const merge_policy& what);

/// That version, or the latest.
std::optional<merge_policy> find_declared_policy(sql::connection& on, std::int64_t tenant_id,
                                                 std::string_view id, std::optional<std::int64_t> version);

/// What a job's reference means: a built-in policy, else a declared one; nothing when it is unknown. A tenant
/// of which nothing is known has declared nothing.
std::optional<merge_policy> find_policy(sql::connection& on, std::optional<std::int64_t> tenant_id,
                                        const merge_policy_ref& asked);

/// Keeps it under the version that it names. Inside a transaction.
void add_policy(sql::connection& on, std::int64_t tenant_id, const merge_policy& what, timestamp now);

/// By id, then version.
std::vector<merge_policy> list_policies(sql::connection& on, std::int64_t tenant_id);

} // namespace waybill::profile
