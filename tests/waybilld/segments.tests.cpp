// Segment definitions over HTTP, as aepp and curl ask for them.
#include <catch2/catch.hpp>

#include "a_definition.hpp"

using namespace waybill::test;
using nlohmann::json;

TEST_CASE("A definition is created, shown, changed and removed") {
    const running_host host;
    const auto made = ask(host, "POST", segments_path, a_definition("adults"));
    REQUIRE(made.status == 200);
    const auto document = made.json();
    const std::string id = document.at("id");
    CHECK(id.size() == 36);
    CHECK(made.header("x-location") == "/segment/definitions/" + id);
    CHECK(document.at("imsOrgId") == "acme");
    CHECK(document.at("sandbox").at("sandboxName") == "prod");
    CHECK(document.at("ttlInDays") == 30);
    CHECK(document.at("version") == 1);

    const auto shown = ask(host, "GET", path_of(id));
    CHECK(shown.status == 200);
    CHECK(shown.json() == document);
    CHECK(shown.header("etag") == made.header("etag"));
    CHECK(host.ask("GET", path_of(id), {{"If-None-Match", shown.header("etag")}}).status == 304);
    CHECK(ask(host, "HEAD", path_of(id)).header("etag") == shown.header("etag"));

    const auto changed =
        ask(host, "PATCH", path_of(id),
            {{"expression", {{"type", "PQL"}, {"format", "pql/text"}, {"value", "person.age > 20"}}},
             {"description", nullptr}});
    REQUIRE(changed.status == 200);
    CHECK(changed.json().at("name") == "adults");
    CHECK(changed.json().at("expression").at("value") == "person.age > 20");
    CHECK_FALSE(changed.json().contains("description"));
    CHECK(changed.json().at("version") == 2);
    CHECK(changed.header("etag") != shown.header("etag"));
    CHECK(host.ask("GET", path_of(id), {{"If-None-Match", shown.header("etag")}}).status == 200);

    const auto removed = ask(host, "DELETE", path_of(id));
    CHECK(removed.status == 200);
    CHECK(removed.json() == json{{"status", true}, {"message", ""}});
    for (const auto* const method : {"GET", "DELETE"})
        CHECK(ask(host, method, path_of(id)).status == 404);
    CHECK(ask(host, "PATCH", path_of(id), {{"name", "x"}}).status == 404);
}

TEST_CASE("A change is answered in full, whatever the client says that it has") {
    const running_host host;
    const auto id = add(host, a_definition("adults"));
    const auto changed =
        host.ask("PATCH", path_of(id), {{"Content-Type", "application/json"}, {"If-None-Match", "*"}},
                 R"({"name":"n"})");
    CHECK(changed.status == 200);
    CHECK(changed.json().at("name") == "n");
}

TEST_CASE("A definition is there again after a restart") {
    running_host host;
    const auto id = add(host, a_definition("adults"));
    const auto before = ask(host, "GET", path_of(id)).body;
    host.restart();
    CHECK(ask(host, "GET", path_of(id)).body == before);
}

TEST_CASE("An id that is given is found by its path, whatever characters it has") {
    const running_host host;
    auto definition = a_definition("odd");
    definition["id"] = "a/b c%\xC3\xA9";
    const auto made = ask(host, "POST", segments_path, definition);
    REQUIRE(made.status == 200);
    CHECK(made.header("x-location") == "/segment/definitions/a%2Fb%20c%25%C3%A9");
    CHECK(ask(host, "GET", path_of("a%2Fb%20c%25%C3%A9")).json().at("name") == "odd");
    definition["id"] = "bulk-get";
    definition["name"] = "a route";
    CHECK(finding_of(ask(host, "POST", segments_path, definition)).at("path") == "/id");
}

TEST_CASE("A name or an id that is taken is a 422, but a definition keeps its own") {
    const running_host host;
    auto definition = a_definition("adults");
    definition["id"] = "s";
    add(host, definition);
    const auto again = ask(host, "POST", segments_path, definition);
    CHECK(again.status == 422);
    CHECK(again.json().at("type") == "urn:waybill:error:already-exists");
    CHECK(finding_of(again).at("code") == "already_exists");
    definition.erase("id");
    CHECK(ask(host, "POST", segments_path, definition).status == 422);
    CHECK(ask(host, "PATCH", path_of("s"), definition).status == 200);
    const auto other = add(host, a_definition("others"));
    CHECK(ask(host, "PATCH", path_of(other), definition).status == 422);
}

