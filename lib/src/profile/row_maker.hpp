// Makes the row of one candidate after the other: reads its fragments, decides whether it is selected, merges
// and projects (contract 3). What a thread of an export needs for itself: a connection within the export's
// snapshot, and memory that is used again from profile to profile. Throws `store_failure` when the profiles
// cannot be read.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include <waybill/merge_policy.hpp>
#include <waybill/profile_source.hpp>

#include "profile/candidate_walk.hpp"
#include "profile/export_plan.hpp"
#include "profile/membership_view.hpp"
#include "profile/segment_plan.hpp"
#include "sql/connection.hpp"

namespace waybill::profile {

class row_maker final : public profile_reader {
  public:
    /// Everything outlives it; the connection is in the snapshot in which the rule was made.
    /// `segments` and its plan are there where memberships are evaluated, or were.
    row_maker(sql::connection& on, std::int64_t tenant_id, const export_plan& plan,
              const merge_policy& policy, const candidate_rule& candidates,
              sql::connection* segments = nullptr, const segment_plan* evaluation = nullptr);
    ~row_maker() override;
    row_maker(const row_maker&) = delete;
    row_maker& operator=(const row_maker&) = delete;

    /// Nothing when the profile is not selected, or is part of a person whose first candidate makes the row.
    std::optional<exported_row> read(std::int64_t profile_id) override;
    std::string_view membership_changes() const override;
    /// What the evaluation of all that was read has come to; nothing where nothing is evaluated.
    const evaluation_counts* counts() const noexcept;

  private:
    struct impl;
    std::unique_ptr<impl> self_;
};

} // namespace waybill::profile
