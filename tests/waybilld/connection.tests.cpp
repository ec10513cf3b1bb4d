#include <catch2/catch.hpp>

#include "client.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

const std::string small_request = "GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n";

std::string post_head(const std::string& more) {
    std::string text = "POST " + jobs_path + " HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n";
    for (const auto& [name, value] : speaking_for("acme"))
        text += name + ": " + value + "\r\n";
    return text + more + "\r\n";
}

const std::string job_body =
    R"({"destination":{"datasetId":"out"},"schema":{"name":"_xdm.context.profile"}})";

} // namespace

TEST_CASE("A connection serves one request after the other") {
    const running_host host;
    auto connection = host.connect();
    for (int times = 0; times < 3; ++times)
        CHECK(connection.ask("GET", "/healthz").body == "ok\n");
    CHECK(connection.ask("GET", "/nowhere").status == 404);
    CHECK(connection.ask("GET", "/readyz").status == 200);
}

TEST_CASE("Requests that are sent without waiting are answered in their order") {
    const running_host host;
    auto connection = host.connect();
    std::string all;
    for (int at = 0; at < 20; ++at)
        all += "GET /healthz HTTP/1.1\r\nHost: here\r\nx-request-id: r" + std::to_string(at) + "\r\n\r\n";
    connection.send(all);
    for (int at = 0; at < 20; ++at)
        CHECK(connection.read().header("x-request-id") == "r" + std::to_string(at));
}

TEST_CASE("A client that asks for it gets its connection closed") {
    const running_host host;
    auto connection = host.connect();
    CHECK(connection.ask("GET", "/healthz", {{"Connection", "close"}}).header("connection") == "close");
    CHECK(connection.is_closed());
    auto old = host.connect();
    old.send("GET /healthz HTTP/1.0\r\n\r\n");
    CHECK(old.read().status == 200);
    CHECK(old.is_closed());
}

TEST_CASE("A request that two readers could cut differently is answered 400 and the connection closed") {
    const running_host host;
    auto connection = host.connect();
    connection.send("POST /healthz HTTP/1.1\r\nHost: here\r\nx-request-id: mine\r\nContent-Length: 4\r\n"
                    "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /readyz HTTP/1.1\r\nHost: here\r\n\r\n");
    const auto seen = connection.read();
    CHECK(seen.status == 400);
    CHECK(seen.header("connection") == "close");
    CHECK_FALSE(seen.header("x-request-id").empty());
    CHECK(seen.json().at("type") == "urn:waybill:error:invalid-request");
    CHECK(connection.is_closed());
}

TEST_CASE("Framing is checked before the route, and the route before who asks") {
    const running_host host;
    auto connection = host.connect();
    connection.send("PUT /nowhere HTTP/1.1\r\nHost: here\r\nx-api-key: a\r\nx-api-key: b\r\n\r\n");
    CHECK(connection.read().status == 400);
    CHECK(host.connect().ask("PUT", "/nowhere").status == 404);
    CHECK(host.connect().ask("PUT", jobs_path).status == 405);
    CHECK(host.connect().ask("GET", jobs_path).status == 403);
}

