// The table tenants: whose jobs they are, and whose turn it is.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
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
        std::size_t room = std::numeric_limits<std::size_t>::max(); ///< the caller's: jobs it may still get
    };
    /// The tenants that have jobs waiting, the one whose last turn is longest ago first.
    std::vector<turn> turns();
    /// Its jobs that are not final.
    std::int64_t unfinished(std::int64_t tenant_id);
    /// The tenant had its turn just now.
    void note_turn(std::int64_t tenant_id);

  private:
    sql::connection& on_;
    std::map<tenant, std::int64_t> known_; ///< ids; a tenant's row is never removed …
    std::uint64_t undone_ = 0;             ///< … but the making of one may be undone
};

} // namespace waybill::store
