// The tables of events and of their further identities. One thread. Throws `store_failure`.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <waybill/timestamp.hpp>

#include "sql/connection.hpp"

namespace waybill::profile {

/// As an import keeps it; the texts are the caller's.
struct new_event {
    std::int64_t dataset_id = 0;
    std::string_view event_id;
    std::int64_t profile_id = 0;
    timestamp occurred_at;
    timestamp ingest_time;
    std::string_view record;
};

bool has_event(sql::connection& on, std::int64_t dataset_id, std::string_view event_id);

/// Answers the row's id. Inside a transaction.
std::int64_t add_event(sql::connection& on, const new_event& what);

void add_event_identity(sql::connection& on, std::int64_t event_row, std::int64_t namespace_id,
                        std::string_view identity);

/// A profile's events that were ingested strictly between two moments, by their time, then their id.
class event_rows {
  public:
    event_rows(sql::connection& on, std::int64_t profile_id, std::optional<timestamp> after,
               std::optional<timestamp> before);
    bool step() { return rows_.step(); }
    std::string_view record() const { return rows_.view(0); } ///< good until the next step

  private:
    sql::query rows_;
};

/// When the last of a profile's events was ingested; nothing when it has none.
std::optional<timestamp> last_event_ingest(sql::connection& on, std::int64_t profile_id);

} // namespace waybill::profile
