#include <catch2/catch.hpp>

#include "support/program.hpp"

using namespace waybill::test;
using Catch::Contains;

TEST_CASE("Every command shows an example in its help") {
    const std::vector<std::vector<std::string>> commands{{"profiles", "import"},
                                                         {"events", "import"},
                                                         {"jobs", "list"},
                                                         {"jobs", "show"},
                                                         {"jobs", "cancel"},
                                                         {"jobs", "retry"},
                                                         {"migrate", "status"},
                                                         {"migrate", "up"},
                                                         {"migrate", "down"},
                                                         {"migrate", "verify"},
                                                         {"migrate", "dump"},
                                                         {"backup"},
                                                         {"restore"},
                                                         {"credentials", "add"},
                                                         {"credentials", "list"},
                                                         {"credentials", "revoke"},
                                                         {"audit", "list"},
                                                         {"segments", "add"},
                                                         {"segments", "list"},
                                                         {"segments", "show"},
                                                         {"segments", "remove"},
                                                         {"segments", "test"},
                                                         {"doctor"},
                                                         {"stats"},
                                                         {"top"}};
    for (auto command : commands) {
        command.emplace_back("--help");
        const auto help = waybill_tool(command);
        CAPTURE(command);
        CHECK(help.code == 0);
        CHECK_THAT(help.out, Contains("Example: "));
        CHECK(help.err.empty());
    }
    CHECK_THAT(waybill_tool({"--help"}).out, Contains("Example: "));
    CHECK_THAT(run(WAYBILL_GENERATE, {"--help"}).out, Contains("Example: "));
}

TEST_CASE("Wrong usage ends with 2 and says on stderr what was expected") {
    const std::vector<std::pair<std::vector<std::string>, std::string>> wrong{
        {{}, "subcommand"},
        {{"jobs"}, "subcommand"},
        {{"fly"}, "subcommand"},
        {{"jobs", "list", "--store", "x.db"}, "--org"},
        {{"jobs", "list", "--org", "acme"}, "--store"},
        {{"jobs", "list", "--store", "x.db", "--url", "http://h", "--org", "acme"}, "--url"},
        {{"jobs", "list", "--store", "x.db", "--org", ""}, "expected 1 to 80 bytes"},
        {{"jobs", "list", "--store", "x.db", "--org", "acme", "--limit", "0"}, "--limit"},
        {{"jobs", "list", "--store", "x.db", "--org", "acme", "--status", "DONE"}, "expected one of NEW, "},
        {{"jobs", "list", "--store", "x.db", "--org", "acme", "--after", "1_"}, "expected a cursor"},
        {{"jobs", "list", "--store", "x.db", "--org", "acme", "--created-after", "now"}, "RFC 3339"},
        {{"jobs", "list", "--store", "x.db", "--org", "acme", "--dataset", "a/b"}, "letters, digits"},
        {{"jobs", "show", "seven", "--store", "x.db", "--org", "acme"}, "ID"},
        {{"profiles", "import", "f", "--profiles", "p.db", "--dataset", "a/b", "--org", "acme"},
         "letters, digits"},
        {{"profiles", "import", "f", "--profiles", "p.db", "--dataset", "a", "--org", "acme", "--ingest-time",
          "now"},
         "RFC 3339"},
        {{"profiles", "import", "f", "--profiles", "p.db", "--dataset", "a", "--org", "acme", "--identity",
          "a.b"},
         "--identity a.b"},
        {{"credentials", "add", "--credentials", "c", "--name", "n", "--org", "o", "--sandbox", "s", "--role",
          "king"},
         "--role"},
        {{"credentials", "list"}, "--credentials"},
        {{"credentials", "revoke", "--credentials", "c"}, "--name"},
        {{"migrate", "status"}, "--store"},
        {{"migrate", "down", "--store", "x.db"}, "--to"},
        {{"migrate", "up", "--store", "x.db", "--to", "new"}, "--to"},
        {{"migrate", "up", "--store", "x.db", "--profiles", "y.db", "--to", "1"}, "expected one store"},
        {{"backup", "--store", "x.db"}, "--to"},
        {{"restore", "--store", "x.db"}, "--from"},
        {{"stats"}, "--store"},
        {{"stats", "--store", "x.db", "--url", "http://h"}, "--url"},
        {{"top"}, "--store"},
        {{"top", "--store", "x.db", "--org", "acme"}, "--url"},
        {{"top", "--store", "x.db", "--once", "--looks", "2"}, "--once"},
        {{"top", "--store", "x.db", "--interval", "-1"}, "--interval"},
    };
    for (const auto& [arguments, expected] : wrong) {
        const auto result = waybill_tool(arguments);
        CAPTURE(arguments);
        CHECK(result.code == 2);
        CHECK(result.out.empty());
        CHECK_THAT(result.err, Contains(expected));
    }
    CHECK(run(WAYBILL_GENERATE, {"--people", "0", "--out", "x"}).code == 2);
    CHECK(run(WAYBILL_GENERATE, {"--people", "1", "--out", "x", "--org-field", "a\"b"}).code == 2);
}

TEST_CASE("A host's address is checked before anything is sent") {
    const program_input with_secrets{{}, {"WAYBILL_TOKEN=t", "WAYBILL_API_KEY=k"}, {}};
    for (const std::string url :
         {"127.0.0.1:80", "http://", "http://:80", "http://host:port", "http://host:", "http://a b"}) {
        const auto result = waybill_tool({"jobs", "list", "--url", url, "--org", "acme"}, with_secrets);
        CAPTURE(url);
        CHECK(result.code == 2);
        CHECK_THAT(result.err, Contains("expected http://HOST"));
    }
    const auto unarmed = waybill_tool({"jobs", "list", "--url", "http://127.0.0.1:1", "--org", "acme"});
    CHECK(unarmed.code == 2);
    CHECK_THAT(unarmed.err, Contains("WAYBILL_TOKEN"));
    const auto nobody =
        waybill_tool({"jobs", "list", "--url", "http://127.0.0.1:1", "--org", "acme"}, with_secrets);
    CHECK(nobody.code == 1);
    CHECK_THAT(nobody.err, Contains("http://127.0.0.1:1 cannot be asked"));
}
