#include <catch2/catch.hpp>

#include "undriven_server.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

const std::string small_request = "GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n";

std::string waiting_request(const std::string& path, const headers& more) {
    std::string text = "GET " + path + " HTTP/1.1\r\nHost: here\r\n";
    for (const auto& [name, value] : speaking_for(acme.org, more))
        text += name + ": " + value + "\r\n";
    return text + "\r\n";
}

const headers a_minute{{"Prefer", "wait=60"}};

headers a_minute_from(const std::string& tag) { return {{"Prefer", "wait=60"}, {"If-None-Match", tag}}; }

/// When it returns the server has the request, whatever happens to the connection, and `more` of the next.
void begin_to_wait(client& connection, const std::string& path, const headers& how,
                   const std::string& more = {}) {
    connection.send(small_request + waiting_request(path, how) + more);
    REQUIRE(connection.read().status == 200);
}

void wait_until_nobody_is_connected(undriven_server& server) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (server.open_connections() != 0)
        if (std::chrono::steady_clock::now() > end) throw std::runtime_error("somebody is still connected");
}

} // namespace

TEST_CASE("A client that has a job's state and waits is answered when it is another") {
    undriven_server server;
    const auto path = server.create();
    const auto tag = server.ask("GET", path).header("etag");
    auto waiting = server.connect();
    begin_to_wait(waiting, path, a_minute_from(tag));
    REQUIRE(server.ask("DELETE", path).status == 204);
    const auto seen = waiting.read();
    CHECK(seen.status == 200);
    CHECK(seen.json().at("status") == "CANCELLED");
    CHECK(seen.header("etag") == server.ask("GET", path).header("etag"));
    CHECK(seen.header("preference-applied") == "wait");
    CHECK(waiting.ask("GET", "/healthz").status == 200);
}

TEST_CASE("A client that has no state of a job and waits is answered when the job is final") {
    undriven_server server;
    const auto path = server.create();
    auto waiting = server.connect();
    begin_to_wait(waiting, path, a_minute);
    auto& owner = server.opened().owner;
    const auto claimed = owner.claim(1, no_objection, boost::asio::use_future).get().value();
    REQUIRE(server.ask("DELETE", path).status == 204);
    REQUIRE(server.ask("GET", path).json().at("status") == "CANCELLING");
    const auto settled = owner.settle_cancelled(claimed.at(0).key, boost::asio::use_future).get();
    REQUIRE(settled.value());
    CHECK(waiting.read().json().at("status") == "CANCELLED");
}

TEST_CASE("Nobody waits for news that there are") {
    undriven_server server;
    const auto path = server.create();
    CHECK(server.ask("GET", path, a_minute_from("\"other\"")).json().at("status") == "NEW");
    REQUIRE(server.ask("DELETE", path).status == 204);
    const auto ended = server.ask("GET", path, a_minute);
    CHECK(ended.status == 200);
    CHECK(ended.header("preference-applied") == "wait");
    CHECK(server.ask("GET", jobs_path + "/99", a_minute).status == 404);
    CHECK(server.ask("GET", server.create(globex), a_minute).status == 404);
}

TEST_CASE("When the time of a wait is over the answer is the one that there would be without") {
    undriven_server server;
    const auto path = server.create();
    const auto now = server.ask("GET", path);
    auto with_state = server.connect(), without = server.connect();
    begin_to_wait(with_state, path, {{"Prefer", "wait=1"}, {"If-None-Match", now.header("etag")}});
    begin_to_wait(without, path, {{"Prefer", "wait=1"}});
    const auto same = with_state.read();
    CHECK(same.status == 304);
    CHECK(same.body.empty());
    CHECK(same.header("etag") == now.header("etag"));
    CHECK(same.header("preference-applied") == "wait");
    const auto again = without.read();
    CHECK(again.status == 200);
    CHECK(again.body == now.body);
    CHECK(server.ask("GET", path, {{"Prefer", "wait=0"}}).header("preference-applied") == "wait");
}

TEST_CASE("A wish to wait that cannot be read is ignored") {
    undriven_server server;
    const auto path = server.create();
    const auto tag = server.ask("GET", path).header("etag");
    for (const auto* const wish : {"wait", "wait=-1", "wait=soon", "respond-async", "wait=\"60"}) {
        const auto seen = server.ask("GET", path, {{"Prefer", wish}, {"If-None-Match", tag}});
        CHECK(seen.status == 304);
        CHECK(seen.header("preference-applied").empty());
    }
}

TEST_CASE("A job that is removed while a client waits for it is told as missing") {
    undriven_server server;
    const auto path = server.create();
    REQUIRE(server.ask("DELETE", path).status == 204);
    server.opened().store.clock.advance(std::chrono::minutes{2});
    auto waiting = server.connect();
    begin_to_wait(waiting, path, a_minute_from("*"));
    REQUIRE(server.ask("DELETE", path).status == 204);
    CHECK(waiting.read().status == 404);
}

TEST_CASE("A host that stops answers those that wait with the job as it is") {
    undriven_server server;
    const auto path = server.create();
    auto waiting = server.connect();
    begin_to_wait(waiting, path, a_minute);
    server.stop();
    const auto seen = waiting.read();
    CHECK(seen.status == 200);
    CHECK(seen.json().at("status") == "NEW");
    CHECK(seen.header("connection") == "close");
}

TEST_CASE("A client that goes away while it waits frees its connection") {
    undriven_server server;
    const auto path = server.create();
    for (const auto& more : {std::string{}, small_request}) {
        auto waiting = std::make_unique<client>(server.port());
        begin_to_wait(*waiting, path, a_minute, more);
        waiting.reset();
        CHECK_NOTHROW(wait_until_nobody_is_connected(server));
    }
}

TEST_CASE("A client that says that it will send no more gets the job as it is") {
    undriven_server server;
    const auto path = server.create();
    auto waiting = server.connect();
    begin_to_wait(waiting, path, a_minute);
    waiting.finish();
    CHECK(waiting.read().json().at("status") == "NEW");
    CHECK(waiting.is_closed());
}

TEST_CASE("A wait is longer than the times after which a connection without one is cut") {
    http::server_limits limits;
    limits.idle_time = std::chrono::milliseconds(50);
    limits.request_time = std::chrono::milliseconds(50);
    undriven_server server(std::chrono::seconds(15), limits);
    const auto path = server.create();
    CHECK(server.ask("GET", path, {{"Prefer", "wait=1"}}).status == 200);
}

TEST_CASE("What is sent behind a wait is answered after it, however much it is") {
    undriven_server server;
    const auto path = server.create();
    std::string behind;
    for (int at = 0; at < 40; ++at)
        behind += "GET /healthz HTTP/1.1\r\nHost: here\r\nx-request-id: r" + std::to_string(at) +
                  "\r\nx-filler: " + std::string(1'000, 'x') + "\r\n\r\n";
    auto waiting = server.connect();
    begin_to_wait(waiting, path, a_minute, behind);
    REQUIRE(server.ask("DELETE", path).status == 204);
    CHECK(waiting.read().json().at("status") == "CANCELLED");
    for (int at = 0; at < 40; ++at)
        CHECK(waiting.read().header("x-request-id") == "r" + std::to_string(at));
}