TEST_CASE("An expression that is none is a 400 with its reason and position") {
    const running_host host;
    const auto refused = ask(host, "POST", segments_path, a_definition("n", "a = 1 AND b = 2"));
    CHECK(refused.status == 400);
    const auto found = finding_of(refused);
    CHECK(found.at("code") == "invalid_expression");
    CHECK(found.at("path") == "/expression/value");
    CHECK(found.at("reason") == "syntax");
    CHECK(found.at("position") == 6);
    CHECK(ask(host, "GET", segments_path).json().at("page").at("totalCount") == 0);
    // Other findings have neither.
    const auto plain = finding_of(ask(host, "POST", segments_path, a_definition("")));
    CHECK_FALSE(plain.contains("reason"));
    CHECK_FALSE(plain.contains("position"));
}

TEST_CASE("What a definition depends on, and what depends on it, is answered") {
    const running_host host;
    auto one = a_definition("one");
    one["id"] = "one";
    add(host, one);
    auto two = a_definition("two", R"(inSegment("one") and inSegment("later"))");
    two["id"] = "two";
    add(host, two);
    CHECK(ask(host, "GET", path_of("two")).json().at("dependencies") ==
          std::vector<std::string>{"later", "one"});
    CHECK(ask(host, "GET", path_of("one")).json().at("dependents") == std::vector<std::string>{"two"});
    auto later = a_definition("later", R"(inSegment("two"))");
    later["id"] = "later";
    CHECK(finding_of(ask(host, "POST", segments_path, later)).at("reason") == "circular");
    CHECK(ask(host, "DELETE", path_of("one")).status == 409);
    CHECK(ask(host, "DELETE", path_of("two")).status == 200);
    CHECK(ask(host, "DELETE", path_of("one")).status == 200);
}

TEST_CASE("Definitions are listed page by page, the first of them 0") {
    const running_host host;
    for (const auto* const name : {"a", "b", "c", "d", "e"})
        add(host, a_definition(name));
    const auto names = [&](const std::string& query) {
        std::string all;
        const auto page = ask(host, "GET", segments_path + query).json();
        for (const auto& one : page.at("segments"))
            all += one.at("name").get<std::string>();
        return all;
    };
    CHECK(names("?sort=name:asc") == "abcde");
    CHECK(names("?sort=name:desc&limit=2") == "ed");
    CHECK(names("?sort=name:asc&limit=2&page=0") == "ab");
    CHECK(names("?sort=name:asc&limit=2&page=1") == "cd");
    CHECK(names("?sort=name:asc&limit=2&page=2") == "e");
    CHECK(names("?sort=name:asc&limit=2&page=3").empty());
    CHECK(names("?sort=name:asc&limit=2&start=1") == "bc");
    CHECK(names("?sort=name:asc&limit=2&start=1&page=1") == "de");
    CHECK(names("?page=9223372036854775807&limit=100").empty());
    CHECK(names("?unknown=1&sort=name:asc") == "abcde");
    const auto page = ask(host, "GET", segments_path + "?limit=2").json().at("page");
    CHECK(page.at("totalCount") == 5);
    CHECK(page.at("totalPages") == 3);
    CHECK(page.at("pageSize") == 2);
    CHECK(page.at("limit") == 2);
}

TEST_CASE("A listing keeps to evaluationInfo, spelled as Python spells it, too") {
    const running_host host;
    add(host, a_definition("batch"));
    auto stream = a_definition("stream");
    stream["evaluationInfo"] = {{"continuous", {{"enabled", true}}}};
    add(host, stream);
    const auto count = [&](const std::string& query) {
        return ask(host, "GET", segments_path + query).json().at("page").at("totalCount").get<int>();
    };
    CHECK(count("?evaluationInfo.continuous.enabled=True") == 1);
    CHECK(count("?evaluationInfo.continuous.enabled=false") == 1);
    CHECK(count("?evaluationInfo.batch.enabled=true") == 1);
    CHECK(count("?evaluationInfo.synchronous.enabled=true") == 0);
}

