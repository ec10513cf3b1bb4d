#include <catch2/catch.hpp>

#include <unistd.h>

#include <waybill/job_store.hpp>

#include "support/program.hpp"
#include "support/temp_directory.hpp"

using namespace waybill::test;
using Catch::Contains;

TEST_CASE("An empty store is brought to the newest schema, once") {
    const temp_directory dir;
    const auto kind = GENERATE(as<std::string>{}, "--store", "--profiles");
    const auto file = dir / "some.db";
    write_file(file, "");
    auto before = waybill_tool({"migrate", "status", kind, file, "--json"});
    REQUIRE(before.code == 0);
    auto state = before.json()["stores"][0];
    CHECK(state["version"] == 0);
    CHECK(state["migrations"][0]["appliedAt"].is_null());
    CHECK(!state["migrations"][0]["name"].get<std::string>().empty());
    const auto newest = state["newest"].get<int>();
    CHECK(newest >= 1);

    auto up = waybill_tool({"migrate", "up", kind, file, "--json"});
    REQUIRE(up.code == 0);
    CHECK(up.json()["stores"][0]["applied"] == newest);
    CHECK(waybill_tool({"migrate", "up", kind, file, "--json"}).json()["stores"][0]["applied"] == 0);

    state = waybill_tool({"migrate", "status", kind, file, "--json"}).json()["stores"][0];
    CHECK(state["version"] == newest);
    CHECK(state["migrations"].back()["appliedAt"].is_string());
    CHECK(state["migrations"].back()["sha256"].get<std::string>().size() == 64);
}

TEST_CASE("Migrating creates the stores that are not there, both at once") {
    const temp_directory dir;
    const auto up =
        waybill_tool({"migrate", "up", "--store", dir / "jobs.db", "--profiles", dir / "profiles.db"});
    CHECK(up.code == 0);
    CHECK_THAT(up.out, Contains("jobs.db") && Contains("profiles.db"));
    const auto dump = waybill_tool({"migrate", "dump", "--store", dir / "jobs.db"});
    CHECK(dump.code == 0);
    CHECK_THAT(dump.out, Contains("schema_migrations ("));
    CHECK(waybill_tool({"migrate", "dump", "--store", dir / "jobs.db", "--json"})
              .json()["stores"][0]["schema"] == dump.out);
}

TEST_CASE("A store that is not there is not found, and not created by looking") {
    const temp_directory dir;
    for (const std::string verb : {"status", "dump"}) {
        CHECK(waybill_tool({"migrate", verb, "--store", dir / "none.db"}).code == 3);
        CHECK(!std::filesystem::exists(dir / "none.db"));
    }
}

TEST_CASE("A store that somebody owns is not migrated, and the owner is named") {
    const temp_directory dir;
    waybill::job_store_options options;
    options.file = dir / "jobs.db";
    auto owner = waybill::job_store::open(options);
    REQUIRE(owner.ok());
    const auto refused = waybill_tool({"migrate", "up", "--store", dir / "jobs.db"});
    CHECK(refused.code == 4);
    CHECK_THAT(refused.err, Contains(std::to_string(::getpid())));
    CHECK(waybill_tool({"migrate", "status", "--store", dir / "jobs.db"}).code == 0);
}

TEST_CASE("A file of another kind is refused") {
    const temp_directory dir;
    REQUIRE(waybill_tool({"migrate", "up", "--profiles", dir / "profiles.db"}).code == 0);
    CHECK(waybill_tool({"migrate", "status", "--store", dir / "profiles.db"}).code == 1);
    CHECK(waybill_tool({"migrate", "up", "--store", dir / "profiles.db"}).code == 1);
    write_file(dir / "text.db", std::string(5000, 'x'));
    CHECK(waybill_tool({"migrate", "status", "--store", dir / "text.db"}).code == 1);
}

