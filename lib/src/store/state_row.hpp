// The one row of store_state: the store's own id, and what only ever grows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sql/connection.hpp"

namespace waybill::store {

struct store_state {
    std::string store_id; ///< 16 hex digits, random, part of every batch id
    std::int64_t epoch = 0;
    std::int64_t last_job_id = 0;
    std::int64_t last_creation_time = 0;
    std::int64_t last_commit_sequence = 0;
    std::int64_t last_transition = 0;
};

class state_row {
  public:
    explicit state_row(sql::connection& on) : on_(on) {}
    std::optional<store_state> read();
    void insert(std::string_view store_id);
    /// Each number becomes the greater of what it was and what is given; the store's id stays.
    void raise(const store_state& to);

  private:
    sql::connection& on_;
};

} // namespace waybill::store
