#include <catch2/catch.hpp>

#include <thread>

#include "client.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

/// Sends a whole request and the beginning of another at once; once the first is answered, the host has both.
void begin_request(client& connection, const std::string& path) {
    connection.send("GET /healthz HTTP/1.1\r\nHost: here\r\n\r\nGET " + path + " HTTP/1.1\r\nHost:");
    CHECK(connection.read().status == 200);
}

void wait_for_line(const running_host& host, const std::string& text) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (host.log().find(text) == std::string::npos)
        if (std::chrono::steady_clock::now() > end) throw std::runtime_error("no line says " + text);
}

} // namespace

TEST_CASE("A host that stops closes idle connections, answers what is under way and is no longer ready") {
    running_host host;
    auto busy = host.connect();
    auto idle = host.connect();
    CHECK(idle.ask("GET", "/readyz").status == 200);
    begin_request(busy, "/readyz");
    std::thread stopping([&] { host.stop(); });
    wait_for_line(host, "\"stopping\"");
    CHECK(idle.is_closed());
    busy.send(" here\r\n\r\n");
    CHECK(busy.read().status == 503);
    CHECK(busy.is_closed());
    stopping.join();
    CHECK_THROWS(host.connect());
}

TEST_CASE("A request that does not end within the grace is cut by a stop") {
    running_host host([](auto& options) { options.grace = std::chrono::milliseconds(50); });
    auto busy = host.connect();
    begin_request(busy, "/healthz");
    host.stop();
    CHECK(busy.is_closed());
    CHECK(host.log().find("were cut") != std::string::npos);
    host.stop(); // again is harmless
}
