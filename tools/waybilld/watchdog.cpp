#include "watchdog.hpp"

#include <cstdint>

namespace waybill::http {

namespace {

using clock = std::chrono::steady_clock;

constexpr auto never = clock::time_point::max();
constexpr std::chrono::milliseconds before_next_bark{20};

} // namespace

/// Most of what is armed is disarmed or put off long before its time. So there is one wait, which stays when
/// it ends before it is needed, and then goes on to what is due: arming costs no more than a comparison.
struct watchdog::state : std::enable_shared_from_this<watchdog::state> {
    explicit state(boost::asio::ip::tcp::socket& socket) : watched(socket), timer(socket.get_executor()) {}

    void wait_until(clock::time_point when) {
        if (waiting_until <= when) return;
        waiting_until = when;
        timer.expires_at(when);
        timer.async_wait([weak = weak_from_this(), mine = ++waits](const boost::system::error_code& problem) {
            const auto self = weak.lock();
            if (self && !problem && self->waits == mine) self->wake();
        });
    }

    /// Cancels when the time is up, and again until it is armed anew or disarmed: what is under way may have
    /// been between two of its steps, as TLS has them, with nothing there to cancel.
    void wake() {
        waiting_until = never;
        const auto now = clock::now();
        if (due <= now) {
            expired = true;
            boost::system::error_code ignored;
            watched.cancel(ignored);
            due = now + before_next_bark;
        }
        if (due != never) wait_until(due);
    }

    boost::asio::ip::tcp::socket&
        watched; ///< outlives the watchdog; what is armed looks here only through it
    boost::asio::steady_timer timer;
    clock::time_point due = never;           ///< what was armed last
    clock::time_point waiting_until = never; ///< not after what is due
    std::uint64_t waits = 0;                 ///< tells a wait that another one has replaced
    bool expired = false;
};

watchdog::watchdog(boost::asio::ip::tcp::socket& watched) : state_(std::make_shared<state>(watched)) {}
watchdog::~watchdog() = default;

void watchdog::arm(std::chrono::milliseconds patience) {
    state_->expired = false;
    state_->due = clock::now() + patience;
    state_->wait_until(state_->due);
}

void watchdog::disarm() { state_->due = never; }

bool watchdog::expired() const noexcept { return state_->expired; }

} // namespace waybill::http