TEST_CASE(
    "A store is migrated down and up again, with a verified backup before each, and a rehearsal of both") {
    const temp_directory dir;
    const auto file = dir / "jobs.db";
    REQUIRE(waybill_tool({"migrate", "up", "--store", file}).code == 0);
    const auto newest = waybill_tool({"migrate", "status", "--store", file, "--json"})
                            .json()["stores"][0]["newest"]
                            .get<int>();

    auto rehearsed = waybill_tool({"migrate", "down", "--store", file, "--to", "0", "--dry-run"});
    CHECK(rehearsed.code == 0);
    CHECK_THAT(rehearsed.out, Contains("would be taken back") && !Contains("backup"));
    CHECK(waybill_tool({"migrate", "status", "--store", file, "--exit-code"}).code == 0);

    const auto down = waybill_tool({"migrate", "down", "--store", file, "--to", "0", "--json"});
    REQUIRE(down.code == 0);
    const auto told = down.json()["stores"][0];
    CHECK(told["takenBack"] == newest);
    CHECK(told["version"] == 0);
    CHECK(told["migrations"][0]["version"] == newest);
    const auto backup = told["backup"].get<std::string>();
    CHECK(waybill_tool({"migrate", "verify", "--store", backup}).code == 0);
    CHECK(waybill_tool({"migrate", "status", "--store", file, "--exit-code"}).code == 1);
    CHECK(waybill_tool({"migrate", "status", "--store", file}).code == 0);

    rehearsed = waybill_tool({"migrate", "up", "--store", file, "--dry-run", "--json"});
    CHECK(rehearsed.json()["stores"][0]["applied"] == newest);
    CHECK(rehearsed.json()["stores"][0]["dryRun"] == true);
    CHECK(waybill_tool({"migrate", "up", "--store", file, "--to", "1", "--json"})
              .json()["stores"][0]["version"] == 1);
    CHECK(waybill_tool({"migrate", "up", "--store", file}).code == 0);
    const auto bare =
        waybill_tool({"migrate", "down", "--store", file, "--to", "0", "--no-backup", "--json"});
    CHECK(bare.json()["stores"][0]["backup"].is_null());
}

TEST_CASE("A rehearsal of making a store makes none") {
    const temp_directory dir;
    const auto rehearsed = waybill_tool({"migrate", "up", "--store", dir / "none.db", "--dry-run"});
    CHECK(rehearsed.code == 0);
    CHECK_THAT(rehearsed.out, Contains("would be applied"));
    CHECK(std::filesystem::is_empty(dir.path()));
}

TEST_CASE("Versions that there are not are wrong usage") {
    const temp_directory dir;
    const auto file = dir / "jobs.db";
    REQUIRE(waybill_tool({"migrate", "up", "--store", file}).code == 0);
    for (const std::string wrong : {"-1", "999"}) {
        CHECK(waybill_tool({"migrate", "up", "--store", file, "--to", wrong}).code == 2);
        const auto down = waybill_tool({"migrate", "down", "--store", file, "--to", wrong});
        CHECK(down.code == 2);
        CHECK_THAT(down.err, Contains("there is no version " + wrong + "; expected 0 to "));
    }
    CHECK(waybill_tool({"migrate", "down", "--store", dir / "none.db", "--to", "0"}).code == 3);
}

TEST_CASE("A schema that was changed by hand is found, and a store that is owned is not moved") {
    const temp_directory dir;
    const auto file = dir / "jobs.db";
    {
        waybill::job_store_options options;
        options.file = file;
        const auto owner = waybill::job_store::open(options);
        REQUIRE(owner.ok());
        CHECK(waybill_tool({"migrate", "verify", "--store", file}).code == 0);
        CHECK(waybill_tool({"migrate", "down", "--store", file, "--to", "0"}).code == 4);
        CHECK(waybill_tool({"migrate", "up", "--store", file, "--dry-run"}).code == 4);
    }
    REQUIRE(run(SQLITE3_SHELL, {file, "create index my_own on tenants (sandbox)"}).code == 0);
    const auto verified = waybill_tool({"migrate", "verify", "--store", file});
    CHECK(verified.code == 1);
    CHECK_THAT(verified.out, Contains("index my_own is extra"));
    const auto state = waybill_tool({"migrate", "status", "--store", file, "--exit-code"});
    CHECK(state.code == 1);
    CHECK_THAT(state.out, Contains("index my_own is extra"));
}
