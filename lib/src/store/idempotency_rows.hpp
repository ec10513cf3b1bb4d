// The table idempotency_keys: which create a client asked for under which key, so that a request whose answer
// was lost can be repeated (contract 1.1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <waybill/export_job.hpp>
#include <waybill/job_store.hpp>

#include "sql/connection.hpp"

namespace waybill::store {

class idempotency_rows {
  public:
    explicit idempotency_rows(sql::connection& on) : on_(on) {}

    struct entry {
        std::string fingerprint;
        job_id job = 0;
    };
    /// What was asked for under this key since then.
    std::optional<entry> find(std::int64_t tenant_id, std::string_view key, timestamp since);
    /// Takes the place of an entry that is too old.
    void note(std::int64_t tenant_id, const idempotency_key& once, job_id job, timestamp now);
    /// Removes at most so many keys that were noted before then; answers how many.
    std::int64_t forget(timestamp before, std::int64_t most);

  private:
    sql::connection& on_;
};

} // namespace waybill::store
