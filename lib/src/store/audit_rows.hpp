// The table audit_entries: who asked for which change of which job. Written in the change's transaction.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <waybill/audit.hpp>

#include "sql/connection.hpp"

namespace waybill::store {

class audit_rows {
  public:
    explicit audit_rows(sql::connection& on) : on_(on) {}

    struct entry {
        timestamp at;
        std::string_view actor;
        std::int64_t tenant_id = 0;
        audit_action action = audit_action::create;
        job_id job = 0;
        std::string_view request_id;
    };
    void note(const entry& what);
    /// Newest first.
    std::vector<audit_entry> list(const audit_query& query);
    /// Removes at most so many entries of before then, oldest first; answers how many.
    std::int64_t forget(timestamp before, std::int64_t most);

  private:
    sql::connection& on_;
};

} // namespace waybill::store
