#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "application.hpp"
#include "digest.hpp"

using namespace waybill;
using namespace waybill::http;
using nlohmann::json;

namespace {

credential_book one_reader(const std::string& roles = "read") {
    auto read = credential_book::parse(
        R"({"credentials":[{"name":"n","tokenSha256":")" + sha256_hex("token") + R"(","apiKeySha256":")" +
        sha256_hex("key") + R"(","orgs":["org"],"sandboxes":["prod","dev"],"roles":[")" + roles + R"("]},
            {"name":"m","tokenSha256":")" +
        sha256_hex("other") + R"(","apiKeySha256":")" + sha256_hex("other-key") +
        R"(","orgs":["other-org"],"sandboxes":["other"],"roles":["admin"],
                "expires":"2020-01-01T00:00:00Z"}]})");
    return std::move(read.value());
}

request asks(std::string method, std::string target, header_list headers) {
    return {.method = std::move(method),
            .target = std::move(target),
            .headers = std::move(headers),
            .body = {},
            .peer = {}};
}

const header_list good{{"Authorization", "Bearer token"}, {"x-api-key", "key"}, {"x-gw-ims-org-id", "org"}};

header_list with(const std::string& name, const std::string& value) {
    auto headers = good;
    for (auto& [key, current] : headers)
        if (same_token(key, name)) {
            current = value;
            return headers;
        }
    headers.emplace_back(name, value);
    return headers;
}

header_list without(const std::string& name) {
    auto headers = good;
    std::erase_if(headers, [&](const auto& field) { return field.first == name; });
    return headers;
}

struct refusal {
    unsigned status = 0;
    std::string code;
    std::string message;
    friend bool operator==(const refusal&, const refusal&) = default;
};

std::ostream& operator<<(std::ostream& out, const refusal& seen) {
    return out << seen.status << ' ' << seen.code << ' ' << seen.message;
}

refusal refused(const std::variant<visitor, response>& outcome) {
    const auto* const answer = std::get_if<response>(&outcome);
    if (answer == nullptr) return {};
    const auto body = json::parse(answer->body);
    return {answer->status, body.value("error_code", ""), body.value("message", "")};
}

refusal at_door(const gateway& door, const header_list& headers, role needed = role::read) {
    return refused(door.admit(asks("GET", "/", headers), needed, "r"));
}

const refusal token_missing{403, "403010", "Oauth token is missing."};
const refusal token_invalid{401, "401013", "Oauth token is not valid"};
const refusal key_missing{403, "403000", "Api Key is required"};
const refusal key_invalid{403, "403003", "Api Key is invalid"};
const refusal org_missing{400, "400003", "Missing header: x-gw-ims-org-id"};
const refusal profile_invalid{403, "403025", "Profile is not valid"};
const refusal role_low{403, "403027", "Role is not sufficient"};

} // namespace

TEST_CASE("Whoever has token, key, org, sandbox and role is let in as that tenant") {
    const gateway door(one_reader());
    CHECK(std::get<visitor>(door.admit(asks("GET", "/", good), role::read, "r")).owner ==
          tenant{"org", "prod"});
    CHECK(std::get<visitor>(door.admit(asks("GET", "/", with("x-sandbox-name", "dev")), role::read, "r"))
              .owner == tenant{"org", "dev"});
    CHECK(at_door(door, with("Authorization", "bearer  token")) == refusal{});
}

TEST_CASE("Whoever is let in goes by the credential's name, or by insecure-dev where none is needed") {
    const auto name_at = [](const gateway& door) {
        return std::get<visitor>(door.admit(asks("GET", "/", good), role::read, "r")).name;
    };
    CHECK(name_at(gateway(one_reader())) == "n");
    CHECK(name_at(gateway::insecure()) == "insecure-dev");
}

TEST_CASE("Each thing that is missing or wrong has its own answer") {
    const gateway door(one_reader());
    CHECK(at_door(door, without("Authorization")) == token_missing);
    CHECK(at_door(door, with("Authorization", "Bearer")) == token_missing);
    CHECK(at_door(door, with("Authorization", "Bearer ")) == token_missing);
    CHECK(at_door(door, with("Authorization", "Basic token")) == token_missing);
    CHECK(at_door(door, with("Authorization", "Bearer wrong")) == token_invalid);
    CHECK(at_door(door, with("Authorization", "Bearer other")) == token_invalid);
    CHECK(at_door(door, without("x-api-key")) == key_missing);
    CHECK(at_door(door, with("x-api-key", "wrong")) == key_invalid);
    CHECK(at_door(door, with("x-api-key", "other-key")) == key_invalid);
    CHECK(at_door(door, without("x-gw-ims-org-id")) == org_missing);
    CHECK(at_door(door, with("x-gw-ims-org-id", "other-org")) == profile_invalid);
    CHECK(at_door(door, with("x-sandbox-name", "other")) == profile_invalid);
    CHECK(at_door(door, with("x-sandbox-name", "")) == profile_invalid);
    CHECK(at_door(door, good, role::write) == role_low);
}

