#include "server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "session.hpp"

namespace waybill::http {

namespace net = boost::asio;
using boost::system::error_code;
using net::ip::tcp;

namespace {

/// Connections too many that are told so at once; beyond that they are only closed.
constexpr std::size_t most_turned_away = 256;
/// How long to wait when the system has no descriptors left.
constexpr std::chrono::milliseconds accept_pause{100};

} // namespace

server::server(net::io_context& io, application& app, const server_limits& limits, tls_identity* tls)
    : io_(io),
      app_(app),
      limits_(limits),
      tls_(tls),
      connections_(limits_),
      acceptor_(net::make_strand(io)) {}

tcp::endpoint server::listen(const tcp::endpoint& at) {
    acceptor_.open(at.protocol());
    acceptor_.set_option(tcp::acceptor::reuse_address(true));
    acceptor_.bind(at);
    acceptor_.listen(limits_.backlog);
    const auto where = acceptor_.local_endpoint();
    net::co_spawn(acceptor_.get_executor(), accept(), [](const std::exception_ptr& disaster) {
        if (disaster) std::rethrow_exception(disaster); // a host that hears nobody had better end
    });
    return where;
}

net::awaitable<void> server::accept() {
    while (acceptor_.is_open()) {
        const net::any_io_executor strand = net::make_strand(io_);
        error_code problem;
        auto token = net::redirect_error(net::use_awaitable, problem);
        auto accepting = acceptor_.async_accept(strand, token);
        tcp::socket socket = co_await std::move(accepting);
        if (!problem) {
            welcome(std::move(socket));
        } else if (acceptor_.is_open() && problem != net::error::operation_aborted) {
            app_.log().problem("cannot accept a connection: " + problem.message());
            auto pausing = pause();
            co_await std::move(pausing);
        }
    }
}

net::awaitable<void> server::pause() {
    net::steady_timer timer(acceptor_.get_executor(), accept_pause);
    error_code ignored;
    auto token = net::redirect_error(net::use_awaitable, ignored);
    auto waiting = timer.async_wait(token);
    co_await std::move(waiting);
}

void server::welcome(tcp::socket socket) {
    error_code gone;
    const auto from = socket.remote_endpoint(gone).address();
    if (gone) return;
    std::shared_ptr<session> one;
    try {
        one = std::make_shared<session>(std::move(socket), app_, limits_, tls_);
        const auto strand = one->executor();
        if (connections_.enter(one, from))
            net::co_spawn(strand, attend(one), net::detached);
        else if (turned_away_.load() < most_turned_away)
            net::co_spawn(strand, turn_away(one), net::detached);
    } catch (const std::exception& disaster) { // for want of memory; the next one may be welcome again
        if (one) connections_.leave(one.get());
        app_.log().problem("a connection could not be taken: ", disaster);
    }
}

net::awaitable<void> server::attend(std::shared_ptr<session> one) {
    try {
        auto running = one->run();
        co_await std::move(running);
    } catch (const std::exception& disaster) {
        app_.log().problem("a connection ended: ", disaster);
    }
    connections_.leave(one.get());
}

net::awaitable<void> server::turn_away(std::shared_ptr<session> one) {
    ++turned_away_;
    try {
        auto turning = one->turn_away();
        co_await std::move(turning);
    } catch (const std::exception& disaster) {
        app_.log().problem("a connection ended: ", disaster);
    }
    --turned_away_;
}

void server::stop(std::chrono::milliseconds grace) {
    net::post(acceptor_.get_executor(), [this] {
        error_code ignored;
        acceptor_.close(ignored);
    });
    connections_.stop();
    if (connections_.wait_until_none(grace)) return;
    app_.log().problem("requests under way were cut, for they took too long to end");
    connections_.abort();
    connections_.wait_until_none(std::chrono::milliseconds{1'000});
}

} // namespace waybill::http
