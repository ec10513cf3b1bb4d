// Which profiles an export has to look at, in the order of their ids: all of a tenant, or everybody who may
// be a member of one of the segments. Reads by the piece, so memory is bounded and no statement stays open.
// One thread, inside a snapshot. Throws `store_failure`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "profile/export_plan.hpp"
#include "sql/connection.hpp"

namespace waybill::profile {

class candidate_walk {
  public:
    /// The segments outlive the walk. Without any it goes over all profiles.
    candidate_walk(sql::connection& on, std::int64_t tenant_id, std::span<const segment_choice> segments);

    std::optional<std::int64_t> next();
    /// Of a walk of its own, from the beginning.
    std::int64_t count() const;

  private:
    struct source {
        std::optional<std::int64_t> segment; ///< nothing: all profiles
        std::span<const membership_status> statuses;
        std::vector<std::int64_t> piece;
        std::size_t at = 0;
        std::int64_t last = 0; ///< the last profile that was read
    };

    bool refill(source& from);
    void queue(std::size_t index);
    bool later(std::size_t a, std::size_t b) const;

    sql::connection& on_;
    std::int64_t tenant_id_;
    std::span<const segment_choice> segments_;
    std::vector<source> sources_;
    std::vector<std::size_t>
        heap_; ///< sources that are not at their end, the one with the lowest head in front
};

} // namespace waybill::profile
