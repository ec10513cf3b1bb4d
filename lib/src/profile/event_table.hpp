// The tables of events and of their further identities. One thread. Throws `store_failure`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/timestamp.hpp>

#include "profile/profile_walk.hpp"
#include "sql/connection.hpp"

namespace waybill::profile {

/// As an import keeps it; the texts are the caller's.
struct new_event {
    std::int64_t dataset_id = 0;
    std::string_view event_id;
    std::int64_t profile_id = 0;
    std::string_view ns; ///< of its primary identity, as it spells it
    timestamp occurred_at;
    timestamp ingest_time;
    std::string_view record;
};

bool has_event(sql::connection& on, std::int64_t dataset_id, std::string_view event_id);

/// Answers the row's id. Inside a transaction.
std::int64_t add_event(sql::connection& on, const new_event& what);

void add_event_identity(sql::connection& on, std::int64_t event_row, std::int64_t namespace_id,
                        std::string_view identity);

/// Appends whose events were ingested later than that, in no order; at most so many.
void read_changed_by_events(sql::connection& on, std::int64_t tenant_id, timestamp after, std::int64_t limit,
                            std::vector<std::int64_t>& out);

using event_sink = std::function<void(std::string_view record, timestamp occurred_at)>;

/// Hands over the events of one or several profiles that were ingested strictly between two moments, by their
/// time, then their id. A single profile's are not held in memory.
void read_events(sql::connection& on, std::span<const std::int64_t> profiles, std::optional<timestamp> after,
                 std::optional<timestamp> before, const event_sink& sink);

struct kept_event {
    std::int64_t occurred_at = 0; ///< milliseconds since 1970
    std::string event_id{};
    std::int64_t id = 0;
    std::string record{};
};

/// All events of one or several profiles, by their time, then their id. The rows' memory is used again.
class event_rows {
  public:
    explicit event_rows(sql::connection& on);

    void read(std::span<const std::int64_t> profiles);
    std::span<const kept_event> all() const { return {rows_.data(), size_}; }

  private:
    profile_walk walk_;
    std::vector<kept_event> rows_;
    std::size_t size_ = 0;
};

/// When the last of these profiles' events was ingested; nothing when they have none.
std::optional<timestamp> last_event_ingest(sql::connection& on, std::span<const std::int64_t> profiles);

} // namespace waybill::profile
