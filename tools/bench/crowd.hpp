// Clients that are in the way: many that say nothing after a first request, and some that send a head byte by
// byte, or read a long answer as slowly. A thread of its own keeps the slow ones going, as fast as a host
// must bear them. Start and end belong to one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace waybill::bench {

struct crowd_plan {
    std::uint16_t port = 0;
    std::size_t idle = 1'000;
    std::size_t slow = 100;    ///< half of them senders, half readers
    std::string short_request; ///< that the idle ones have had answered
    std::string long_request;  ///< whose answer is more than the system's buffers take
};

class crowd {
  public:
    /// Returns once all are there.
    explicit crowd(const crowd_plan& plan);
    ~crowd();
    crowd(const crowd&) = delete;
    crowd& operator=(const crowd&) = delete;

  private:
    void dawdle(const std::stop_token& until);

    std::vector<int> idle_;
    std::vector<int> senders_;
    std::vector<int> readers_;
    std::jthread thread_;
};

} // namespace waybill::bench
