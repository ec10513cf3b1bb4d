// Which profiles earlier evaluations have put into the segments that an export asks for. Two connections, in
// the export's snapshots; one thread. Throws `store_failure`.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "profile/export_plan.hpp"
#include "profile/segment_plan.hpp"
#include "sql/connection.hpp"

namespace waybill::profile {

/// Ascending, each once; nothing when they are too many to hold.
std::optional<std::vector<std::int64_t>> evaluated_members(sql::connection& profiles,
                                                           sql::connection& segments, std::int64_t tenant_id,
                                                           const export_plan& plan,
                                                           const segment_plan& known);

} // namespace waybill::profile