TEST_CASE("A wrong token is answered with how to do better") {
    const gateway door(one_reader());
    const auto outcome = door.admit(asks("GET", "/", with("Authorization", "Bearer wrong")), role::read, "r");
    const auto headers = std::get<response>(outcome).headers;
    CHECK(std::find(headers.begin(), headers.end(),
                    std::pair<std::string, std::string>("WWW-Authenticate", "Bearer")) != headers.end());
}

TEST_CASE("Each check of the gateway comes before all later ones") {
    const gateway door(one_reader());
    // Everything is wrong; mending one thing after the other shows the order.
    header_list headers{{"x-sandbox-name", "other"}};
    const auto seen = [&] { return at_door(door, headers, role::write); };
    CHECK(seen() == token_missing);
    headers.emplace_back("Authorization", "Bearer wrong");
    CHECK(seen() == token_invalid);
    headers.back().second = "Bearer token";
    CHECK(seen() == key_missing);
    headers.emplace_back("x-api-key", "wrong");
    CHECK(seen() == key_invalid);
    headers.back().second = "key";
    CHECK(seen() == org_missing);
    headers.emplace_back("x-gw-ims-org-id", "other-org");
    CHECK(seen() == profile_invalid);
    headers.back().second = "org";
    CHECK(seen() == profile_invalid);
    headers.front().second = "dev";
    CHECK(seen() == role_low);
    const gateway writers(one_reader("write"));
    CHECK(at_door(writers, headers, role::write) == refusal{});
}

TEST_CASE("Without credentials any non-empty token, key and org will do") {
    const auto door = gateway::insecure();
    const header_list any{{"Authorization", "Bearer x"}, {"x-api-key", "y"}, {"x-gw-ims-org-id", "z"}};
    CHECK(at_door(door, any, role::admin) == refusal{});
    CHECK(at_door(door, {}) == token_missing);
    CHECK(at_door(door, {any[0]}) == key_missing);
    CHECK(at_door(door, {any[0], any[1]}) == org_missing);
    CHECK(at_door(door, {any[0], any[1], {"x-gw-ims-org-id", ""}}) == org_missing);
}

TEST_CASE("A tenant's names have 1 to 80 bytes of text") {
    const auto door = gateway::insecure();
    CHECK(at_door(door, with("x-gw-ims-org-id", std::string(80, 'o'))).status == 0);
    CHECK(at_door(door, with("x-gw-ims-org-id", std::string(81, 'o'))).status == 400);
    CHECK(at_door(door, with("x-gw-ims-org-id", "\xC3\x28")).status == 400);
    CHECK(at_door(door, with("x-gw-ims-org-id", "\xC3\xA9")).status == 0);
    CHECK(at_door(door, with("x-sandbox-name", std::string(80, 's'))).status == 0);
    CHECK(at_door(door, with("x-sandbox-name", std::string(81, 's'))).status == 400);
    CHECK(at_door(door, with("x-sandbox-name", "")).status == 400);
}

namespace {

unsigned answered(const std::string& method, const std::string& target, const header_list& headers) {
    static const gateway door(one_reader("write"));
    const auto outcome = admit(routes(), asks(method, target, headers), "r", door, 100).outcome;
    const auto* const answer = std::get_if<response>(&outcome);
    return answer == nullptr ? 0 : answer->status;
}

} // namespace

TEST_CASE("Route, method, gateway, content type and size are checked in this order") {
    const std::string jobs = "/data/core/ups/export/jobs";
    header_list headers{{"Content-Length", "101"}};
    CHECK(answered("PATCH", "/nowhere", headers) == 404);
    CHECK(answered("PATCH", jobs, headers) == 405);
    CHECK(answered("OPTIONS", jobs, headers) == 204);
    CHECK(answered("POST", jobs, headers) == 403);
    headers.insert(headers.end(), good.begin(), good.end());
    CHECK(answered("POST", jobs, headers) == 415);
    headers.emplace_back("Content-Type", "text/plain");
    CHECK(answered("POST", jobs, headers) == 415);
    headers.back().second = "Application/JSON ; charset=utf-8";
    CHECK(answered("POST", jobs, headers) == 413);
    headers.front().second = "100";
    CHECK(answered("POST", jobs, headers) == 0);
}

TEST_CASE("A request id is kept when it is 1 to 128 visible ASCII characters") {
    const auto id_for = [](const std::string& sent) {
        return request_id_of(asks("GET", "/", {{"X-Request-Id", sent}}));
    };
    CHECK(id_for("a") == "a");
    CHECK(id_for(std::string(128, '~')) == std::string(128, '~'));
    for (const auto& bad :
         {std::string{}, std::string(129, 'a'), std::string("a b"), std::string("\xC3\xA9")}) {
        CHECK(id_for(bad) != bad);
        CHECK(id_for(bad).size() == 32);
    }
    CHECK(request_id_of(asks("GET", "/", {{"x-request-id", "a"}, {"x-request-id", "b"}})).size() == 32);
    CHECK(request_id_of({}) != request_id_of({}));
}
