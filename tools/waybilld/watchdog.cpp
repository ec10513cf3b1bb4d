#include "watchdog.hpp"

#include <cstdint>

namespace waybill::http {

namespace {

constexpr std::chrono::milliseconds before_next_bark{20};

} // namespace

struct watchdog::state : std::enable_shared_from_this<watchdog::state> {
    explicit state(boost::asio::ip::tcp::socket& socket) : watched(socket), timer(socket.get_executor()) {}

    /// Cancels when the timer ends, and again until it is armed anew or disarmed: what is under way may have
    /// been between two of its steps, as TLS has them, with nothing there to cancel.
    void wait() {
        timer.async_wait([weak = weak_from_this(), mine = armed](const boost::system::error_code& problem) {
            const auto self = weak.lock();
            if (!self || problem || self->armed != mine) return;
            self->expired = true;
            boost::system::error_code ignored;
            self->watched.cancel(ignored);
            self->timer.expires_after(before_next_bark);
            self->wait();
        });
    }

    boost::asio::ip::tcp::socket&
        watched; ///< outlives the watchdog; what is armed looks here only through it
    boost::asio::steady_timer timer;
    std::uint64_t armed =
        0; ///< tells a timer that fired late, after it was armed anew, from the one that counts
    bool expired = false;
};

watchdog::watchdog(boost::asio::ip::tcp::socket& watched) : state_(std::make_shared<state>(watched)) {}
watchdog::~watchdog() = default;

void watchdog::arm(std::chrono::milliseconds patience) {
    state_->expired = false;
    ++state_->armed;
    state_->timer.expires_after(patience);
    state_->wait();
}

void watchdog::disarm() {
    ++state_->armed;
    state_->timer.cancel();
}

bool watchdog::expired() const noexcept { return state_->expired; }

} // namespace waybill::http
