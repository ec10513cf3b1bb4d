// Makes the row of one candidate after the other: reads its fragments, decides whether it is selected, merges
// and projects (contract 3). What a thread of an export needs for itself: a connection within the export's
// snapshot, and memory that is used again from profile to profile. Throws `store_failure` when the profiles
// cannot be read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include <waybill/merge_policy.hpp>

#include "profile/candidate_walk.hpp"
#include "profile/export_plan.hpp"
#include "sql/connection.hpp"

namespace waybill::profile {

/// One selected profile. The views are good until the next candidate.
struct exported_row {
    std::string_view json;                        ///< one JSON object, without a line feed
    std::span<const std::string_view> namespaces; ///< of the profile's identities: distinct, sorted
    std::span<const std::size_t> segments;        ///< entries of `filter.segments` that chose it, ascending
    bool too_many_identities = false;             ///< so many are linked that they were left apart
};

class row_maker {
  public:
    /// Everything outlives it; the connection is in the snapshot in which the rule was made.
    row_maker(sql::connection& on, std::int64_t tenant_id, const export_plan& plan,
              const merge_policy& policy, const candidate_rule& candidates);
    ~row_maker();
    row_maker(const row_maker&) = delete;
    row_maker& operator=(const row_maker&) = delete;

    /// Nothing when the profile is not selected, or is part of a person whose first candidate makes the row.
    std::optional<exported_row> look_at(std::int64_t profile_id);

  private:
    struct impl;
    std::unique_ptr<impl> self_;
};

} // namespace waybill::profile
