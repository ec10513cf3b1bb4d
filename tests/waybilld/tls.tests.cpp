#include <catch2/catch.hpp>

#include <fstream>
#include <thread>

#include "client.hpp"
#include "support/certificate.hpp"

using namespace waybill;
using namespace waybill::test;
using Catch::Contains;

namespace {

/// A host that speaks TLS, and clients that trust its certificate.
struct secured_host {
    temp_directory files;
    certificate_files shown = make_certificate(files.path(), "shown");
    running_host host;

    explicit secured_host(const running_host::change& more = {})
        : host([&](http::host_options& options) {
              options.tls = http::tls_files{shown.certificate, shown.key};
              if (more) more(options);
          }) {}

    client connect(const std::function<void(client::tls_context&)>& change = {}) const {
        return client(host.port(), shown.certificate, change);
    }
    std::string failed_handshakes() const {
        const auto text = connect().ask("GET", "/metrics").body;
        const std::string name = "\nwaybill_http_failed_handshakes_total ";
        const auto at = text.find(name) + name.size();
        return text.substr(at, text.find('\n', at) - at);
    }
    /// Until so many have failed.
    void wait_for_failed(const std::string& count) const {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (failed_handshakes() != count)
            if (std::chrono::steady_clock::now() > end) FAIL("there are " << failed_handshakes());
    }
};

const std::string job_text = R"({"destination":{"datasetId":"out"},"schema":{"name":"x"}})";

} // namespace

TEST_CASE("Under TLS requests are answered as without, one after the other and all at once") {
    const secured_host secured;
    auto connection = secured.connect();
    CHECK(connection.ask("GET", "/healthz").body == "ok\n");
    const auto made = connection.ask("POST", jobs_path,
                                     speaking_for("acme", {{"Content-Type", "application/json"}}), job_text);
    CHECK(made.status == 200);
    CHECK(connection.ask("GET", jobs_path, speaking_for("acme")).json().at("records").size() == 1);
    connection.send("GET /healthz HTTP/1.1\r\nHost: h\r\nx-request-id: a\r\n\r\n"
                    "GET /healthz HTTP/1.1\r\nHost: h\r\nx-request-id: b\r\n\r\n");
    CHECK(connection.read().header("x-request-id") == "a");
    CHECK(connection.read().header("x-request-id") == "b");
    CHECK(connection.ask("GET", "/healthz", {{"Connection", "close"}}).status == 200);
    CHECK(connection.is_told_farewell());
}

