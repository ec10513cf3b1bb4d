#include <catch2/catch.hpp>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "support/program.hpp"
#include "support/temp_directory.hpp"

using namespace waybill::test;

namespace {

namespace net = boost::asio;

/// Sends these bytes and then nothing more; all that comes back.
std::string answer_of(const running_host& host, const std::string& bytes) {
    net::io_context io;
    net::ip::tcp::socket socket(io);
    socket.connect({net::ip::address_v4::loopback(), host.port()});
    boost::system::error_code ended;
    net::write(socket, net::buffer(bytes), ended);
    socket.shutdown(net::ip::tcp::socket::shutdown_send, ended);
    std::string seen;
    net::read(socket, net::dynamic_buffer(seen), ended);
    return seen;
}

/// A token and a key that no other text has.
struct marked {
    std::string token = "wbt_Marked.Token~4711";
    std::string key = "wbk_Marked.Key~0815";

    bool is_in(const std::string& text) const {
        return text.find("Marked.Token") != std::string::npos || text.find("Marked.Key") != std::string::npos;
    }
    std::string lines(const std::string& scheme = "Bearer ") const {
        return "Authorization: " + scheme + token + "\r\nx-api-key: " + key + "\r\n";
    }
};

const std::string jobs = "/data/core/ups/export/jobs";
const std::string tail = "x-gw-ims-org-id: acme\r\nConnection: close\r\nHost: here\r\n";

/// Requests that are answered well, refused at each check of the gateway, and broken in each way.
std::vector<std::string> all_kinds(const marked& secret) {
    const auto head = [](const std::string& first, const std::string& more) {
        return first + " HTTP/1.1\r\n" + more + "\r\n";
    };
    const auto good = secret.lines() + tail;
    const std::string body = R"({"destination":{"datasetId":"out"},"schema":{"name":"x"}})";
    const auto sized = "Content-Length: " + std::to_string(body.size()) + "\r\n";
    const std::string json = "Content-Type: application/json\r\n";
    std::vector<std::string> kinds{
        head("GET " + jobs, good),
        head("GET " + jobs + "?access_token=" + secret.token, good),
        head("GET " + jobs + "?limit=" + secret.token, good),
        head("GET " + jobs + "?offset=" + secret.key, good),
        head("GET " + jobs + "/999", good),
        head("DELETE " + jobs + "/999", good),
        head("GET " + jobs + "/999/events", good),
        head("POST " + jobs + "/999/retry", good),
        head("POST " + jobs, good + json + sized) + body,
        head("POST " + jobs, good + sized) + body,
        head("POST " + jobs, good + json + "Content-Length: 2\r\n") + "{]",
        head("POST " + jobs, good + json + "Content-Length: 99999999\r\n"),
        head("PATCH " + jobs, good),
        head("OPTIONS " + jobs, good),
        head("HEAD " + jobs, good),
        head("GET /nowhere", good),
        head("GET /metrics", good),
        head("GET " + jobs, secret.lines("Basic ") + tail),
        head("GET " + jobs, secret.lines("") + tail),
        head("GET " + jobs,
             "Authorization: Bearer " + secret.token + "x\r\nx-api-key: " + secret.key + "\r\n" + tail),
        head("GET " + jobs,
             "Authorization: Bearer " + secret.token + "\r\nx-api-key: " + secret.key + "x\r\n" + tail),
        head("GET " + jobs, secret.lines() + "x-gw-ims-org-id: other\r\nConnection: close\r\nHost: h\r\n"),
        head("GET " + jobs, good + "x-sandbox-name: other\r\n"),
        // what is no request
        head("GET " + jobs, good + secret.lines()),
        head("GET " + jobs, good + "Host: again\r\n"),
        head("GET " + jobs, good + " " + secret.token + "\r\n"),
        head("GET " + jobs, good + secret.token + "\r\n"),
        head("GET " + jobs, good + secret.token + ": " + std::string(20'000, 'x') + "\r\n"),
        head("GET " + jobs + "?" + secret.token + std::string(10'000, 'x'), good),
        head("GET " + jobs, good + "Content-Length: " + secret.token + "\r\n"),
        head("GET " + jobs, good + "Transfer-Encoding: " + secret.token + "\r\n"),
        secret.token + "\r\n\r\n",
        "GET " + jobs + " HTTP/9.9\r\n" + good + "\r\n",
        "GET " + jobs + " HTTP/1.1\r\n" + secret.lines(),
    };
    for (int guess = 0; guess < 12; ++guess) // until they are slowed
        kinds.push_back(head("GET " + jobs, "Authorization: Bearer " + secret.token + std::to_string(guess) +
                                                "\r\nx-api-key: " + secret.key + "\r\n" + tail));
    return kinds;
}

std::string sha256(const std::string& text) {
    const auto told = run("/usr/bin/sha256sum", {}, {text, {}, {}});
    return told.out.substr(0, 64);
}

void write_credentials(const std::filesystem::path& file, const marked& secret) {
    const nlohmann::json entry{{"name", "marked"},
                               {"tokenSha256", sha256(secret.token)},
                               {"apiKeySha256", sha256(secret.key)},
                               {"orgs", {"acme"}},
                               {"sandboxes", {"prod"}},
                               {"roles", {"read", "write"}}};
    write_file(file, nlohmann::json{{"credentials", {entry}}}.dump());
}

} // namespace

TEST_CASE("No token and no key gets into a log, an answer or a list of processes") {
    const temp_directory dir;
    const marked secret;
    write_credentials(dir / "credentials.json", secret);
    running_host host(dir.path(), {"--credentials", dir / "credentials.json"});
    int done = 0, refused = 0;
    for (const auto& request : all_kinds(secret)) {
        CAPTURE(request.substr(0, 200));
        const auto answer = answer_of(host, request);
        CHECK_FALSE(secret.is_in(answer));
        if (answer.starts_with("HTTP/1.1 2")) ++done;
        if (answer.starts_with("HTTP/1.1 4")) ++refused;
    }
    CHECK(done >= 5);
    CHECK(refused >= 30);
    ::kill(host.pid(), SIGHUP);
    host.wait_for_line("the credentials have been read again");
    write_file(dir / "credentials.json",
               R"({"credentials":[{"name":"n","tokenSha256":")" + secret.token + "\"}]}");
    ::kill(host.pid(), SIGHUP);
    const auto log = host.wait_for_line("the credentials stay as they were");
    const auto processes = read_file("/proc/" + std::to_string(host.pid()) + "/cmdline");
    CHECK(processes.find("--credentials") != std::string::npos);
    CHECK_FALSE(secret.is_in(processes));
    CHECK_FALSE(secret.is_in(read_file("/proc/" + std::to_string(host.pid()) + "/environ")));
    CHECK(host.stop() == 0);
    CHECK(log.find("\"status\":429") != std::string::npos);
    CHECK_FALSE(secret.is_in(read_file(dir / "waybilld.log")));
}
