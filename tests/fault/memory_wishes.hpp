// What a test and the memory library share: a small file that both have mapped.
#pragma once

#include <atomic>
#include <cstdint>

namespace waybill::test {

struct memory_wishes {
    std::atomic<std::int64_t> seen;  ///< allocations since the test said so
    std::atomic<std::int64_t> first; ///< from this one on, counted from 1; 0: none fails
    std::atomic<std::int64_t> last;  ///< to this one they fail
};
static_assert(std::atomic<std::int64_t>::is_always_lock_free);

} // namespace waybill::test
