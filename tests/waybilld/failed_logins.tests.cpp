#include <catch2/catch.hpp>

#include <fstream>

#include "client.hpp"
#include "digest.hpp"
#include "failed_logins.hpp"
#include "peer_address.hpp"

using namespace waybill;
using namespace waybill::http;
using namespace waybill::test;
using namespace std::chrono_literals;

namespace {

/// Two wrong logins of a network in a minute of its own clock are answered as usual.
struct counted_logins {
    std::chrono::steady_clock::time_point now;
    std::vector<std::string> heard;
    failed_logins failures;

    explicit counted_logins(std::size_t networks = 4'096)
        : failures({.allowed = 2,
                    .delay = 7ms,
                    .networks = networks,
                    .now = [this] { return now; },
                    .on_slowed = [this](std::string_view address) { heard.emplace_back(address); }}) {}

    /// For how many seconds the next wrong token from there is told to wait; 0: it is not slowed.
    std::int64_t wrong(const std::string& address, login_failure why = login_failure::token_invalid) {
        const auto slowed = failures.count(why, address);
        return slowed ? slowed->retry_after.count() : 0;
    }
};

void write_one_admin(const std::filesystem::path& file) {
    std::ofstream(file) << R"({"credentials":[{"name":"n","tokenSha256":")" << sha256_hex("right")
                        << R"(","apiKeySha256":")" << sha256_hex("k3y")
                        << R"(","orgs":["acme"],"sandboxes":["prod"],"roles":["admin"]}]})";
}

headers login_with(const std::string& token, const std::string& id = "x") {
    return {{"Authorization", "Bearer " + token},
            {"x-api-key", "k3y"},
            {"x-gw-ims-org-id", "acme"},
            {"x-request-id", id}};
}

/// Asks for credentials, and holds back the answers to more than three wrong ones for an hour.
struct guarded_host {
    temp_directory files;
    running_host host;

    explicit guarded_host(std::chrono::milliseconds delay = 1h)
        : host([&](host_options& options) {
              write_one_admin(files / "credentials.json");
              options.insecure_dev = false;
              options.credentials = files / "credentials.json";
              options.limits.failed_logins = 3;
              options.limits.failed_login_delay = delay;
          }) {}

    std::string metric(const std::string& reason) const {
        const auto text = host.connect().ask("GET", "/metrics").body;
        const auto series = "waybill_http_failed_logins_total{reason=\"" + reason + "\"} ";
        const auto at = text.find(series);
        if (at == std::string::npos) return "none";
        return text.substr(at + series.size(), text.find('\n', at) - at - series.size());
    }
};

} // namespace

TEST_CASE("Some wrong logins of an address are answered as usual, and further ones slowed until the minute "
          "is over") {
    counted_logins logins;
    CHECK(logins.wrong("192.0.2.1") == 0);
    logins.now += 20s;
    CHECK(logins.wrong("192.0.2.1", login_failure::key_invalid) == 0);
    CHECK(logins.heard.empty());
    CHECK(logins.wrong("192.0.2.1") == 40);
    logins.now += 39'500ms;
    CHECK(logins.wrong("192.0.2.1") == 1);
    CHECK(logins.failures.count(login_failure::token_invalid, "192.0.2.1")->delay == 7ms);
    CHECK(logins.heard == std::vector<std::string>{"192.0.2.1"});
    logins.now += 500ms;
    CHECK(logins.wrong("192.0.2.1") == 0);
    CHECK(logins.wrong("192.0.2.1") == 0);
    CHECK(logins.wrong("192.0.2.1") == 60);
}

TEST_CASE("Failed logins are counted by reason, and what is only missing slows nobody") {
    counted_logins logins;
    for (int times = 0; times < 5; ++times) {
        CHECK(logins.wrong("192.0.2.1", login_failure::token_missing) == 0);
        CHECK(logins.wrong("192.0.2.1", login_failure::key_missing) == 0);
    }
    CHECK(logins.wrong("192.0.2.1", login_failure::key_invalid) == 0);
    CHECK(logins.failures.counts() == login_failure_counts{5, 0, 5, 1});
}

