// The table of tenants in a segment store. One thread, one connection. Throws `store_failure`.
#pragma once

#include <cstdint>
#include <optional>

#include <waybill/tenant.hpp>

#include "sql/connection.hpp"

namespace waybill::segments {

/// Nothing when nothing of it was ever stored.
std::optional<std::int64_t> find_tenant(sql::connection& on, const tenant& owner);
/// The same; adds it when it is not there. Inside a transaction.
std::int64_t known_tenant(sql::connection& on, const tenant& owner);

} // namespace waybill::segments
