#include <catch2/catch.hpp>

#include "client.hpp"
#include "trace_context.hpp"

using namespace waybill;
using namespace waybill::http;
using namespace waybill::test;

namespace {

const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
const std::string sound = "00-" + trace + "-00f067aa0ba902b7-01";

std::string_view trace_of(const header_list& headers) {
    static request asked;
    asked.headers = headers;
    return trace_id_of(asked);
}

/// The line that the log has for the request with this id, once the next one on its connection is answered.
nlohmann::json line_for(const running_host& host, client& connection, const std::string& id) {
    REQUIRE(connection.ask("GET", "/healthz").status == 200);
    const auto log = host.log();
    const auto at = log.find("\"requestId\":\"" + id + "\"");
    REQUIRE(at != std::string::npos);
    const auto begin = log.rfind('\n', at) + 1;
    return nlohmann::json::parse(log.substr(begin, log.find('\n', begin) - begin));
}

} // namespace

TEST_CASE("A trace is told from a traceparent of the recommendation's form and from no other") {
    CHECK(trace_of({{"traceparent", sound}}) == trace);
    CHECK(trace_of({{"TraceParent", sound}}) == trace);
    CHECK(trace_of({{"traceparent", "cc" + sound.substr(2)}}) == trace);
    CHECK(trace_of({{"traceparent", "cc" + sound.substr(2) + "-what-comes-later"}}) == trace);
    CHECK(trace_of({}).empty());
    CHECK(trace_of({{"traceparent", sound}, {"traceparent", sound}}).empty());
    const std::string nothing(32, '0');
    for (const auto& text :
         {std::string(), sound.substr(1), sound + "-", sound + "0", "ff" + sound.substr(2),
          "0g" + sound.substr(2), "00_" + sound.substr(3), "cc" + sound.substr(2) + "later",
          "00-" + nothing + sound.substr(35), sound.substr(0, 36) + nothing.substr(0, 16) + "-01",
          "00-4BF92F3577B34DA6A3CE929D0E0E4736" + sound.substr(35), sound.substr(0, 53) + "0x",
          sound.substr(0, 52) + "_01", sound.substr(0, 35) + "_" + sound.substr(36)}) {
        CAPTURE(text);
        CHECK(trace_of({{"traceparent", text}}).empty());
    }
}

TEST_CASE("A request's line names its trace, its tenant and its route's pattern") {
    const running_host host;
    auto connection = host.connect();
    REQUIRE(
        connection
            .ask("GET", jobs_path + "/77",
                 speaking_for(
                     "acme", {{"x-request-id", "traced"}, {"x-sandbox-name", "dev"}, {"traceparent", sound}}))
            .status == 404);
    const auto line = line_for(host, connection, "traced");
    CHECK(line.at("traceId") == trace);
    CHECK(line.at("org") == "acme");
    CHECK(line.at("sandbox") == "dev");
    CHECK(line.at("route") == jobs_path + "/{id}");
    CHECK(line.at("path") == jobs_path + "/77");
    CHECK(line.at("status") == 404);
}

TEST_CASE("Without a trace, a tenant or a route a request's line claims none") {
    const running_host host;
    auto connection = host.connect();
    const headers plain{{"x-request-id", "plain"}, {"traceparent", "00-nonsense"}};
    REQUIRE(connection.ask("GET", "/nowhere", plain).status == 404);
    const auto line = line_for(host, connection, "plain");
    CHECK_FALSE(line.contains("traceId"));
    CHECK(line.at("org") == "");
    CHECK(line.at("sandbox") == "");
    CHECK(line.at("route") == "");

    REQUIRE(connection.ask("PUT", "/healthz", {{"x-request-id", "wrong-method"}}).status == 405);
    CHECK(line_for(host, connection, "wrong-method").at("route") == "/healthz");
    REQUIRE(connection.ask("GET", jobs_path, {{"x-request-id", "stranger"}}).status == 403);
    CHECK(line_for(host, connection, "stranger").at("route") == jobs_path);
}