TEST_CASE("Each IPv4 address is slowed by itself, and an IPv6 address with its whole network") {
    counted_logins logins;
    for (const auto* const address : {"192.0.2.1", "::ffff:192.0.2.1"})
        CHECK(logins.wrong(address) == 0);
    CHECK(logins.wrong("192.0.2.1") == 60);
    CHECK(logins.wrong("192.0.2.2") == 0);
    CHECK(logins.wrong("2001:db8:1:2::1") == 0);
    CHECK(logins.wrong("2001:db8:1:2:ffff::9") == 0);
    CHECK(logins.wrong("2001:db8:1:2:3:4:5:6") == 60);
    CHECK(logins.wrong("2001:db8:1:3::1") == 0);
    CHECK(network_of(boost::asio::ip::make_address("1.2.3.4")) !=
          network_of(boost::asio::ip::make_address("::1.2.3.4")));
}

TEST_CASE("A flood of networks that fail once each does not make one that goes on forgotten") {
    counted_logins logins(4);
    for (int times = 0; times < 3; ++times)
        logins.wrong("192.0.2.1");
    for (int other = 0; other < 1'000; ++other)
        CHECK(logins.wrong("198.51." + std::to_string(other / 250) + "." + std::to_string(other % 250)) == 0);
    CHECK(logins.wrong("192.0.2.1") == 60);
    logins.now += 60s; // all windows are over, so its place is anybody's
    for (int other = 0; other < 3; ++other)
        logins.wrong("203.0.113.7");
    CHECK(logins.wrong("203.0.113.7") == 60);
}

TEST_CASE("Whoever guesses on is answered late and with 429, while the right token from the same address is "
          "answered at once") {
    guarded_host guarded;
    auto& host = guarded.host;
    auto guessing = host.connect();
    for (int times = 0; times < 3; ++times)
        CHECK(guessing.ask("GET", jobs_path, login_with("wrong")).status == 401);
    guessing.send("GET " + jobs_path +
                  " HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer wrong\r\nx-request-id: guess\r\n\r\n");
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (guarded.metric("token_invalid") != "4")
        if (std::chrono::steady_clock::now() > end) FAIL("the fourth was not counted");
    CHECK(host.connect().ask("GET", jobs_path, login_with("right", "known")).status == 200);
    while (host.log().find("\"known\"") == std::string::npos) // it is logged once it is sent
        if (std::chrono::steady_clock::now() > end) FAIL("the right one was not logged");
    CHECK(host.log().find("\"guess\"") == std::string::npos);

    host.stop(); // which holds nothing back any longer
    const auto late = guessing.read();
    CHECK(late.status == 429);
    CHECK(late.header("retry-after").size() > 0);
    CHECK(late.json().at("errors").at("429").at(0).at("code") == "too_many_requests");
    CHECK(host.log().find("failed logins from 127.0.0.1 are slowed") != std::string::npos);
}

TEST_CASE("A guesser's connection goes on after the late answer") {
    guarded_host guarded(1ms);
    auto guessing = guarded.host.connect();
    for (int times = 0; times < 3; ++times)
        CHECK(guessing.ask("GET", jobs_path, login_with("wrong")).status == 401);
    CHECK(guessing.ask("GET", jobs_path, login_with("wrong")).status == 429);
    CHECK(guessing.ask("GET", jobs_path, login_with("wrong")).status == 429);
    CHECK(guessing.ask("GET", jobs_path, login_with("right")).status == 200);
    CHECK(guarded.metric("token_invalid") == "5");
    CHECK(guessing.ask("GET", jobs_path).status == 403);
    CHECK(guarded.metric("token_missing") == "1");
    CHECK(guarded.metric("key_missing") == "0");
}
