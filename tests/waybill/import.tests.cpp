#include <catch2/catch.hpp>

#include <unistd.h>

#include <waybill/profile_store.hpp>

#include "support/compressed.hpp"
#include "support/program.hpp"
#include "support/temp_directory.hpp"
#include "support/terminal_program.hpp"

using namespace waybill::test;
using Catch::Contains;
using nlohmann::json;

namespace {

const std::string two_good_two_bad = R"({"identityMap":{"Email":[{"id":"a@example.com"}]},"n":1}
{"identityMap":{"Email":[{"id":"b@example.com"}]},"n":
{"n":3}
{"identityMap":{"Email":[{"id":"d@example.com"}]},"n":4}
)";

program_result import(const temp_directory& dir, const std::string& file, std::vector<std::string> more = {},
                      const std::string& input = {}, const std::string& kind = "profiles") {
    std::vector<std::string> arguments{kind,        "import", file,    "--profiles", dir / "profiles.db",
                                       "--dataset", "crm",    "--org", "acme",       "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return waybill_tool(arguments, {input, {}, {}});
}

} // namespace

TEST_CASE("Rejected records are kept with line and reason, and are no failure") {
    const temp_directory dir;
    write_file(dir / "crm.ndjson", two_good_two_bad);
    const auto imported = import(dir, dir / "crm.ndjson", {"--rejects", dir / "refused.ndjson"});
    REQUIRE(imported.code == 0);
    CHECK(imported.json()["read"] == 4);
    CHECK(imported.json()["added"] == 2);
    CHECK(imported.json()["rejected"] == 2);
    CHECK(imported.err.empty());

    const auto refused = lines_of(dir / "refused.ndjson");
    REQUIRE(refused.size() == 2);
    const auto second = json::parse(refused[0]);
    CHECK(second["line"] == 2);
    CHECK(!second["reason"].get<std::string>().empty());
    CHECK(second["record"] == R"({"identityMap":{"Email":[{"id":"b@example.com"}]},"n":)");
    CHECK(json::parse(refused[1])["line"] == 3);
    CHECK(json::parse(refused[1])["record"] == R"({"n":3})");
}

TEST_CASE("Without a reject file the first rejected lines are told on stderr") {
    const temp_directory dir;
    std::string many;
    for (int i = 0; i < 20; ++i)
        many += "{}\n";
    const auto imported = import(dir, "-", {}, many);
    CHECK(imported.code == 0);
    CHECK(imported.json()["rejected"] == 20);
    CHECK_THAT(imported.err, Contains("line 1: ") && Contains("line 5: ") && !Contains("line 6: "));
}

TEST_CASE("Records that are no UTF-8 are written to the reject file as JSON all the same") {
    const temp_directory dir;
    const auto imported = import(dir, "-", {"--rejects", dir / "refused.ndjson"}, "{\"a\":\"\xff\"}\n");
    REQUIRE(imported.code == 0);
    CHECK(imported.json()["rejected"] == 1);
    CHECK(json::parse(lines_of(dir / "refused.ndjson").at(0))["line"] == 1);
}

TEST_CASE("Standard input, a JSON array and declared identities are imported") {
    const temp_directory dir;
    const auto imported =
        import(dir, "-", {"--identity", "_acme.crm=CRMID:primary", "--identity", "mail=Email"},
               R"([{"_acme":{"crm":"1"},"mail":"x"}, {"mail":"y"}])");
    REQUIRE(imported.code == 0);
    CHECK(imported.json()["added"] == 2);
}

TEST_CASE("The same file again changes nothing, and a later ingest time replaces") {
    const temp_directory dir;
    write_file(dir / "f", R"({"identityMap":{"Email":[{"id":"a"}]},"n":1})");
    write_file(dir / "g", R"({"identityMap":{"Email":[{"id":"a"}]},"n":2})");
    CHECK(import(dir, dir / "f", {"--ingest-time", "2024-01-01T00:00:00Z"}).json()["added"] == 1);
    CHECK(import(dir, dir / "f", {"--ingest-time", "2024-01-01T00:00:00Z"}).json()["unchanged"] == 1);
    CHECK(import(dir, dir / "g", {"--ingest-time", "2023-01-01T00:00:00Z"}).json()["unchanged"] == 1);
    const auto later = import(dir, dir / "g", {"--ingest-time", "2025-01-01T01:00:00+01:00"}).json();
    CHECK(later["replaced"] == 1);
    CHECK(later["ingestTime"] == "2025-01-01T00:00:00.000Z");
}

TEST_CASE("The ingest time of an import is now, unless it is given") {
    const temp_directory dir;
    const auto before = waybill::to_rfc3339(waybill::wall_clock());
    const std::string at =
        import(dir, "-", {}, R"({"identityMap":{"Email":[{"id":"a"}]}})").json()["ingestTime"];
    CHECK(at >= before);
    CHECK(at <= waybill::to_rfc3339(waybill::wall_clock()));
}

TEST_CASE("An import tells how far it is on a terminal, and nowhere else") {
    const temp_directory dir;
    write_file(dir / "crm.ndjson", R"({"identityMap":{"Email":[{"id":"a"}]}})");
    const std::vector<std::string> line{
        "profiles", "import", dir / "crm.ndjson", "--profiles", dir / "profiles.db", "--dataset", "crm",
        "--org",    "acme"};
    terminal_program watched(WAYBILL_TOOL, line);
    CHECK(watched.wait() == 0);
    CHECK_THAT(watched.written(), Contains("1 records, 0 MB, 100 %") && Contains("records/s"));
    const auto piped = waybill_tool(line);
    CHECK(piped.err.empty());
    CHECK_THAT(piped.out, !Contains("100 %"));
}

TEST_CASE("A compressed file, or standard input, is imported as it is, and its percent are of the compressed "
          "bytes") {
    const temp_directory dir;
    write_file(dir / "crm.gz", gzipped(two_good_two_bad) + gzipped("{\"n\":5}\n"));
    const auto imported = import(dir, dir / "crm.gz");
    CHECK(imported.json()["read"] == 5);
    CHECK(imported.json()["added"] == 2);
    CHECK(import(dir, "-", {}, zstd_of(two_good_two_bad)).json()["unchanged"] == 2);
    terminal_program watched(WAYBILL_TOOL, {"profiles", "import", dir / "crm.gz", "--profiles",
                                            dir / "profiles.db", "--dataset", "crm", "--org", "acme"});
    CHECK(watched.wait() == 0);
    CHECK_THAT(watched.written(), Contains("5 records, 0 MB, 100 %"));
}

TEST_CASE(
    "A compressed import that breaks off or is damaged ends with 1, says where, and keeps what it read") {
    const temp_directory dir;
    const auto whole = gzipped(two_good_two_bad);
    const auto broken = import(dir, "-", {}, whole.substr(0, whole.size() - 1));
    CHECK(broken.code == 1);
    CHECK(broken.out.empty());
    CHECK_THAT(broken.err, Contains("(gzip) breaks off after its byte " + std::to_string(whole.size() - 1)));
    CHECK(import(dir, "-", {}, whole).json()["unchanged"] == 2);
    CHECK_THAT(import(dir, "-", {}, whole + "text").err, Contains("is damaged at or before its byte"));
}

TEST_CASE("Events are imported once") {
    const temp_directory dir;
    const std::string event =
        R"({"_id":"1","timestamp":"2024-01-01T00:00:00Z","identityMap":{"Email":[{"id":"a"}]}})";
    CHECK(import(dir, "-", {}, event, "events").json()["added"] == 1);
    CHECK(import(dir, "-", {}, event, "events").json()["unchanged"] == 1);
}

TEST_CASE("An import of a missing file ends with 3, one that is interrupted within its array with 1") {
    const temp_directory dir;
    const auto missing = import(dir, dir / "none.ndjson");
    CHECK(missing.code == 3);
    CHECK_THAT(missing.err, Contains("none.ndjson"));
    CHECK(!std::filesystem::exists(dir / "profiles.db"));

    const auto broken = import(dir, "-", {}, R"([{"identityMap":{"Email":[{"id":"a"}]}},)");
    CHECK(broken.code == 1);
    CHECK(!broken.err.empty());
    CHECK(import(dir, "-", {"--rejects", dir / "no/such/folder"}, "{}").code == 1);
}

TEST_CASE("While one import owns the profiles, another is told who does") {
    const temp_directory dir;
    auto owner = waybill::profile_store::open(dir / "profiles.db");
    REQUIRE(owner.ok());
    const auto refused = import(dir, "-", {}, "{}");
    CHECK(refused.code == 4);
    CHECK(refused.out.empty());
    CHECK_THAT(refused.err, Contains(std::to_string(::getpid())));
}
