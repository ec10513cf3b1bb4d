// Listens and accepts, and hands each connection to a session of its own strand. `listen` and `stop` belong
// to the thread that owns the server; the rest runs on the threads of the context. `listen` throws
// `boost::system::system_error` when the address cannot be had.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "application.hpp"
#include "connections.hpp"
#include "limits.hpp"
#include "tls.hpp"

namespace waybill::http {

class server {
  public:
    /// Speaks TLS when there is an identity, which must outlive it.
    server(boost::asio::io_context& io, application& app, const server_limits& limits,
           tls_identity* tls = nullptr);

    /// Begins to accept; returns where, with the port that was picked for port 0.
    boost::asio::ip::tcp::endpoint listen(const boost::asio::ip::tcp::endpoint& at);

    /// Accepts nothing more, lets requests under way come to their answers for at most `grace`, then cuts.
    void stop(std::chrono::milliseconds grace);

    /// From any thread.
    std::size_t open_connections() { return connections_.count(); }

  private:
    boost::asio::awaitable<void> accept();
    boost::asio::awaitable<void> attend(std::shared_ptr<session> one);
    boost::asio::awaitable<void> turn_away(std::shared_ptr<session> one);
    boost::asio::awaitable<void> pause();
    void welcome(boost::asio::ip::tcp::socket socket);

    boost::asio::io_context& io_;
    application& app_;
    server_limits limits_;
    tls_identity* tls_;
    connections connections_;
    std::atomic<std::size_t> turned_away_ = 0; ///< being told so now
    boost::asio::ip::tcp::acceptor acceptor_;
};

} // namespace waybill::http
