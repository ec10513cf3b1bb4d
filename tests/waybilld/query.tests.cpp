#include <catch2/catch.hpp>

#include "job_wait.hpp"
#include "list_query.hpp"
#include "preferences.hpp"
#include "query.hpp"

using namespace waybill;
using namespace waybill::http;

namespace {

std::vector<finding> findings_of(std::string_view query) {
    const auto asked = parse_list_query(query);
    if (asked) return {};
    CHECK(asked.error().code == errc::invalid);
    return asked.error().findings;
}

} // namespace

TEST_CASE("Percent-encoding is undone, and broken percent-encoding is nothing") {
    CHECK(percent_decode("a%20b%2Fc%2f") == "a b/c/");
    CHECK(percent_decode("a+b") == "a+b");
    CHECK(percent_decode("a+b", true) == "a b");
    CHECK(percent_decode("") == "");
    CHECK_FALSE(percent_decode("%"));
    CHECK_FALSE(percent_decode("%2"));
    CHECK_FALSE(percent_decode("%g0"));
    CHECK_FALSE(percent_decode("%2 "));
}

TEST_CASE("Query parameters keep their order, may lack a value and may be there twice") {
    const auto parameters = parse_query("a=1&b&&c=&a=%20&d=%zz&%zz=1&=x");
    REQUIRE(parameters.size() == 5);
    CHECK(parameters[0].name == "a");
    CHECK(parameters[0].value == "1");
    CHECK(parameters[1].value == "");
    CHECK(parameters[2].value == "");
    CHECK(parameters[3].value == " ");
    CHECK(parameters[4].name == "d");
    CHECK_FALSE(parameters[4].value);
}

TEST_CASE("A listing without parameters asks for all jobs of any status") {
    const auto asked = parse_list_query("");
    REQUIRE(asked);
    CHECK_FALSE(asked->has_limit);
    CHECK_FALSE(asked->query.after);
    CHECK(asked->query.statuses.empty());
}

TEST_CASE("Limit, offset and status are read, unknown parameters are ignored") {
    const auto asked = parse_list_query(
        "limit=2&offset=1538573416687_722&status=NEW,FAILED,NEW&start=x&page=&sort=%zz&other");
    REQUIRE(asked);
    CHECK(asked->has_limit);
    CHECK(asked->query.limit == 2);
    CHECK(asked->query.after == cursor{1538573416687, 722});
    CHECK(asked->query.statuses == std::vector{job_status::new_, job_status::failed});
    CHECK(parse_list_query("status=NEW%2CFAILED")->query.statuses.size() == 2);
}

TEST_CASE("A bad limit is refused") {
    const auto text = GENERATE(as<std::string>{}, "0", "-1", "+1", "1.5", "two", "1x", "%31x", "0x2", "+",
                               "-0", "00", "-99999999999999999999", "1,2");
    CAPTURE(text);
    const auto findings = findings_of("limit=" + text);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].path == "?limit");
    CHECK(findings[0].code == "invalid_value");
}

TEST_CASE("A limit beyond all jobs is as good as all of them") {
    CHECK(parse_list_query("limit=1")->query.limit == 1);
    CHECK(parse_list_query("limit=9223372036854775807")->query.limit == 9'223'372'036'854'775'807U);
    CHECK(parse_list_query("limit=99999999999999999999999")->query.limit == 9'223'372'036'854'775'807U);
}

TEST_CASE("A bad cursor is refused") {
    const auto text =
        GENERATE(as<std::string>{}, "-1_2", "1_", "_1", "9223372036854775808_1", "1_9223372036854775808", "2",
                 "1_2_3", "+1_2", "%201_2", "1_2x", "_", "1__2", "a_b");
    CAPTURE(text);
    const auto findings = findings_of("offset=" + text);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].path == "?offset");
}

TEST_CASE("The greatest cursor is accepted") {
    CHECK(parse_list_query("offset=9223372036854775807_9223372036854775807"));
    CHECK(parse_list_query("offset=0_0"));
}

TEST_CASE("An unknown status is refused with the allowed ones") {
    const auto text =
        GENERATE(as<std::string>{}, "new", "DONE", "NEW,", ",NEW", "NEW,,FAILED", "NEW,DONE", "NEW FAILED");
    CAPTURE(text);
    const auto findings = findings_of("status=" + (text == "NEW FAILED" ? "NEW+FAILED" : text));
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].path == "?status");
    CHECK_THAT(findings[0].message,
               Catch::Contains("NEW, PROCESSING, CANCELLING, SUCCEEDED, FAILED, CANCELLED"));
}

TEST_CASE("A known parameter that is empty or there twice is refused") {
    const auto name = GENERATE(as<std::string>{}, "limit", "offset", "status", "segmentId", "datasetId",
                               "createdAfter", "createdBefore");
    CAPTURE(name);
    CHECK(findings_of(name).size() == 1);
    CHECK(findings_of(name + "=").size() == 1);
    CHECK(findings_of(name + "=%zz").size() == 1);
    const auto twice = findings_of(name + "=1&" + name + "=1");
    REQUIRE(twice.size() == 1);
    CHECK(twice[0].code == "too_many");
}

