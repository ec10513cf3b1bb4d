// A server with routes of a test's own, over a store that nothing is done with.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <waybill/job_store.hpp>

#include "client.hpp"
#include "server.hpp"

namespace waybill::test {

class routed_server {
  public:
    /// The routes must outlive it. It listens at once, and accepts from `begin` on.
    explicit routed_server(std::span<const http::route> routes, const http::server_limits& limits = {})
        : store_(job_store::open({.file = directory_ / "jobs.db"}).value()),
          reader_(job_reader::open(directory_ / "jobs.db").value()),
          jobs_(store_, pool_.get_executor(), reader_, pool_.get_executor()),
          with_{jobs_, {}},
          log_([this](std::string_view line) { lines_ += line; }),
          app_(with_, http::gateway::insecure(), log_, limits.body, routes),
          server_(io_, app_, limits),
          port_(server_.listen({boost::asio::ip::address_v4::loopback(), 0}).port()) {}
    ~routed_server() { finish(); }
    routed_server(const routed_server&) = delete;
    routed_server& operator=(const routed_server&) = delete;

    void begin() {
        thread_ = std::thread([this] { io_.run(); });
    }
    /// Stops it, and tells what it has logged.
    const std::string& finish() {
        if (thread_.joinable()) {
            server_.stop(std::chrono::seconds(10));
            io_.stop();
            thread_.join();
        }
        return lines_;
    }
    client connect() const {
        client made(port_);
        made.speak_privately();
        return made;
    }
    std::uint16_t port() const { return port_; }
    std::size_t open_connections() { return server_.open_connections(); }

  private:
    temp_directory directory_;
    boost::asio::io_context io_;
    boost::asio::thread_pool pool_{1};
    job_store store_;
    job_reader reader_;
    async_job_store jobs_;
    http::services with_;
    std::string lines_;
    http::request_log log_;
    http::application app_;
    http::server server_;
    std::uint16_t port_;
    std::thread thread_;
};

} // namespace waybill::test
