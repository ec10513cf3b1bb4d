#include <catch2/catch.hpp>

#include <atomic>
#include <fstream>
#include <thread>

#include "client.hpp"
#include "digest.hpp"

using namespace waybill;
using namespace waybill::http;
using namespace waybill::test;
using Catch::Contains;

namespace {

std::string entry_of(const std::string& token, const std::string& role) {
    return R"({"name":"n","tokenSha256":")" + sha256_hex(token) + R"(","apiKeySha256":")" +
           sha256_hex("k3y") + R"(","orgs":["acme"],"sandboxes":["prod"],"roles":[")" + role + R"("]})";
}

headers bearing(const std::string& token) {
    return {{"Authorization", "Bearer " + token}, {"x-api-key", "k3y"}, {"x-gw-ims-org-id", "acme"}};
}

struct reloaded_host {
    temp_directory files;
    running_host host;

    explicit reloaded_host(const std::string& entries = entry_of("old", "admin"))
        : host([&](host_options& options) {
              write(entries);
              options.insecure_dev = false;
              options.credentials = files / "credentials.json";
              options.limits.failed_logins = 1'000'000;
          }) {}

    void write(const std::string& entries) const {
        std::ofstream(files / "credentials.json") << R"({"credentials":[)" << entries << "]}";
    }
    void replace(const std::string& entries) const {
        write(entries);
        host.reload();
    }
};

const std::string small_job = R"({"destination":{"datasetId":"out"},"schema":{"name":"x"}})";

} // namespace

TEST_CASE("A revoked token is refused from the next request on, also on an open connection") {
    const reloaded_host reloaded;
    auto connection = reloaded.host.connect();
    CHECK(connection.ask("GET", jobs_path, bearing("old")).status == 200);
    CHECK(connection.ask("GET", jobs_path, bearing("new")).status == 401);
    reloaded.replace(entry_of("new", "read"));
    CHECK(connection.ask("GET", jobs_path, bearing("old")).status == 401);
    CHECK(connection.ask("GET", jobs_path, bearing("new")).status == 200);
    CHECK_THAT(reloaded.host.log(), Contains("the credentials have been read again"));
}

TEST_CASE("A file of credentials with a mistake is told with its place, and the old ones stay in force") {
    const reloaded_host reloaded;
    reloaded.replace(entry_of("new", "read") + "," + entry_of("other", "emperor"));
    CHECK_THAT(reloaded.host.log(), Contains("\"level\":\"error\"") &&
                                        Contains("the credentials stay as they were") &&
                                        Contains("credentials.json': credential 2: roles may be"));
    CHECK(reloaded.host.connect().ask("GET", jobs_path, bearing("old")).status == 200);
    CHECK(reloaded.host.connect().ask("GET", jobs_path, bearing("new")).status == 401);
    std::filesystem::remove(reloaded.files / "credentials.json");
    reloaded.host.reload();
    CHECK_THAT(reloaded.host.log(), Contains("No such file"));
    CHECK(reloaded.host.connect().ask("GET", jobs_path, bearing("old")).status == 200);
}

TEST_CASE("A request in progress goes on with the credentials that it began with") {
    const reloaded_host reloaded;
    auto connection = reloaded.host.connect();
    std::string head = "POST " + jobs_path + " HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n";
    for (const auto& [name, value] : bearing("old"))
        head += name + ": " + value + "\r\n";
    connection.send(head + "Expect: 100-continue\r\nContent-Length: " + std::to_string(small_job.size()) +
                    "\r\n\r\n");
    CHECK(connection.read().status == 100);
    reloaded.replace(entry_of("new", "read"));
    connection.send(small_job);
    CHECK(connection.read().status == 200);
    CHECK(connection.ask("GET", jobs_path, bearing("old")).status == 401);
}

TEST_CASE("Without credentials a reload says that there are none to read") {
    const running_host host;
    host.reload();
    CHECK_THAT(host.log(), Contains("there are no credentials to read again"));
    CHECK(host.ask("GET", jobs_path).status == 200);
}

TEST_CASE("Credentials are replaced while requests are looked at") {
    const reloaded_host reloaded(entry_of("kept", "read"));
    std::atomic<bool> done = false;
    std::atomic<int> refused = 0;
    std::vector<std::thread> asking;
    for (int times = 0; times < 2; ++times)
        asking.emplace_back([&] {
            auto connection = reloaded.host.connect();
            while (!done)
                if (connection.ask("GET", jobs_path, bearing("kept")).status != 200) ++refused;
        });
    for (int times = 0; times < 50; ++times)
        reloaded.replace(entry_of("other" + std::to_string(times), "read") + "," + entry_of("kept", "read"));
    done = true;
    for (auto& thread : asking)
        thread.join();
    CHECK(refused == 0);
}