TEST_CASE("All that is wrong with a query is said at once") {
    CHECK(findings_of("limit=0&offset=2&status=x").size() == 3);
}

TEST_CASE("Every filter is read") {
    const auto asked = parse_list_query("segmentId=a%20%26%20b&datasetId=d-1_X&createdAfter=1538573416687"
                                        "&createdBefore=2018-10-03T14:30:16.688%2B01:00");
    REQUIRE(asked);
    CHECK(asked->query.segment_id == "a & b");
    CHECK(asked->query.dataset_id == "d-1_X");
    CHECK(asked->query.created_after == timestamp{std::chrono::milliseconds{1'538'573'416'687}});
    CHECK(asked->query.created_before == timestamp{std::chrono::milliseconds{1'538'573'416'688}});
    CHECK_FALSE(asked->has_limit);
}

TEST_CASE("A moment before 1970 is read as 1970, so that the link to the next page can repeat it") {
    const auto asked =
        parse_list_query("createdAfter=1969-12-31T23:59:59.999Z&createdBefore=1960-01-01T00:00:00Z");
    REQUIRE(asked);
    CHECK(asked->query.created_after == timestamp{});
    CHECK(asked->query.created_before == timestamp{});
    const auto link = next_page_link(*asked, "1_2");
    CHECK(parse_list_query(std::string_view(link).substr(link.find('?') + 1)));
}

TEST_CASE("A filter that is no moment, or no dataset's id, is refused") {
    const auto [name, value] = GENERATE(table<std::string, std::string>({
        {"createdAfter", "yesterday"},
        {"createdAfter", "-1"},
        {"createdAfter", "9223372036854775808"},
        {"createdBefore", "2018-10-03"},
        {"createdBefore", "1.5"},
        {"datasetId", "a/b"},
    }));
    CAPTURE(name, value);
    const auto findings = findings_of(name + "=" + value);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].path == "?" + name);
    CHECK(findings[0].code == "invalid_value");
}

TEST_CASE("A media type counts as accepted only when it is named itself") {
    const auto accepts = [](const std::string& value) {
        return accepts_by_name(
            {.method = {}, .target = {}, .headers = {{"Accept", value}}, .body = {}, .peer = {}},
            "application/json");
    };
    CHECK(accepts("application/json"));
    CHECK(accepts("text/html, Application/JSON;charset=utf-8"));
    CHECK(accepts("application/json;q=0.5"));
    CHECK_FALSE(accepts("application/json;q=0"));
    CHECK_FALSE(accepts("application/json; q=0.00"));
    CHECK_FALSE(accepts("*/*"));
    CHECK_FALSE(accepts("application/*"));
    CHECK_FALSE(accepts("application/json-seq"));
    CHECK_FALSE(accepts(""));
}

TEST_CASE("Preferences are found in lists and in several headers") {
    const request asked{.method = {},
                        .target = {},
                        .headers = {{"Prefer", "wait=5, respond-async; x=\", return=minimal\""},
                                    {"prefer", "Return = \"rep\\resentation\";x=1, wait=7, lenient=\"open"}},
                        .body = {},
                        .peer = {}};
    CHECK(preference(asked, "return") == "representation");
    CHECK(preference(asked, "respond-async") == "");
    CHECK(preference(asked, "wait") == "5");
    CHECK_FALSE(preference(asked, "x"));
    CHECK_FALSE(preference(asked, "lenient"));
}

TEST_CASE("A preference to wait is a number of seconds, and counts up to a bound") {
    const auto wait = [](const std::string& value) {
        return preferred_wait(
            {.method = {}, .target = {}, .headers = {{"Prefer", value}}, .body = {}, .peer = {}},
            longest_wait);
    };
    CHECK(wait("wait=0") == std::chrono::seconds(0));
    CHECK(wait("wait=59") == std::chrono::seconds(59));
    CHECK(wait("Wait=\"07\"; x") == std::chrono::seconds(7));
    CHECK(wait("wait=60") == std::chrono::seconds(60));
    CHECK(wait("wait=61") == std::chrono::seconds(60));
    CHECK(wait("wait=99999999999999999999") == std::chrono::seconds(60));
    for (const auto* const bad : {"wait", "wait=", "wait=-1", "wait=-0", "wait=+1", "wait=1.5", "wait=1s",
                                  "wait=\"5", "wait=x, wait=5", "waits=5", "a;wait=5", "a=\", wait=5\""})
        CHECK_FALSE(wait(bad));
}

TEST_CASE("Entity tags are compared weakly") {
    const auto has = [](const std::string& value) {
        return has_already(
            {.method = {}, .target = {}, .headers = {{"If-None-Match", value}}, .body = {}, .peer = {}},
            "\"a\"");
    };
    CHECK(has("\"a\""));
    CHECK(has("W/\"a\""));
    CHECK(has("\"b\" , \"a\""));
    CHECK(has("*"));
    CHECK_FALSE(has("\"b\""));
    CHECK_FALSE(has("a"));
    CHECK_FALSE(has("\"A\""));
}
