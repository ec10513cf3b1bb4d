#include <catch2/catch.hpp>

#include <fstream>

#include "evaluated_members.hpp"
#include "exported_rows.hpp"
#include "support/program.hpp"
#include "support/temp_directory.hpp"

using namespace waybill::bench;
using namespace waybill::test;
using Catch::Contains;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

void write(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
}

/// A peer of this name that does this, as a shell has it, in its directory.
void make_peer(const fs::path& folder, const std::string& name, const std::string& does) {
    write(folder / name,
          "#!/bin/sh\nset -e\ncd \"$3\"\n" + does + "\necho '{\"operations\":1,\"seconds\":2}'\n");
    fs::permissions(folder / name, fs::perms::owner_all);
}

program_result quick_bench(const temp_directory& place, const std::string& only,
                           std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{
        "--quick", "--only", only, "--dir", place / "data", "--json", place / "results.json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(WAYBILL_BENCH, arguments);
}

json results(const temp_directory& place) {
    std::ifstream in(place / "results.json");
    return json::parse(in)["results"];
}

} // namespace

TEST_CASE("Exported rows are counted over the parts of every batch, and over nothing else") {
    const temp_directory place;
    write(place / "ours/batch-1/part-00000.ndjson", "{}\n{\"a\":1}\n");
    write(place / "ours/batch-1/manifest.json", "{}\n");
    write(place / "ours/batch-2/part-00000.ndjson", "{}\n");
    write(place / "same/out.ndjson", "{}\n{}\n{}\n");
    write(place / "fewer/out.ndjson", "{}\n{}\n");
    CHECK(exported_rows(place / "ours").rows == 3);
    CHECK(exported_rows(place / "ours").bytes == 14);
    CHECK_NOTHROW(expect_as_many_rows(place / "ours", place / "same"));
    CHECK_THROWS_WITH(expect_as_many_rows(place / "ours", place / "fewer"),
                      Contains("3 rows were exported, and 2"));
    fs::create_directories(place / "none");
    CHECK_THROWS_WITH(exported_rows(place / "none"), Contains("nothing was exported"));
}

TEST_CASE("An export is measured against a peer that has the same rows to begin with") {
    const temp_directory place;
    make_peer(place / "peers", "jq", "cp rows.ndjson out.ndjson");
    const auto ran = quick_bench(place, "^export$", {"--peers", place / "peers", "--people", "200"});
    INFO(ran.err);
    REQUIRE(ran.code == 0);
    const auto rows = results(place);
    REQUIRE(rows.size() == 5);
    CHECK(rows[1]["reference_name"] == "jq -c .");
    CHECK(rows[1]["reference"] > 0);
    CHECK(rows[1]["ratio"] > 0);
    CHECK(rows[2]["reference_name"] == "DuckDB, read_json to JSON");
    CHECK(rows[2]["ratio"].is_null());
    CHECK(rows[2]["holds"].is_null());
}

TEST_CASE("A peer that exports fewer rows is found out") {
    const temp_directory place;
    make_peer(place / "peers", "jq", "sed 1d rows.ndjson >out.ndjson");
    const auto ran = quick_bench(place, "^export$", {"--peers", place / "peers", "--people", "200"});
    CHECK(ran.code == 1);
    CHECK_THAT(ran.err, Contains("did not do the same work"));
}

TEST_CASE("An import is measured against a peer that is given the same records") {
    const temp_directory place;
    make_peer(place / "peers", "sqlite-utils",
              "[ $(cat crm.ndjson loyalty.ndjson web.ndjson | wc -l) = \"$2\" ]");
    const auto ran = quick_bench(place, "^import$", {"--peers", place / "peers"});
    INFO(ran.err);
    REQUIRE(ran.code == 0);
    const auto rows = results(place);
    REQUIRE(rows.size() == 2);
    CHECK(rows[1]["ratio"] > 0);
}

TEST_CASE("A bench exports as many people as it is told, and finds their store again when it was kept") {
    const temp_directory place;
    const auto first = quick_bench(place, "^export-batches$", {"--people", "300", "--keep"});
    INFO(first.err);
    REQUIRE(first.code == 0);
    CHECK_THAT(first.err, Contains("making a profile store of 300 people"));
    const auto second = quick_bench(place, "^export-batches$", {"--people", "300"});
    CHECK(second.code == 0);
    CHECK_THAT(second.err, !Contains("making"));
    CHECK_FALSE(fs::exists(place / "data/stored-profiles"));
}

TEST_CASE("Members of an evaluation are counted by its manifest, and others must have found as many") {
    const temp_directory place;
    write(place / "ours/batch-1/manifest.json",
          R"({"evaluation":{"profiles":9,"segments":{"a":{"realized":3,"existing":0},"b":{"realized":0}}}})");
    const auto found = members_of(place / "ours");
    CHECK(found.profiles == 9);
    CHECK(found.entered.at("a") == 3);
    CHECK(found.entered.at("b") == 0);
    CHECK_NOTHROW(expect_as_many_members(3, "jq", 3));
    CHECK_THROWS_WITH(expect_as_many_members(3, "jq", 2), Contains("3 members were evaluated, and 2 by jq"));
    fs::create_directories(place / "none");
    CHECK_THROWS_WITH(members_of(place / "none"), Contains("nothing was evaluated"));
}

TEST_CASE("An evaluation is measured against a peer that selects the same rows") {
    const temp_directory place;
    make_peer(place / "peers", "jq",
              "grep -q 'select(' condition; grep '\"city\":\"Lisboa\"' rows.ndjson |"
              " grep '\"tier\":\"gold\"' >out.ndjson");
    const auto ran = quick_bench(place, "^evaluate$", {"--peers", place / "peers"});
    INFO(ran.err);
    REQUIRE(ran.code == 0);
    const auto rows = results(place);
    REQUIRE(rows.size() == 5);
    CHECK(rows[2]["reference_name"] == "jq -c select(…)");
    for (const auto& row : rows)
        CHECK(row["ratio"] > 0);
}

TEST_CASE("A peer that finds fewer members of a segment is found out") {
    const temp_directory place;
    make_peer(place / "peers", "jq",
              "grep '\"city\":\"Lisboa\"' rows.ndjson | grep '\"tier\":\"gold\"' | sed 1d >out.ndjson");
    const auto ran = quick_bench(place, "^evaluate$", {"--peers", place / "peers"});
    CHECK(ran.code == 1);
    CHECK_THAT(ran.err, Contains("did not do the same work"));
}
