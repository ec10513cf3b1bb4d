// The table tenants: whose jobs they are, and whose turn it is.
#pragma once

#include <cstdint>
#include <optional>

#include <waybill/tenant.hpp>

#include "sql/connection.hpp"

namespace waybill::store {

class tenant_rows {
  public:
    explicit tenant_rows(sql::connection& on) : on_(on) {}
    std::optional<std::int64_t> find(const tenant& owner);
    /// The tenant's row, made when there is none.
    std::int64_t id_of(const tenant& owner);
    /// The tenant had its turn just now.
    void note_turn(std::int64_t tenant_id);

  private:
    sql::connection& on_;
};

} // namespace waybill::store
