// Whether a profile's memberships let it into an export: the entries of its merged `segmentMembership`
// against the segments, statuses and window that were asked for (contract 3, "Which profiles"). Pure
// functions, any thread.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "profile/export_plan.hpp"
#include "segments/membership_entry.hpp"
#include "json/document.hpp"

namespace waybill::profile {

/// Whether the memberships of the merged records, given in the order of their ingest, are what the plan asks
/// for. `entries` is scratch; `chosen_by` becomes the entries of `plan.segments` that chose the profile.
bool chosen(const export_plan& plan, std::span<const json::value> records, segments::latest_entries& entries,
            std::vector<std::size_t>& chosen_by);

} // namespace waybill::profile
