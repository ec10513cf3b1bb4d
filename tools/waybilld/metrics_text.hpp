// What `/metrics` tells, as text that Prometheus reads: totals over all tenants and nothing of any one, since
// the route asks for no credentials. A pure function, any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/store_statistics.hpp>
#include <waybill/write_queue.hpp>

#include "failed_logins.hpp"
#include "request_counters.hpp"

namespace waybill::http {

struct host_numbers {
    store_statistics store;
    write_queue_counters writes;
    std::size_t open_connections = 0;
    login_failure_counts failed_logins{};
    std::uint64_t failed_handshakes = 0; ///< of TLS
    timestamp now;
    std::vector<request_counters::answered> answers{};
    std::vector<request_counters::timed> times{};
};

inline constexpr std::string_view metrics_media_type = "text/plain; version=0.0.4; charset=utf-8";

std::string metrics_text(const host_numbers& numbers);

} // namespace waybill::http
