#include <catch2/catch.hpp>

#include <string>

#include "support/program.hpp"
#include "support/temp_directory.hpp"

using namespace waybill::test;
using nlohmann::json;

TEST_CASE("Merge policies are declared and listed, as a table and with --json") {
    const temp_directory place;
    const std::string store = place / "profiles.db";
    const auto tool = [&](std::vector<std::string> arguments, std::vector<std::string> more = {}) {
        for (const auto* one : {"--org", "acme", "--sandbox", "prod", "--profiles"})
            arguments.emplace_back(one);
        arguments.push_back(store);
        arguments.insert(arguments.end(), more.begin(), more.end());
        return waybill_tool(arguments);
    };
    CHECK(tool({"policies", "list"}).code == 3);
    const auto added =
        tool({"policies", "add", "crm-first", "--graph", "pdg", "--dataset", "crm", "--dataset", "web"},
             {"--json"});
    INFO(added.err);
    REQUIRE(added.code == 0);
    const json made{{"id", "crm-first"},
                    {"version", 1},
                    {"identityGraph", "pdg"},
                    {"attributeMerge", "dataSetPrecedence"},
                    {"datasets", {"crm", "web"}}};
    CHECK(added.json() == made);
    CHECK(tool({"policies", "add", "crm-first"}).out.find("version          2") != std::string::npos);

    const auto listed = tool({"policies", "list"}, {"--json"}).json();
    REQUIRE(listed.size() == 4);
    CHECK(listed[0]["id"] == "timestampOrdered-none-mp");
    CHECK(listed[2] == made);
    CHECK(listed[3]["attributeMerge"] == "timestampOrdered");
    CHECK(tool({"policies", "list"}).out.find("crm, web") != std::string::npos);

    const auto refused = tool({"policies", "add", "timestampOrdered-none-mp"});
    CHECK(refused.code == 1);
    CHECK(refused.err.find("is built in") != std::string::npos);
    CHECK(tool({"policies", "add", "p", "--graph", "some"}).code == 2);
}
