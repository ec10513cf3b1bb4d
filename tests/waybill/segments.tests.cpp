#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include <waybill/segment_store.hpp>

#include "expression_caret.hpp"
#include "support/program.hpp"
#include "support/temp_directory.hpp"

using namespace waybill;
using namespace waybill::test;
using Catch::Contains;
using nlohmann::json;

namespace {

/// The tool on a segment store of its own.
class segments_tool {
  public:
    program_result operator()(std::vector<std::string> line, const std::string& org = "acme") const {
        line.insert(line.begin(), "segments");
        line.insert(line.end(), {"--segments", file(), "--org", org});
        return waybill_tool(line);
    }
    std::string file() const { return place_ / "segments.db"; }
    program_result test(const std::string& expression, std::vector<std::string> more = {}) const {
        more.insert(more.begin(), {"segments", "test", expression, "--profile", place_ / "profile.json"});
        return waybill_tool(more);
    }
    void write(const std::string& name, const std::string& text) const { write_file(place_ / name, text); }
    std::string path(const std::string& name) const { return place_ / name; }

  private:
    temp_directory place_;
};

} // namespace

TEST_CASE("Segments are defined, listed, shown and removed, as tables and with --json") {
    const segments_tool tool;
    CHECK(tool({"list"}).code == 3);
    const auto added =
        tool({"add", "person.age > 17", "--name", "Adults", "--id", "s", "--description", "about",
              "--merge-policy", "p", "--schema", "x", "--state", "draft", "--keep-opt-outs", "--json"});
    INFO(added.err);
    REQUIRE(added.code == 0);
    const auto made = added.json();
    CHECK(made.at("id") == "s");
    CHECK(made.at("name") == "Adults");
    CHECK(made.at("description") == "about");
    CHECK(made.at("expression").at("value") == "person.age > 17");
    CHECK(made.at("mergePolicyId") == "p");
    CHECK(made.at("schema") == json{{"name", "x"}});
    CHECK(made.at("lifecycleState") == "draft");
    CHECK(made.at("dataGovernancePolicy").at("excludeOptOut") == false);
    const auto second = tool({"add", R"(inSegment("s"))", "--name", "A copy"});
    REQUIRE(second.code == 0);
    CHECK_THAT(second.out, Contains("asks for"));
    CHECK(tool({"add", "a = 1", "--name", "Another's"}, "globex").code == 0);

    const auto listed = tool({"list", "--json"}).json().at("segments");
    REQUIRE(listed.size() == 2);
    CHECK(listed[0].at("name") == "A copy");
    CHECK(listed[0].at("dataGovernancePolicy").at("excludeOptOut") == true);
    CHECK_THAT(tool({"list"}).out, Contains("Adults") && Contains("draft") && !Contains("Another"));
    auto shown = tool({"show", "s", "--json"}).json();
    CHECK(shown.at("dependents").size() == 1);
    shown["dependents"] = json::array();
    CHECK(shown == made);
    CHECK_THAT(tool({"show", "s"}).out, Contains("person.age > 17"));
    CHECK(tool({"show", "s"}, "globex").code == 3);

    CHECK(tool({"remove", "s"}).code == 1); // another one asks for it
    CHECK(tool({"remove", listed[0].at("id")}).code == 0);
    CHECK(tool({"remove", "s", "--json"}).json() == json{{"status", "removed"}});
    CHECK(tool({"remove", "s"}).code == 3);
    CHECK(tool({"list", "--json"}).json().at("segments").empty());
}

