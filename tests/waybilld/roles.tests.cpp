#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>

#include "client.hpp"
#include "digest.hpp"
#include "router.hpp"

using namespace waybill;
using namespace waybill::http;
using namespace waybill::test;

namespace {

constexpr std::array role_names{"read", "write", "admin"};
/// Looks although it is asked by POST.
constexpr std::string_view bulk_get = "/data/core/ups/segment/definitions/bulk-get";
constexpr std::array without_role{"/healthz", "/readyz", "/metrics", "/openapi.json"};

/// One credential a role, whose token is the role's name.
void write_one_of_each_role(const std::filesystem::path& file) {
    std::string text;
    for (const std::string name : role_names)
        text += std::string(text.empty() ? "" : ",") + R"({"name":")" + name + R"(","tokenSha256":")" +
                sha256_hex(name) + R"(","apiKeySha256":")" + sha256_hex("k3y") +
                R"(","orgs":["acme"],"sandboxes":["prod"],"roles":[")" + name + R"("]})";
    std::ofstream(file) << R"({"credentials":[)" << text << "]}";
}

/// Every `{…}` of the pattern is something that there is not.
std::string path_to_nothing(const route& row) {
    std::string path;
    for (std::size_t at = 0; at < row.pattern.size(); ++at) {
        if (row.pattern[at] != '{') {
            path += row.pattern[at];
            continue;
        }
        path += "999999";
        at = row.pattern.find('}', at);
    }
    return path;
}

bool asks_for_nothing(const route& row) {
    return std::find(without_role.begin(), without_role.end(), row.pattern) != without_role.end();
}

} // namespace

TEST_CASE("Every route but the open ones asks for a role: read to look, write to change") {
    CHECK(routes().size() >= 15);
    for (const auto& row : routes()) {
        CAPTURE(row.method, row.pattern);
        if (asks_for_nothing(row)) {
            CHECK_FALSE(row.needed.has_value());
        } else {
            REQUIRE(row.needed.has_value());
            const bool looks = row.method == "GET" || row.pattern == bulk_get;
            CHECK(*row.needed == (looks ? role::read : role::write));
        }
    }
}

TEST_CASE("On each route a token without the role is refused, and one with it is let in") {
    const temp_directory files;
    write_one_of_each_role(files / "credentials.json");
    const running_host host([&](host_options& options) {
        options.insecure_dev = false;
        options.credentials = files / "credentials.json";
    });
    auto connection = host.connect();
    for (const auto& row : routes()) {
        for (const auto given : {role::read, role::write, role::admin}) {
            const std::string token = role_names[static_cast<std::size_t>(given)];
            const auto seen = connection.ask(
                std::string(row.method), path_to_nothing(row),
                {{"Authorization", "Bearer " + token}, {"x-api-key", "k3y"}, {"x-gw-ims-org-id", "acme"}});
            CAPTURE(row.method, row.pattern, token, seen.status);
            const bool enough = !row.needed || given >= *row.needed;
            CHECK((seen.status == 403) != enough);
            if (!enough) CHECK(seen.body.find("403027") != std::string::npos);
        }
        const auto stranger = connection.ask(std::string(row.method), path_to_nothing(row));
        CAPTURE(row.method, row.pattern, stranger.status);
        CHECK((stranger.status == 403) == row.needed.has_value());
    }
}

TEST_CASE("HEAD needs the role of GET") {
    const temp_directory files;
    write_one_of_each_role(files / "credentials.json");
    const running_host host([&](host_options& options) {
        options.insecure_dev = false;
        options.credentials = files / "credentials.json";
    });
    CHECK(host.connect().ask("HEAD", jobs_path).status == 403);
    CHECK(host.connect()
              .ask("HEAD", jobs_path,
                   {{"Authorization", "Bearer read"}, {"x-api-key", "k3y"}, {"x-gw-ims-org-id", "acme"}})
              .status == 200);
}
