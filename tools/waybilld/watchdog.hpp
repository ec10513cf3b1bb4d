// Bounds how long a connection may keep its reader or writer waiting. When the time is up the socket's
// operations are cancelled, as often as it takes, and `expired` tells the one who waited why. Belongs to the
// strand of its socket.
#pragma once

#include <chrono>
#include <memory>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

namespace waybill::http {

class watchdog {
  public:
    explicit watchdog(boost::asio::ip::tcp::socket& watched);
    ~watchdog();
    watchdog(const watchdog&) = delete;
    watchdog& operator=(const watchdog&) = delete;

    /// From now on; replaces what was armed before.
    void arm(std::chrono::milliseconds patience);
    void disarm();
    /// Whether the time armed last has run out.
    bool expired() const noexcept;

  private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace waybill::http
