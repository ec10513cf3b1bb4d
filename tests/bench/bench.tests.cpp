#include <catch2/catch.hpp>

#include <fstream>
#include <set>

#include "support/program.hpp"
#include "support/temp_directory.hpp"

using namespace waybill::test;
using nlohmann::json;

namespace {

json parsed(const std::filesystem::path& file) {
    std::ifstream in(file);
    return json::parse(in);
}

bool number_or_null(const json& value) { return value.is_number() || value.is_null(); }

} // namespace

TEST_CASE("Every workload of the bench runs, both sides write the same rows, and its JSON is complete") {
    const temp_directory place;
    const auto ran =
        run(WAYBILL_BENCH, {"--quick", "--dir", place / "data", "--json", place / "results.json"});
    INFO(ran.err);
    REQUIRE(ran.code == 0); // it ends with 1 where a floor's rows are not the store's

    const auto all = parsed(place / "results.json");
    for (const auto* member : {"cpu", "kernel", "filesystem", "sqlite"})
        CHECK_FALSE(all["machine"][member].get<std::string>().empty());
    CHECK(all["machine"]["cores"] > 0);
    CHECK(all["rounds"] == 1);
    CHECK(all["results"].size() >= 20);
    std::set<std::string> names;
    for (const auto& row : all["results"]) {
        INFO(row.dump());
        CHECK(names.insert(row["name"]).second);
        CHECK(row["unit"].is_string());
        CHECK(row["reference_name"].is_string());
        CHECK(row["ours"] > 0);
        for (const auto* member : {"reference", "ratio", "ratio_min", "ratio_max"})
            CHECK(number_or_null(row[member]));
        CHECK(row["holds"].is_boolean() == (row["target"].is_string() && row["ratio"].is_number()));
    }
}

TEST_CASE("A bench without peers says what it did not measure") {
    const temp_directory place;
    const auto ran = run(WAYBILL_BENCH, {"--quick", "--only", "^callers-64$", "--dir", place / "data",
                                         "--peers", place / "none", "--json", place / "results.json"});
    INFO(ran.err);
    REQUIRE(ran.code == 0);
    CHECK(ran.out.find("not measured") != std::string::npos);
    const auto rows = parsed(place / "results.json")["results"];
    REQUIRE(rows.size() == 2);
    CHECK(rows[1]["ratio"].is_null());
    CHECK(rows[1]["holds"].is_null());
    CHECK(rows[1]["target"] == ">= 4.00");
}

TEST_CASE("A bench refuses what it does not know") {
    CHECK(run(WAYBILL_BENCH, {"--fast"}).code == 2);
    CHECK(run(WAYBILL_BENCH, {"--rounds", "0"}).code == 2);
}
