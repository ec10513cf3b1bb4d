// Fragments, events and policies of a profile store as the interchange form has them, a JSON object each
// (docs/spark.md). The connection is in a snapshot and outlives what reads from it; one thread. Throws
// `store_failure`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/tenant.hpp>

#include "sql/connection.hpp"
#include "json/document.hpp"

namespace waybill::profile {

/// A tenant and its id in the store.
struct named_tenant {
    std::int64_t id = 0;
    tenant name{};
};

/// All that the store knows of, in the order of their names.
std::vector<named_tenant> list_tenants(sql::connection& on);

class fragment_lines {
  public:
    /// Of one tenant, or of all.
    fragment_lines(sql::connection& on, std::optional<std::int64_t> tenant_id);

    /// The next one, in the order of the import, without a line feed; nothing at the end. Good until the next
    /// call.
    std::optional<std::string_view> next();

  private:
    std::string_view spelled_primary();

    sql::query rows_;
    json::document identity_map_;
    std::string line_;
};

class event_lines {
  public:
    event_lines(sql::connection& on, std::optional<std::int64_t> tenant_id);

    /// As those of fragments.
    std::optional<std::string_view> next();

  private:
    void append_identities();

    sql::query rows_;
    sql::query further_; ///< identities of all events, in the same order; stands at the first one not passed
    bool more_ = false;  ///< there is such a one
    std::string line_;
};

/// Appends an object for each version that the tenant has declared, with commas before them where something
/// stands there; answers how many.
std::int64_t append_policies(std::string& out, sql::connection& on, const named_tenant& whose);

} // namespace waybill::profile
