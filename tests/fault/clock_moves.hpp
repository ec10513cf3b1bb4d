// What a test and the clock library share: a small file that both have mapped.
#pragma once

#include <atomic>
#include <cstdint>

namespace waybill::test {

/// In nanoseconds.
struct clock_moves {
    std::atomic<std::int64_t> wall;      ///< the wall clock is that of the system and so much more
    std::atomic<std::int64_t> held_at;   ///< the monotonic clock stands here …
    std::atomic<std::int64_t> monotonic; ///< … and so much later
};
static_assert(std::atomic<std::int64_t>::is_always_lock_free);

} // namespace waybill::test
