#include <catch2/catch.hpp>

#include <thread>

#include <boost/asio/thread_pool.hpp>
#include <waybill/job_store.hpp>

#include "client.hpp"
#include "server.hpp"

using namespace waybill;
using namespace waybill::http;
using namespace waybill::test;

namespace {

/// Two good pieces, then a disaster.
class breaking_stream final : public body_stream {
  public:
    boost::asio::awaitable<bool> next(std::string& piece) override {
        if (pieces_++ == 2) throw store_failure(store_failure::kind::io, "the disk said no");
        piece = "more";
        co_return true;
    }

  private:
    int pieces_ = 0;
};

boost::asio::awaitable<response> answer_partly(services&, const call&) {
    response answer;
    answer.body = "begun";
    answer.rest = std::make_shared<breaking_stream>();
    co_return answer;
}

boost::asio::awaitable<response> fail_to_read(services&, const call&) {
    throw store_failure(store_failure::kind::io, "jobs.db: the disk said no");
    co_return response{};
}

boost::asio::awaitable<response> fail_for_space(services&, const call&) {
    throw store_failure(store_failure::kind::no_space, "jobs.db: full");
    co_return response{};
}

constexpr std::array unlucky_routes{
    route{"GET", "/partly", std::nullopt, answer_partly},
    route{"GET", "/io", std::nullopt, fail_to_read},
    route{"GET", "/space", std::nullopt, fail_for_space},
};

/// A server whose handlers meet disasters.
class unlucky_server {
  public:
    unlucky_server()
        : store_(job_store::open({.file = directory_ / "jobs.db"}).value()),
          reader_(job_reader::open(directory_ / "jobs.db").value()),
          jobs_(store_, pool_.get_executor(), reader_, pool_.get_executor()),
          with_{jobs_, {}},
          log_([this](std::string_view line) { lines_ += line; }),
          app_(with_, gateway::insecure(), log_, 1'000, unlucky_routes),
          server_(io_, app_, {}),
          port_(server_.listen({boost::asio::ip::address_v4::loopback(), 0}).port()),
          thread_([this] { io_.run(); }) {}
    ~unlucky_server() { finish(); }
    unlucky_server(const unlucky_server&) = delete;
    unlucky_server& operator=(const unlucky_server&) = delete;

    client connect() const { return client(port_); }
    const std::string& finish() {
        if (thread_.joinable()) {
            server_.stop(std::chrono::seconds(10));
            io_.stop();
            thread_.join();
        }
        return lines_;
    }

  private:
    temp_directory directory_;
    boost::asio::io_context io_;
    boost::asio::thread_pool pool_{1};
    job_store store_;
    job_reader reader_;
    async_job_store jobs_;
    services with_;
    std::string lines_;
    request_log log_;
    application app_;
    server server_;
    std::uint16_t port_;
    std::thread thread_;
};

} // namespace

TEST_CASE("An answer that breaks off half-way does not look whole: the connection is cut") {
    unlucky_server server;
    auto connection = server.connect();
    CHECK_THROWS(connection.ask("GET", "/partly"));
    CHECK(server.finish().find("the disk said no") != std::string::npos);
}

TEST_CASE("A disaster is answered with the request's id and nothing of the inside, which goes to the log") {
    unlucky_server server;
    auto connection = server.connect();
    const auto failed = connection.ask("GET", "/io", {{"x-request-id", "r-io"}});
    CHECK(failed.status == 500);
    CHECK(failed.json().at("requestId") == "r-io");
    CHECK(failed.body.find("disk") == std::string::npos);
    CHECK(failed.body.find("jobs.db") == std::string::npos);
    const auto full = connection.ask("GET", "/space");
    CHECK(full.status == 507);
    CHECK(full.body.find("jobs.db") == std::string::npos);
    const auto& log = server.finish();
    CHECK(log.find("the disk said no") != std::string::npos);
    CHECK(log.find("r-io") != std::string::npos);
}
