// What the host allows on its sockets (contract 4). Plain values.
#pragma once

#include <chrono>
#include <cstddef>

#include "framing.hpp"

namespace waybill::http {

struct server_limits {
    head_limits head;
    std::size_t body = std::size_t{1} << 20U;       ///< bytes of a request's body
    std::size_t connections = 4'096;                ///< at once; further ones are answered 503
    std::size_t connections_per_address = 256;      ///< of one address that is no loopback
    std::chrono::milliseconds request_time{30'000}; ///< from a request's first byte to its last
    std::chrono::milliseconds idle_time{60'000};    ///< between requests, and that a reader may stand still
    std::chrono::milliseconds stall_time{15'000};   ///< that a request under way may stand still
    std::size_t least_rate = 100;                   ///< bytes that give a second of the two times back; not 0
    int backlog = 4'096;                            ///< connections that wait to be accepted
    std::size_t failed_logins = 10; ///< wrong ones of an address in a minute; further ones are slowed, 429
    std::chrono::milliseconds failed_login_delay{1'000}; ///< before each such 429
    std::chrono::milliseconds heartbeat{15'000};         ///< how long a stream of events is silent
};

} // namespace waybill::http
