#include <catch2/catch.hpp>

#include "routed_server.hpp"

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
class unlucky_server : public routed_server {
  public:
    unlucky_server() : routed_server(unlucky_routes) { begin(); }
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
    CHECK(full.json().at("type") == "urn:waybill:error:insufficient-storage");
    CHECK(full.json().at("requestId") == full.header("x-request-id"));
    CHECK(full.json().at("errors").at("507").at(0).at("code") == "insufficient_storage");
    CHECK(failed.json().at("errors").at("500").at(0).at("code") == "internal_error");
    CHECK(full.body.find("jobs.db") == std::string::npos);
    const auto& log = server.finish();
    CHECK(log.find("the disk said no") != std::string::npos);
    CHECK(log.find("r-io") != std::string::npos);
}
