// Asks the cluster's server, a connection a request, so many at once and the others in turn. Everything
// happens on the thread that runs the context; nothing is thrown but for memory. Whatever goes wrong with the
// network is an answer without a status.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <string>

#include <boost/asio/io_context.hpp>

namespace waybill::spark {

struct http_request {
    std::string method{};
    std::string target{};
    std::string body{}; ///< JSON, or nothing
};

struct http_answer {
    unsigned status = 0; ///< 0: there was no answer that could be read
    std::string body{};
    std::string trouble{}; ///< why there was none
    bool sent = false;     ///< the server may have the request
};

struct server_address {
    std::string host{};
    std::string port{};
};

class http_client {
  public:
    struct limits {
        std::chrono::milliseconds time{30'000}; ///< from the connection's beginning to the answer's end
        std::size_t connections = 4;
        std::size_t body = std::size_t{1} << 20U;
    };
    /// Called once, unless the context ends before.
    using completion = std::function<void(http_answer)>;

    http_client(boost::asio::io_context& context, server_address where, limits how);
    http_client(const http_client&) = delete;
    http_client& operator=(const http_client&) = delete;

    /// Its turn comes with a `pump`, so that it is never answered before this returns.
    void ask(http_request what, completion then);
    /// Begins what has its turn. To be called whenever something has happened.
    void pump();

  private:
    friend class http_exchange;
    struct waiting {
        http_request what;
        completion then;
    };

    boost::asio::io_context& context_;
    server_address where_;
    limits how_;
    std::size_t active_ = 0;
    std::deque<waiting> queue_;
};

} // namespace waybill::spark
