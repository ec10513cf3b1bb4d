#include <catch2/catch.hpp>

#include "connections.hpp"
#include "routed_server.hpp"
#include "session.hpp"

using namespace waybill;
using namespace waybill::http;
using boost::asio::ip::make_address;
using boost::asio::ip::tcp;

namespace {

/// What counts sessions, and sessions that have no client.
class counted_sessions {
  public:
    explicit counted_sessions(const server_limits& limits) : limits_(limits), all_(limits_) {}

    /// The session that was let in from there, or none.
    std::shared_ptr<session> enter(const char* address) {
        auto one = std::make_shared<session>(tcp::socket(io_), app_, limits_);
        return all_.enter(one, make_address(address)) ? one : nullptr;
    }
    connections& all() { return all_; }

  private:
    server_limits limits_;
    test::temp_directory directory_;
    boost::asio::io_context io_;
    job_store store_ = job_store::open({.file = directory_ / "jobs.db"}).value();
    job_reader reader_ = job_reader::open(directory_ / "jobs.db").value();
    async_job_store jobs_{store_, io_.get_executor(), reader_, io_.get_executor()};
    services with_{jobs_, {}};
    request_log log_{[](std::string_view) {}};
    application app_{with_, gateway::insecure(), log_, 1'000};
    connections all_;
};

server_limits at_most(std::size_t all, std::size_t per_address) {
    server_limits limits;
    limits.connections = all;
    limits.connections_per_address = per_address;
    return limits;
}

} // namespace

TEST_CASE("One address may have so many connections and not one more, whatever others have") {
    counted_sessions sessions(at_most(100, 2));
    const auto first = sessions.enter("192.0.2.1");
    CHECK(first);
    CHECK(sessions.enter("192.0.2.1"));
    CHECK_FALSE(sessions.enter("192.0.2.1"));
    CHECK(sessions.enter("192.0.2.2"));
    CHECK(sessions.all().count() == 3);
    sessions.all().leave(first.get());
    CHECK(sessions.enter("192.0.2.1"));
    CHECK_FALSE(sessions.enter("192.0.2.1"));
}

TEST_CASE(
    "An IPv4 address is the same in the spelling of IPv6, and an IPv6 network of 64 bits is one address") {
    counted_sessions sessions(at_most(100, 2));
    CHECK(sessions.enter("192.0.2.1"));
    CHECK(sessions.enter("::ffff:192.0.2.1"));
    CHECK_FALSE(sessions.enter("::ffff:192.0.2.1"));
    CHECK_FALSE(sessions.enter("192.0.2.1"));
    CHECK(sessions.enter("2001:db8:0:1::1"));
    CHECK(sessions.enter("2001:db8:0:1:ffff::2"));
    CHECK_FALSE(sessions.enter("2001:db8:0:1::3"));
    CHECK(sessions.enter("2001:db8:0:2::1"));
}

TEST_CASE("Loopback addresses are bounded only by the limit of all") {
    counted_sessions sessions(at_most(5, 1));
    for (const auto* const address : {"127.0.0.1", "127.0.0.1", "::1", "::1", "::ffff:127.0.0.1"})
        CHECK(sessions.enter(address));
    CHECK_FALSE(sessions.enter("::1"));
    CHECK_FALSE(sessions.enter("192.0.2.1"));
}

TEST_CASE("Nobody is let in once a stop has begun") {
    counted_sessions sessions(at_most(5, 5));
    CHECK(sessions.enter("192.0.2.1"));
    sessions.all().stop();
    CHECK_FALSE(sessions.enter("192.0.2.1"));
}
