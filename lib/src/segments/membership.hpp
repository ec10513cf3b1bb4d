// What an evaluation makes of a membership: who entered, stayed and left (docs/segments.md, "How memberships
// move"). Pure functions, any thread.
#pragma once

#include <optional>
#include <string_view>

#include <waybill/membership_states.hpp>
#include <waybill/new_export_job.hpp>
#include <waybill/timestamp.hpp>

namespace waybill::segments {

struct membership {
    membership_status status = membership_status::realized;
    std::optional<timestamp> qualified{}; ///< when the profile entered, or left

    friend bool operator==(const membership&, const membership&) = default;
};

/// The membership after an evaluation at `now`; nothing: there is none, or none any more.
std::optional<membership> evaluated(const std::optional<membership>& before, bool qualifies, timestamp now,
                                    membership_states states);

/// How a membership is kept that hides an entry which came with the profile; in the place of a status.
inline constexpr std::string_view hiding_status = "removed";

/// Which of two memberships counts, of profiles that became one: who is in, then the later.
bool outweighs(const membership& a, const membership& b);

} // namespace waybill::segments
