// The index of memberships: which profiles to look at for a segment. Only the merged profile says who is a
// member; the index names everybody who may be one. One thread. Throws `store_failure`.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <waybill/export_job.hpp>

#include "sql/connection.hpp"

namespace waybill::profile {

struct new_membership {
    std::int64_t segment_id = 0;
    std::int64_t profile_id = 0;
    std::int64_t fragment_id = 0;
    membership_status status = membership_status::realized;
};

/// Inside a transaction. Again for the same segment and fragment, the later status stays.
void add_membership(sql::connection& on, const new_membership& what);

/// Appends the next profiles after `after`, ascending, of which any fragment has one of the statuses (at most
/// 3).
void read_members(sql::connection& on, std::int64_t segment_id, std::span<const membership_status> statuses,
                  std::int64_t after, std::int64_t limit, std::vector<std::int64_t>& out);

} // namespace waybill::profile
