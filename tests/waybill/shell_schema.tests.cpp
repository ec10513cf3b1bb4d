// The sqlite3 shell and the migrations: it applies the same files with the same result, and Waybill takes
// over what it made.
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <vector>

#include <waybill/job_store.hpp>
#include <waybill/profile_store.hpp>

#include "support/program.hpp"
#include "support/temp_directory.hpp"

using namespace waybill::test;
using Catch::Contains;
namespace fs = std::filesystem;

namespace {

const fs::path source = WAYBILL_SOURCE_DIR;

struct kind_of_store {
    std::string name;   ///< the folder below migrations/, the file below schema/
    std::string option; ///< of the tool
};

kind_of_store each_kind() {
    return GENERATE(values<kind_of_store>({{"jobs", "--store"}, {"profiles", "--profiles"}}));
}

/// Sorted by version.
std::vector<fs::path> migrations(const kind_of_store& kind, const std::string& direction) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(source / "migrations" / kind.name))
        if (entry.path().filename().string().ends_with("." + direction + ".sql"))
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    REQUIRE_FALSE(files.empty());
    return files;
}

std::string shell(const fs::path& file, const std::string& script) {
    const auto ran = run(SQLITE3_SHELL, {"-bail", file}, {script, {}, {}});
    INFO(ran.err);
    REQUIRE(ran.code == 0);
    return ran.out;
}

/// Applies the first so many; all of them unless told.
void apply(const fs::path& file, const kind_of_store& kind, std::size_t count = 1'000) {
    for (const auto& migration : migrations(kind, "up")) {
        if (count == 0) return;
        --count;
        shell(file, "pragma foreign_keys = on;\nbegin;\n" + read_file(migration) + "\ncommit;");
    }
}

nlohmann::json verified(const fs::path& file, const kind_of_store& kind, int code) {
    const auto ran = waybill_tool({"migrate", "verify", kind.option, file, "--json"});
    CHECK(ran.code == code);
    return ran.json()["stores"][0];
}

} // namespace

TEST_CASE("The sqlite3 shell makes the same schemas of the migrations as Waybill") {
    const temp_directory dir;
    const auto kind = each_kind();
    apply(dir / "some.db", kind);
    const auto dump = waybill_tool({"migrate", "dump", kind.option, dir / "some.db"});
    CHECK(dump.code == 0);
    CHECK(dump.out == read_file(source / "schema" / (kind.name + ".sql")));
}

TEST_CASE("The sqlite3 shell takes all migrations back, to an empty file") {
    const temp_directory dir;
    const auto kind = each_kind();
    apply(dir / "some.db", kind);
    auto downs = migrations(kind, "down");
    for (auto down = downs.rbegin(); down != downs.rend(); ++down)
        shell(dir / "some.db", "pragma foreign_keys = on;\nbegin;\n" + read_file(*down) + "\ncommit;");
    CHECK(shell(dir / "some.db", "select count(*) from sqlite_schema where name not like 'sqlite_%';") ==
          "0\n");
}

TEST_CASE("What the sqlite3 shell migrated is recognised, noted and taken further") {
    const auto kind = each_kind();
    const auto all = migrations(kind, "up").size();
    for (std::size_t by_shell = 1; by_shell <= all; ++by_shell) {
        const temp_directory dir;
        const auto file = dir / "some.db";
        apply(file, kind, by_shell);
        CHECK(verified(file, kind, 1)["unnoted"] == by_shell);
        CHECK(waybill_tool({"migrate", "down", kind.option, file, "--to", "0"}).code == 1);
        const auto state = waybill_tool({"migrate", "status", kind.option, file, "--exit-code"});
        CHECK(state.code == 1);
        CHECK_THAT(state.out, Contains("not noted") && Contains("'waybill migrate up' notes them"));
        const auto up = waybill_tool({"migrate", "up", kind.option, file, "--json"});
        REQUIRE(up.code == 0);
        CHECK(up.json()["stores"][0]["adopted"] == by_shell);
        CHECK(up.json()["stores"][0]["applied"] == all - by_shell);
        CHECK(verified(file, kind, 0)["version"] == all);
        CHECK(waybill_tool({"migrate", "status", kind.option, file, "--exit-code"}).code == 0);
    }
}

TEST_CASE("A store that the sqlite3 shell made is opened like any other") {
    const temp_directory dir;
    apply(dir / "jobs.db", {"jobs", "--store"});
    waybill::job_store_options options;
    options.file = dir / "jobs.db";
    {
        waybill::new_export_job request;
        request.dataset_id = "d";
        request.schema_name = "s";
        CHECK(waybill::job_store::open(options).value().create({"acme", "prod"}, request).ok());
    }
    CHECK(verified(dir / "jobs.db", {"jobs", "--store"}, 0)["sound"] == true);
    apply(dir / "profiles.db", {"profiles", "--profiles"});
    CHECK(waybill::profile_store::open(dir / "profiles.db").ok());
    CHECK(verified(dir / "profiles.db", {"profiles", "--profiles"}, 0)["sound"] == true);
}

TEST_CASE("A schema that is none of ours is refused by its first difference, and left as it is") {
    const temp_directory dir;
    const auto kind = each_kind();
    const auto file = dir / "some.db";
    apply(file, kind);
    shell(file, "create table a_hand_made_one (a text);");
    const auto before = read_file(file);
    const auto refused = waybill_tool({"migrate", "up", kind.option, file});
    CHECK(refused.code == 1);
    CHECK_THAT(refused.err, Contains("table a_hand_made_one should not be there"));
    CHECK(shell(file, "select count(*) from schema_migrations;") == "0\n");
    for (const auto& entry : fs::directory_iterator(dir.path())) // nor is a backup made for nothing
        CHECK_THAT(entry.path().filename().string(), !Contains("backup"));
    CHECK(verified(file, kind, 1)["drift"][0]["name"] == "a_hand_made_one");
}
