// A server over a store whose jobs nobody drives: they stay `NEW` until a test moves them.
#pragma once

#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include "client.hpp"
#include "server.hpp"
#include "support/a_job.hpp"
#include "support/opened_store.hpp"

namespace waybill::test {

class undriven_server {
  public:
    explicit undriven_server(std::chrono::milliseconds heartbeat = std::chrono::seconds(15),
                             const http::server_limits& limits = {})
        : server_(io_, app_, limits) {
        with_.heartbeat = heartbeat;
        with_.segments = &segments_;
        with_.segment_thread = segment_thread_.get_executor();
        port_ = server_.listen({boost::asio::ip::address_v4::loopback(), 0}).port();
        thread_ = std::thread([this] { io_.run(); });
    }
    ~undriven_server() { stop(); }
    undriven_server(const undriven_server&) = delete;
    undriven_server& operator=(const undriven_server&) = delete;

    /// As a host does; again is harmless.
    void stop() {
        if (!thread_.joinable()) return;
        with_.stopping = true;
        opened_.jobs.changes().ring_all();
        server_.stop(std::chrono::seconds(10));
        segment_thread_.join();
        io_.stop();
        thread_.join();
    }

    /// As org `acme`, on a connection of its own.
    answer ask(const std::string& method, const std::string& path, const headers& more = {},
               const std::string& body = {}) const {
        return client(port_).ask(method, path, speaking_for(acme.org, more), body);
    }
    /// Of org `acme` unless it says otherwise; gives the job's path.
    std::string create(const tenant& owner = acme) {
        const auto job = opened_.jobs.create(owner, a_job(), boost::asio::use_future).get().value();
        return jobs_path + "/" + std::to_string(job.id);
    }
    client connect() const { return client(port_); }
    std::uint16_t port() const { return port_; }
    opened_store& opened() { return opened_; }
    std::size_t open_connections() { return server_.open_connections(); }

  private:
    boost::asio::io_context io_; // outlives the threads that post to it
    opened_store opened_;
    segment_store segments_ =
        segment_store::open({opened_.store.file().parent_path() / "segments.db"}).value();
    boost::asio::thread_pool segment_thread_{1};
    http::services with_{opened_.jobs, {}};
    http::request_log log_{[](std::string_view) {}};
    http::application app_{with_, http::gateway::insecure(), log_, 1'000};
    http::server server_;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

} // namespace waybill::test
