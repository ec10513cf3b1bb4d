#include "watchdog.hpp"

#include <cstdint>

namespace waybill::http {

struct watchdog::state {
    explicit state(boost::asio::ip::tcp::socket& socket) : watched(socket), timer(socket.get_executor()) {}

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
    const auto mine = ++state_->armed;
    state_->timer.expires_after(patience);
    state_->timer.async_wait([weak = std::weak_ptr(state_), mine](const boost::system::error_code& problem) {
        const auto self = weak.lock();
        if (!self || problem || self->armed != mine) return;
        self->expired = true;
        boost::system::error_code ignored;
        self->watched.cancel(ignored);
    });
}

void watchdog::disarm() {
    ++state_->armed;
    state_->timer.cancel();
}

bool watchdog::expired() const noexcept { return state_->expired; }

} // namespace waybill::http