TEST_CASE("A tenant's definitions are all listed, however many pages they are") {
    const segments_tool tool;
    auto store = segment_store::open({tool.file()}).value();
    for (int number = 0; number < 201; ++number) {
        segment_changes what;
        what.name = std::to_string(1'000 + number);
        what.expression = "a = 1";
        what.schema = segment_schema{"x", std::nullopt};
        store.create({"acme", "prod"}, what).value();
    }
    const auto listed = tool({"list", "--json"}).json().at("segments");
    REQUIRE(listed.size() == 201);
    for (std::size_t at = 0; at < listed.size(); ++at)
        CHECK(listed[at].at("name") == std::to_string(1'000 + at));
}

TEST_CASE("An expression that is none is told with a caret under the place, and nothing is defined") {
    const segments_tool tool;
    const auto refused = tool({"add", "a = 1 AND b = 2", "--name", "n"});
    CHECK(refused.code == 1);
    CHECK_THAT(refused.err, Contains("syntax at byte 6") && Contains("\n  a = 1 AND b = 2\n        ^\n"));
    CHECK(tool({"list", "--json"}).json().at("segments").empty());
}

TEST_CASE(
    "While a host owns the segments, reading goes on, and what writes ends with 4 and names the owner") {
    const temp_directory place;
    const running_host host(place.path(), {"--insecure-dev"});
    const auto tool = [&](std::vector<std::string> line) {
        line.insert(line.begin(), "segments");
        line.insert(line.end(), {"--segments", place / "segments.db", "--org", "acme"});
        return waybill_tool(line);
    };
    CHECK(tool({"list"}).code == 0);
    CHECK(tool({"show", "s"}).code == 3);
    const auto refused = tool({"add", "a = 1", "--name", "n"});
    CHECK(refused.code == 4);
    CHECK_THAT(refused.err, Contains(std::to_string(host.pid())) && Contains("over HTTP"));
    CHECK(waybill_tool({"doctor", "--segments", place / "segments.db"}).code == 0);
}

TEST_CASE("An expression is tried on a profile and its events, at the time that is given") {
    const segments_tool tool;
    tool.write("profile.json", R"({"person":{"age":18}})");
    tool.write("events.ndjson", R"({"_id":"1","timestamp":"2024-01-30T00:00:00Z","eventType":"a"})");
    CHECK(tool.test("person.age > 17").out == "true\n");
    const auto no = tool.test("person.age > 18");
    CHECK(no.code == 0);
    CHECK(no.out == "false\n");
    CHECK(tool.test("person.age > 17", {"--json"}).json() == json{{"holds", true}});
    const std::string lately = "xEvent[timestamp occurs < 2 days before now].count() = 1";
    CHECK(tool.test(lately).out == "false\n");
    const std::vector<std::string> with_events{"--events", tool.path("events.ndjson")};
    CHECK(tool.test(lately, with_events).out == "false\n");
    auto at_a_time = with_events;
    at_a_time.insert(at_a_time.end(), {"--now", "2024-01-31T12:00:00Z"});
    CHECK(tool.test(lately, at_a_time).out == "true\n");
}

TEST_CASE("What cannot be tried ends with the exit code that says why") {
    const segments_tool tool;
    CHECK(tool.test("a = 1").code == 3);
    tool.write("profile.json", "{}");
    CHECK(tool.test("a = 1", {"--events", tool.path("none")}).code == 3);
    CHECK(tool.test("a = 1", {"--now", "noon"}).code == 2);
    const auto refused = tool.test("xEvent[a = 1\n  and b == 2]");
    CHECK(refused.code == 1);
    CHECK(refused.out.empty());
    CHECK_THAT(refused.err, Contains("\n    and b == 2]\n          ^\n"));
    tool.write("profile.json", "[");
    CHECK_THAT(tool.test("a = 1").err, Contains("/profile"));
}

TEST_CASE("A caret stands under its character, in the one line that it is about") {
    using tool::caret_under;
    CHECK(caret_under("a = ", 4) == "\n  a = \n      ^");
    CHECK(caret_under("", 0) == "\n  \n  ^");
    CHECK(caret_under("a\nbc\nd", 3) == "\n  bc\n   ^");
    CHECK(caret_under("a\r\nbc\r\nd", 4) == "\n  bc\n   ^");
    CHECK(caret_under("\xC3\xA9 = x", 5) == "\n  \xC3\xA9 = x\n      ^");
    CHECK(caret_under("a\t\x1b = x", 6) == "\n  a ? = x\n        ^");
    CHECK(caret_under("a", 99) == "\n  a\n   ^");
    const std::string far(1'000, 'x');
    CHECK(caret_under(far, 500) == "\n  …" + std::string(100, 'x') + "…\n  " + std::string(61, ' ') + "^");
}