TEST_CASE("A target, a header block or a body that is too long has its own answer") {
    const running_host host([](auto& options) { options.limits.body = 1'000; });
    CHECK(host.connect().ask("GET", "/" + std::string(9'000, 'a')).status == 414);
    CHECK(host.connect().ask("GET", "/healthz", {{"x", std::string(17'000, 'a')}}).status == 431);
    const headers json{{"Content-Type", "application/json"}};
    CHECK(host.ask("POST", jobs_path, json, job_body + std::string(1'000 - job_body.size(), ' ')).status ==
          200);
    const auto longer =
        host.ask("POST", jobs_path, json, job_body + std::string(1'001 - job_body.size(), ' '));
    CHECK(longer.status == 413);
    CHECK(longer.json().at("errors").at("413").at(0).at("code") == "content_too_large");
    auto chunked = host.connect();
    chunked.send(post_head("Transfer-Encoding: chunked\r\n") + "3e9\r\n" + std::string(1'001, ' ') +
                 "\r\n0\r\n\r\n");
    CHECK(chunked.read().status == 413);
    CHECK(chunked.is_closed());
}

TEST_CASE("A body may come in chunks") {
    const running_host host;
    auto connection = host.connect();
    connection.send(post_head("Transfer-Encoding: chunked\r\n") + "10\r\n" + job_body.substr(0, 16) + "\r\n" +
                    "3c\r\n" + job_body.substr(16) + "\r\n0\r\n\r\n");
    CHECK(job_body.size() == 0x10 + 0x3c);
    CHECK(connection.read().status == 200);
    CHECK(connection.ask("GET", "/healthz").status == 200);
}

TEST_CASE("A client that expects to be told so is told to continue, or refused before it sends its body") {
    const running_host host;
    auto connection = host.connect();
    connection.send(
        post_head("Expect: 100-continue\r\nContent-Length: " + std::to_string(job_body.size()) + "\r\n"));
    CHECK(connection.read().status == 100);
    connection.send(job_body);
    CHECK(connection.read().status == 200);

    auto refused = host.connect();
    refused.send("POST " + jobs_path +
                 " HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n");
    CHECK(refused.read().status == 403);
    CHECK(refused.is_closed());
}

TEST_CASE("A refused request's body does not become the next request") {
    const running_host host;
    auto connection = host.connect();
    connection.send("POST /nowhere HTTP/1.1\r\nHost: here\r\nContent-Length: " +
                    std::to_string(small_request.size()) + "\r\n\r\n" + small_request);
    CHECK(connection.read().status == 404);
    CHECK(connection.ask("GET", "/healthz").status == 200);
}

TEST_CASE("A request that does not arrive in time is answered 408") {
    const running_host host(
        [](auto& options) { options.limits.request_time = std::chrono::milliseconds(50); });
    auto half_head = host.connect();
    half_head.send("GET /healthz HT");
    CHECK(half_head.read().status == 408);
    CHECK(half_head.is_closed());
    auto half_body = host.connect();
    half_body.send(post_head("Content-Length: 10\r\n") + "{");
    CHECK(half_body.read().status == 408);
}

TEST_CASE("A connection that is idle for too long is closed without a word") {
    const running_host host([](auto& options) { options.limits.idle_time = std::chrono::milliseconds(50); });
    auto silent = host.connect();
    CHECK(silent.is_closed());
    auto once = host.connect();
    CHECK(once.ask("GET", "/healthz").status == 200);
    CHECK(once.is_closed());
}

TEST_CASE("A connection too many is answered 503, and there is room again when one has gone") {
    const running_host host([](auto& options) { options.limits.connections = 2; });
    auto first = std::make_unique<client>(host.port());
    auto second = host.connect();
    CHECK(first->ask("GET", "/healthz").status == 200);
    CHECK(second.ask("GET", "/healthz").status == 200);
    auto third = host.connect();
    const auto seen = third.ask("GET", "/healthz");
    CHECK(seen.status == 503);
    CHECK(seen.json().at("status") == 503);
    CHECK(seen.header("retry-after") == "1");
    first.reset();
    unsigned status = 503; // until the host has seen it go
    for (int tries = 0; tries < 10'000 && status == 503; ++tries)
        status = host.connect().ask("GET", "/healthz").status;
    CHECK(status == 200);
}

TEST_CASE("A limit for each address does not hold for a loopback") {
    const running_host host([](auto& options) { options.limits.connections_per_address = 1; });
    auto first = host.connect();
    auto second = host.connect();
    CHECK(first.ask("GET", "/healthz").status == 200);
    CHECK(second.ask("GET", "/healthz").status == 200);
}

TEST_CASE("A client that goes away in the middle of a request disturbs nobody") {
    const running_host host;
    for (const auto* const part :
         {"G", "GET / HTTP/1.1\r\nHost", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab"}) {
        auto gone = host.connect();
        gone.send(part);
        gone.finish();
        CHECK_FALSE(gone.is_closed() == false);
    }
    CHECK(host.connect().ask("GET", "/healthz").status == 200);
}

TEST_CASE("HEAD is answered as GET without the body") {
    const running_host host;
    auto connection = host.connect();
    const auto head = connection.ask("HEAD", "/healthz");
    const auto get = connection.ask("GET", "/healthz");
    CHECK(head.status == 200);
    CHECK(head.header("content-length") == get.header("content-length"));
    CHECK(head.body.empty());
    CHECK(connection.ask("HEAD", "/nowhere").status == 404);
    CHECK(connection.ask("HEAD", jobs_path, speaking_for("acme")).status == 200);
    CHECK(connection.ask("GET", "/healthz").status == 200);
}

TEST_CASE("OPTIONS and methods that a route does not have are told what it has") {
    const running_host host;
    auto connection = host.connect();
    const auto options = connection.ask("OPTIONS", jobs_path);
    CHECK(options.status == 204);
    CHECK(options.header("allow") == "GET, HEAD, POST, OPTIONS");
    CHECK(options.header("content-length").empty());
    const auto wrong = connection.ask("PUT", jobs_path);
    CHECK(wrong.status == 405);
    CHECK(wrong.header("allow") == "GET, HEAD, POST, OPTIONS");
    CHECK(wrong.json().at("errors").at("405").at(0).at("code") == "method_not_allowed");
    CHECK(connection.ask("OPTIONS", "*").status == 204);
}

TEST_CASE("Every answer carries the request's id, and the log has a line for each request") {
    const running_host host;
    auto connection = host.connect();
    CHECK(connection.ask("GET", "/nowhere", {{"x-request-id", "abc"}}).header("x-request-id") == "abc");
    CHECK(connection.ask("GET", "/nowhere", {{"x-request-id", "abc"}}).json().at("requestId") == "abc");
    CHECK(connection.ask("GET", "/healthz").header("x-request-id").size() == 32);
    CHECK(connection
              .ask("GET", jobs_path + "?limit=3&secret=1", speaking_for("acme", {{"x-request-id", "logged"}}))
              .status == 200);
    CHECK(connection.ask("GET", "/healthz").status == 200); // the line before it has been written
    const auto log = host.log();
    CHECK(log.find("t0ken") == std::string::npos);
    CHECK(log.find("k3y") == std::string::npos);
    CHECK(log.find("secret") == std::string::npos);
    const auto begin = log.rfind('\n', log.find("\"logged\"")) + 1;
    const auto line = nlohmann::json::parse(log.substr(begin, log.find('\n', begin) - begin));
    CHECK(line.at("requestId") == "logged");
    CHECK(line.at("org") == "acme");
    CHECK(line.at("method") == "GET");
    CHECK(line.at("path") == jobs_path);
    CHECK(line.at("status") == 200);
    CHECK(line.at("durationMs").is_number());
    CHECK(line.at("time").is_string());
}

TEST_CASE("A client that floods line ends is cut like any other that sends no request") {
    const running_host host([](auto& options) { options.limits.idle_time = std::chrono::milliseconds(50); });
    auto flood = host.connect();
    std::string line_ends;
    for (int i = 0; i < 500; ++i)
        line_ends += "\r\n";
    bool cut = false;
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!cut && std::chrono::steady_clock::now() < give_up) {
        try {
            flood.send(line_ends);
        } catch (const std::exception&) {
            cut = true;
        }
    }
    CHECK(cut);
}

TEST_CASE("A line end after a request begins no new one") {
    const running_host host(
        [](auto& options) { options.limits.request_time = std::chrono::milliseconds(50); });
    auto old_client = host.connect();
    CHECK(old_client.ask("GET", "/healthz").status == 200);
    old_client.send("\r\n");
    // By the time that a request begun now is given up, one begun before would have been too.
    auto slow = host.connect();
    slow.send("GET /healthz HTTP/1.1\r\n");
    CHECK(slow.read().status == 408);
    CHECK(old_client.ask("GET", "/healthz").status == 200);
}

TEST_CASE("A refusal stays the answer when the rest of the body never comes") {
    const running_host host(
        [](auto& options) { options.limits.request_time = std::chrono::milliseconds(50); });
    auto waiting = host.connect();
    waiting.send("POST " + jobs_path + " HTTP/1.1\r\nHost: here\r\nContent-Length: 10\r\n\r\n");
    CHECK(waiting.read().status == 403);
}
