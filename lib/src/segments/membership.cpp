#include "segments/membership.hpp"

#include <chrono>

namespace waybill::segments {
namespace {

/// For so long it can be told that a profile has left.
constexpr auto memory_of_exits = std::chrono::days{30};

} // namespace

std::optional<membership> evaluated(const std::optional<membership>& before, bool qualifies, timestamp now,
                                    membership_states states) {
    const bool was_in = before && before->status != membership_status::exited;
    if (qualifies && !was_in) return membership{membership_status::realized, now};
    if (qualifies)
        return membership{states == membership_states::three ? membership_status::existing
                                                             : membership_status::realized,
                          before->qualified.value_or(now)};
    if (was_in) return membership{membership_status::exited, now};
    if (before && before->qualified && now - *before->qualified > memory_of_exits) return std::nullopt;
    return before;
}

bool outweighs(const membership& a, const membership& b) {
    const bool a_in = a.status != membership_status::exited;
    const bool b_in = b.status != membership_status::exited;
    return a_in != b_in ? a_in : a.qualified > b.qualified;
}

} // namespace waybill::segments