TEST_CASE("A parameter of a listing that is wrong, empty or there twice is a 400") {
    const running_host host;
    for (const std::string query :
         {"limit=0", "limit=101", "limit=x", "limit=", "limit=1&limit=1", "page=-1", "page=1.5", "start=-1",
          "sort=name", "sort=name:up", "sort=size:asc", "sort=", "evaluationInfo.batch.enabled=1"}) {
        CAPTURE(query);
        const auto refused = ask(host, "GET", segments_path + "?" + query);
        CHECK(refused.status == 400);
        CHECK(finding_of(refused).at("path") == "?" + query.substr(0, query.find('=')));
    }
}

TEST_CASE("Several definitions are got at once, and those that are not there are told in their place") {
    const running_host host;
    const auto id = add(host, a_definition("adults"));
    const auto shown = ask(host, "GET", path_of(id)).json();
    for (const auto& body : {json{{"ids", {{{"id", id}}, {{"id", "no\"ne"}}}}},
                             json::array({id, "no\"ne", id}), json::array({{{"id", id}}, "no\"ne"})}) {
        const auto seen = ask(host, "POST", segments_path + "/bulk-get", body);
        REQUIRE(seen.status == 207);
        const auto results = seen.json().at("results");
        CHECK(results.size() == 2);
        CHECK(results.at(id) == shown);
        CHECK(results.at("no\"ne").at("requestId") == seen.header("x-request-id"));
        CHECK(results.at("no\"ne").at("errors").at("404").at(0).at("code") == "not_found");
    }
    CHECK(ask(host, "POST", segments_path + "/bulk-get", json::array()).status == 400);
    const auto too_many = json(std::vector<std::string>(501, "a"));
    CHECK(finding_of(ask(host, "POST", segments_path + "/bulk-get", too_many)).at("code") == "too_many");
}

TEST_CASE("Each path of definitions has its own methods, and bulk-get is no definition's") {
    const running_host host;
    const auto refused = [&](const std::string& method, const std::string& path) {
        const auto seen = ask(host, method, path);
        CHECK(seen.status == 405);
        return seen.header("allow");
    };
    CHECK(refused("PUT", path_of("s")) == "GET, HEAD, PATCH, DELETE, OPTIONS");
    CHECK(refused("POST", path_of("s")) == "GET, HEAD, PATCH, DELETE, OPTIONS");
    CHECK(refused("PUT", segments_path) == "GET, HEAD, POST, OPTIONS");
    CHECK(refused("GET", path_of("bulk-get")) == "POST, OPTIONS");
    CHECK(refused("DELETE", path_of("bulk-get")) == "POST, OPTIONS");
}

TEST_CASE("A body of an update is JSON, too, and says so") {
    const running_host host;
    const auto id = add(host, a_definition("adults"));
    CHECK(host.ask("PATCH", path_of(id), {{"Content-Type", "text/plain"}}, "{}").status == 415);
    CHECK(host.ask("PATCH", path_of(id), {{"Content-Type", "application/json"}}, "[]").status == 400);
    CHECK(host.ask("PATCH", path_of(id), {{"Content-Type", "application/json"}}, "{}").status == 200);
}

TEST_CASE("A host whose segments another process owns does not start, and names it") {
    running_host first;
    waybill::http::request_log log([](std::string_view) {});
    auto options = first.options();
    const temp_directory elsewhere;
    options.store = elsewhere / "jobs.db";
    options.datasets = elsewhere / "datasets";
    options.segments = first.directory() / "segments.db";
    const auto second = waybill::http::host::start(options, log);
    REQUIRE_FALSE(second);
    CHECK(second.error().code == waybill::errc::owned_elsewhere);
    CHECK(second.error().message.find("segment store") != std::string::npos);
    CHECK(std::filesystem::exists(first.directory() / "segments.db"));
}
