// The table tenants: whose jobs they are, and whose turn it is.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <waybill/tenant.hpp>

#include "sql/connection.hpp"

namespace waybill::store {

class tenant_rows {
  public:
    explicit tenant_rows(sql::connection& on) : on_(on) {}
    std::optional<std::int64_t> find(const tenant& owner);
    /// The tenant's row, made when there is none.
    std::int64_t id_of(const tenant& owner);
    struct turn {
        std::int64_t tenant_id = 0;
        tenant owner;
        std::int64_t looked_at = 0; ///< the caller's: the job that was looked at last
    };
    /// The tenants that have jobs waiting, the one whose last turn is longest ago first.
    std::vector<turn> turns();
    /// The tenant had its turn just now.
    void note_turn(std::int64_t tenant_id);

  private:
    sql::connection& on_;
};

} // namespace waybill::store
