// A load of HTTP requests over loopback: one thread that keeps many connections busy, each with one request
// after the other. It reads as much of an answer as it must (status and length), so that the load takes
// little of the machine from whom it measures. One thread at a time. Throws `std::runtime_error` where an
// answer is not 200.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "race.hpp"

namespace waybill::bench {

struct load_result {
    slice_time took{};
    std::vector<double> latencies{}; ///< seconds, one a request
};

class http_load {
  public:
    /// The text of the n-th request; what it refers to must live until the load is gone.
    using script = std::function<std::string_view(std::size_t n)>;

    http_load(std::uint16_t port, std::size_t connections);
    ~http_load();
    http_load(const http_load&) = delete;
    http_load& operator=(const http_load&) = delete;

    /// Sends requests `first` to `first + count - 1`, as the connections come free, and awaits all answers.
    load_result run(std::size_t first, std::size_t count, const script& requests);

  private:
    struct link;
    bool begin_next(link& on, const script& requests);
    void go_on(link& on);

    int poll_ = -1;
    std::vector<std::unique_ptr<link>> links_;
    std::size_t next_ = 0;
    std::size_t end_ = 0;
    std::size_t under_way_ = 0;
    std::vector<double> latencies_;
};

/// A blocking connection to a port of the loopback; throws `std::system_error`.
int connect_to(std::uint16_t port, int receive_buffer = 0);

/// The least latency that 99 of 100 do not exceed; reorders them.
double p99_of(std::vector<double>& latencies);

} // namespace waybill::bench
