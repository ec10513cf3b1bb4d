#include <catch2/catch.hpp>

#include <set>

#include "client.hpp"
#include "router.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

std::string lower_case(std::string_view text) {
    std::string lower(text);
    for (char& c : lower)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return lower;
}

std::string text_of(const std::optional<http::role>& needed) {
    if (!needed) return "nobody in particular";
    return *needed == http::role::read ? "read" : *needed == http::role::write ? "write" : "admin";
}

/// `get /healthz for nobody in particular`
using operations = std::set<std::string>;

operations routed() {
    operations found;
    for (const auto& row : http::routes())
        found.insert(lower_case(row.method) + " " + std::string(row.pattern) + " for " + text_of(row.needed));
    return found;
}

operations described(const nlohmann::json& document) {
    operations found;
    for (const auto& [path, item] : document.at("paths").items())
        for (const auto& [method, operation] : item.items()) {
            if (method == "parameters") continue;
            // Who must say who he is has a role, and the other way round.
            const bool open = operation.contains("security") && operation.at("security").empty();
            CHECK(open != operation.contains("x-role"));
            found.insert(method + " " + path + " for " + operation.value("x-role", text_of(std::nullopt)));
        }
    return found;
}

} // namespace

TEST_CASE("The description has every route with its method and role, and no other") {
    const running_host host;
    CHECK(described(host.connect().ask("GET", "/openapi.json").json()) == routed());
}

TEST_CASE("The description is there for anybody, and not sent again to who has it") {
    const running_host host;
    auto connection = host.connect();
    const auto seen = connection.ask("GET", "/openapi.json");
    REQUIRE(seen.status == 200);
    CHECK(seen.header("content-type") == "application/json");
    CHECK(seen.json().at("openapi") == "3.1.0");
    const auto tag = seen.header("etag");
    CHECK(tag.size() == 34);
    const auto again = connection.ask("GET", "/openapi.json", {{"If-None-Match", tag}});
    CHECK(again.status == 304);
    CHECK(again.header("etag") == tag);
    CHECK(connection.ask("GET", "/openapi.json", {{"If-None-Match", "\"other\""}}).status == 200);
    const auto head = connection.ask("HEAD", "/openapi.json");
    CHECK(head.header("etag") == tag);
    CHECK(head.header("content-length") == seen.header("content-length"));
    CHECK(connection.ask("OPTIONS", "/openapi.json").header("allow") == "GET, HEAD, OPTIONS");
}
