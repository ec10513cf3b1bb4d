// How slowly a client may send or take bytes: it has some time to stand still, and gets it back only by the
// bytes that it moves. So neither silence nor a byte now and then holds a connection for long. A plain value
// of one connection's, which is told the time.
#pragma once

#include <chrono>
#include <cstddef>

namespace waybill::http {

class pace {
  public:
    using clock = std::chrono::steady_clock;

    /// `credit`: how long nothing needs to move. `least_rate`: bytes that give a second of it back, at
    /// least 1.
    pace(std::chrono::milliseconds credit, std::size_t least_rate)
        : credit_(credit), left_(credit), least_rate_(least_rate) {}

    /// From now on the client is waited for.
    void resume(clock::time_point now) { end_ = now + left_; }
    /// It is not; its time stands still.
    void pause(clock::time_point now) { left_ = left(now); }
    /// While it is waited for: so many bytes more have come, or gone.
    void moved(std::size_t bytes, clock::time_point now);
    /// How long it may still be waited for; 0 when it has been too slow.
    std::chrono::milliseconds left(clock::time_point now) const;

  private:
    std::chrono::milliseconds credit_;
    std::chrono::milliseconds left_;
    std::size_t least_rate_;
    clock::time_point end_;
};

} // namespace waybill::http