TEST_CASE("Bodies of many TLS records come and go whole") {
    const secured_host secured;
    auto connection = secured.connect();
    const headers with{{"Content-Type", "application/json"}};
    const std::string blanks(300'000, ' ');
    CHECK(connection.ask("POST", jobs_path, speaking_for("acme", with), job_text + blanks).status == 200);
    auto named = nlohmann::json::parse(job_text);
    for (int at = 0; at < 500; ++at)
        named["filter"]["segments"].push_back({{"segmentId", std::string(100, 's') + std::to_string(at)}});
    const auto made = connection.ask("POST", jobs_path, speaking_for("acme", with), named.dump());
    REQUIRE(made.status == 200);
    CHECK(made.json().at("filter").at("segments").size() == 500);
    CHECK(made.body.size() > 50'000);
}

TEST_CASE("A request that two readers could cut differently is refused under TLS too, with a farewell") {
    const secured_host secured;
    auto connection = secured.connect();
    connection.send("POST /healthz HTTP/1.1\r\nHost: here\r\nContent-Length: 4\r\n"
                    "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /readyz HTTP/1.1\r\nHost: here\r\n\r\n");
    CHECK(connection.read().status == 400);
    CHECK(connection.is_told_farewell());
}

TEST_CASE("TLS before 1.2, ciphers without forward secrecy and compression are not spoken") {
    const secured_host secured;
    auto plain_12 = secured.connect([](client::tls_context& context) {
        SSL_CTX_set_max_proto_version(context.native_handle(), TLS1_2_VERSION);
    });
    CHECK(std::string(SSL_get_version(plain_12.tls())) == "TLSv1.2");
    CHECK(std::string(SSL_get_cipher(plain_12.tls())).starts_with("ECDHE-"));
    CHECK(SSL_get_current_compression(plain_12.tls()) == nullptr);
    CHECK(std::string(SSL_get_version(secured.connect().tls())) == "TLSv1.3");
    CHECK_THROWS(secured.connect([](client::tls_context& context) {
        SSL_CTX_set_security_level(context.native_handle(), 0);
        SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context.native_handle(), TLS1_1_VERSION);
    }));
    CHECK_THROWS(secured.connect([](client::tls_context& context) {
        SSL_CTX_set_max_proto_version(context.native_handle(), TLS1_2_VERSION);
        SSL_CTX_set_cipher_list(context.native_handle(), "ECDHE-ECDSA-AES128-SHA256:AES128-GCM-SHA256");
    }));
    CHECK(secured.failed_handshakes() == "2");
}

TEST_CASE("A client cannot have the keys of a connection made anew") {
    const secured_host secured;
    auto connection = secured.connect([](client::tls_context& context) {
        SSL_CTX_set_max_proto_version(context.native_handle(), TLS1_2_VERSION);
    });
    CHECK(connection.ask("GET", "/healthz").status == 200);
    REQUIRE(SSL_renegotiate(connection.tls()) == 1);
    CHECK_THROWS(connection.ask("GET", "/healthz"));
}

TEST_CASE("A handshake that fails, for whatever reason, is counted and leaves nothing behind") {
    const secured_host secured;
    client no_tls(secured.host.port());
    no_tls.send("GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n");
    CHECK(no_tls.is_closed());
    secured.wait_for_failed("1");
    { const client gone(secured.host.port()); }
    secured.wait_for_failed("2");
    const auto other = make_certificate(secured.files.path(), "other");
    CHECK_THROWS(client(secured.host.port(), other.certificate));
    secured.wait_for_failed("3");
    const auto metrics = secured.connect().ask("GET", "/metrics").body;
    CHECK_THAT(metrics, Contains("\nwaybill_http_open_connections 1\n"));
}

TEST_CASE("A handshake must come to its end within the time of a request") {
    const secured_host secured(
        [](auto& options) { options.limits.request_time = std::chrono::milliseconds(50); });
    client silent(secured.host.port());
    CHECK(silent.is_closed());
    client slow(secured.host.port());
    slow.send("\x16\x03\x01");
    CHECK(slow.is_closed());
    secured.wait_for_failed("2");
}

TEST_CASE("Under TLS what comes too late is answered 408, and what is idle for too long is closed") {
    const secured_host slow(
        [](auto& options) { options.limits.request_time = std::chrono::milliseconds(500); });
    auto half = slow.connect();
    half.send("GET /healthz HT");
    CHECK(half.read().status == 408);
    CHECK(half.is_told_farewell());
    const secured_host brief([](auto& options) { options.limits.idle_time = std::chrono::milliseconds(50); });
    CHECK(brief.connect().is_told_farewell());
}

TEST_CASE("A connection too many is told so under TLS") {
    const secured_host secured([](auto& options) { options.limits.connections = 1; });
    auto first = secured.connect();
    CHECK(first.ask("GET", "/healthz").status == 200);
    auto second = secured.connect();
    CHECK(second.ask("GET", "/healthz").status == 503);
    CHECK(second.is_told_farewell());
}

TEST_CASE("A stop closes idle connections and handshakes under way, and answers what is under way") {
    secured_host secured;
    auto idle = secured.connect();
    CHECK(idle.ask("GET", "/readyz").status == 200);
    const client shaking(secured.host.port());
    auto busy = secured.connect();
    busy.send("GET /healthz HTTP/1.1\r\nHost: here\r\n\r\nGET /readyz HTTP/1.1\r\nHost:");
    CHECK(busy.read().status == 200);
    std::thread stopping([&] { secured.host.stop(); });
    CHECK(idle.is_told_farewell());
    busy.send(" here\r\n\r\n");
    CHECK(busy.read().status == 503);
    CHECK(busy.is_told_farewell());
    stopping.join();
    CHECK_THAT(secured.host.log(), !Contains("were cut"));
}

TEST_CASE("A new certificate holds for new connections, and a wrong one changes nothing") {
    const secured_host secured;
    auto before = secured.connect();
    CHECK(before.ask("GET", "/healthz").status == 200);
    const auto next = make_certificate(secured.files.path(), "next");
    std::filesystem::copy_file(next.certificate, secured.shown.certificate,
                               std::filesystem::copy_options::overwrite_existing);
    secured.host.reload();
    CHECK_THAT(secured.host.log(),
               Contains("the TLS certificate stays as it was: the TLS key") && Contains("does not belong"));
    CHECK_THROWS(secured.connect()); // it still shows the old one
    std::filesystem::copy_file(next.key, secured.shown.key,
                               std::filesystem::copy_options::overwrite_existing);
    secured.host.reload();
    CHECK(secured.connect().ask("GET", "/healthz").status == 200);
    CHECK(before.ask("GET", "/healthz").status == 200);
    CHECK_THAT(secured.host.log(), Contains("the TLS certificate has been read again"));
}
