#include <catch2/catch.hpp>

#include "client.hpp"
#include "problem.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

struct kind {
    unsigned status;
    std::string type;
    std::string title;
    std::string code;
};

const std::vector<kind> kinds{
    {400, "invalid-request", "Invalid request", "invalid_value"},
    {404, "not-found", "Not found", "not_found"},
    {405, "method-not-allowed", "Method not allowed", "method_not_allowed"},
    {408, "request-timeout", "Request timeout", "request_timeout"},
    {409, "conflict", "Conflict", "conflict"},
    {413, "content-too-large", "Content too large", "content_too_large"},
    {414, "uri-too-long", "URI too long", "uri_too_long"},
    {415, "unsupported-media-type", "Unsupported media type", "unsupported_media_type"},
    {416, "range-not-satisfiable", "Range not satisfiable", "range_not_satisfiable"},
    {422, "already-exists", "Already exists", "already_exists"},
    {429, "too-many-requests", "Too many requests", "too_many_requests"},
    {431, "header-fields-too-large", "Request header fields too large", "header_fields_too_large"},
    {500, "internal-error", "Internal error", "internal_error"},
    {503, "unavailable", "Service unavailable", "unavailable"},
    {507, "insufficient-storage", "Insufficient storage", "insufficient_storage"}};

/// Without its message, and with the members that there must be and no others.
nlohmann::json shape_of(const kind& expected, const std::string& request_id) {
    return {{"type", "urn:waybill:error:" + expected.type},
            {"title", expected.title},
            {"status", expected.status},
            {"requestId", request_id},
            {"errors", {{std::to_string(expected.status), {{{"code", expected.code}, {"path", ""}}}}}}};
}

nlohmann::json without_message(nlohmann::json seen, unsigned status) {
    auto& finding = seen.at("errors").at(std::to_string(status)).at(0);
    CHECK_FALSE(finding.at("message").get<std::string>().empty());
    finding.erase("message");
    return seen;
}

void check_problem(const answer& seen, unsigned status) {
    CAPTURE(status, seen.body);
    REQUIRE(seen.status == status);
    CHECK(seen.header("content-type") == "application/json");
    const auto expected = std::find_if(kinds.begin(), kinds.end(),
                                       [status](const auto& each) { return each.status == status; });
    auto shown = without_message(seen.json(), status);
    shown.at("errors").at(std::to_string(status)).at(0)["path"] = "";
    CHECK(shown == shape_of(*expected, seen.header("x-request-id")));
}

} // namespace

TEST_CASE("Each status of an error has one shape, with a type, a title and a code of its own") {
    for (const auto& each : kinds) {
        const auto answer = http::problem(each.status, "r-1", "in words");
        CAPTURE(each.status);
        CHECK(answer.status == each.status);
        CHECK(nlohmann::json::parse(answer.body).at("errors").begin().value().at(0).at("message") ==
              "in words");
        CHECK(without_message(nlohmann::json::parse(answer.body), each.status) == shape_of(each, "r-1"));
    }
}

TEST_CASE("What the host refuses on the wire has the shape of its status, under the request's id") {
    const running_host host([](auto& options) {
        options.limits.body = 100;
        options.limits.request_time = std::chrono::seconds(1);
    });
    const headers json{{"Content-Type", "application/json"}};
    check_problem(host.ask("GET", "/nowhere"), 404);
    check_problem(host.ask("GET", jobs_path + "/7"), 404);
    check_problem(host.ask("PUT", jobs_path), 405);
    check_problem(host.ask("POST", jobs_path, json, std::string(101, ' ')), 413);
    check_problem(host.ask("GET", "/" + std::string(9'000, 'a')), 414);
    check_problem(host.ask("POST", jobs_path, {{"Content-Type", "text/plain"}}, "{}"), 415);
    check_problem(host.ask("GET", "/healthz", {{"x", std::string(17'000, 'a')}}), 431);
    auto slow = host.connect();
    slow.send("GET /healthz HT");
    check_problem(slow.read(), 408);
}

TEST_CASE("A connection too many is told so in the shape of all errors") {
    const running_host host([](auto& options) { options.limits.connections = 1; });
    auto only = host.connect();
    REQUIRE(only.ask("GET", "/healthz").status == 200);
    check_problem(host.connect().ask("GET", "/healthz"), 503);
}
