#include "memory_patience.hpp"

#include <new>
#include <thread>

namespace waybill::http {

namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds pause{1};
/// Without a lack for so long, the next one is another.
constexpr std::chrono::milliseconds apart{100};

struct lack {
    steady_clock::time_point since{};
    steady_clock::time_point latest{};
};
constinit thread_local lack ours{};

/// Is called again and again as long as there is none.
void wait_a_moment() {
    const auto now = steady_clock::now();
    if (now - ours.latest > apart) ours.since = now;
    ours.latest = now;
    if (now - ours.since > memory_patience) throw std::bad_alloc();
    std::this_thread::sleep_for(pause);
}

} // namespace

void wait_for_memory_when_it_is_short() noexcept { std::set_new_handler(wait_a_moment); }

} // namespace waybill::http
