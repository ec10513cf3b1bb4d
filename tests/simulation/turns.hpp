// Whether tenants take turns (contract 2.7): while a tenant has a job that could run, no other is served
// twice before it; a tenant's jobs go oldest first; no slot stays free that a job could have.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "simulation/ledger.hpp"

namespace waybill::test {

/// One job that a claim looked at, in order.
struct looked_at {
    job_id id = 0;
    bool refused = false; ///< it can never run and ended `FAILED`
};

class turns {
  public:
    /// A claim that went through; `before` is how the store stood.
    void claimed(const std::map<job_id, known_job>& before, const std::vector<looked_at>& order,
                 std::size_t most);
    /// The store has forgotten who was served.
    void begin_anew() { served_since_.clear(); }

  private:
    /// How often each other tenant was served since this one began to wait.
    std::map<tenant, std::map<tenant, int>> served_since_;
};

} // namespace waybill::test
