// How an evaluation tells who has been a member for longer. A plain value.
#pragma once

#include <cstdint>

namespace waybill {

enum class membership_states : std::uint8_t {
    three, ///< `realized` on entry, `existing` from the next evaluation on, `exited`
    two,   ///< `realized` as long as the profile qualifies, then `exited`
};

} // namespace waybill
