#include <catch2/catch.hpp>

#include <fstream>

#include <unistd.h>

#include <waybill/job_store.hpp>

#include "sql/connection.hpp"
#include "support/program.hpp"
#include "support/temp_directory.hpp"

using namespace waybill::test;
using Catch::Contains;

namespace {

waybill::job_store open_store(const std::filesystem::path& file) {
    waybill::job_store_options options;
    options.file = file;
    auto store = waybill::job_store::open(options);
    REQUIRE(store.ok());
    return std::move(store).value();
}

} // namespace

TEST_CASE("The doctor tells versions, schema, integrity and owner of healthy stores") {
    const temp_directory dir;
    REQUIRE(
        waybill_tool({"migrate", "up", "--store", dir / "jobs.db", "--profiles", dir / "profiles.db"}).code ==
        0);
    const auto checked =
        waybill_tool({"doctor", "--store", dir / "jobs.db", "--profiles", dir / "profiles.db", "--json"});
    REQUIRE(checked.code == 0);
    const auto report = checked.json();
    CHECK(report["healthy"] == true);
    CHECK(report["problems"].empty());
    for (const auto* const library : {"waybill", "SQLite", "Boost", "OpenSSL"})
        CHECK(report["versions"][library].get<std::string>().find('.') != std::string::npos);
    REQUIRE(report["stores"].size() == 2);
    CHECK(report["stores"][0]["schema"]["version"] == report["stores"][0]["schema"]["newest"]);
    CHECK(report["stores"][0]["owner"]["running"] == false);
    CHECK_THAT(waybill_tool({"doctor"}).out, Contains("SQLite") && Contains("healthy"));
}

TEST_CASE("The doctor warns of a SQLite that needs a single writer") {
    const auto report = waybill_tool({"doctor", "--json"}).json();
    std::istringstream version(report["versions"]["SQLite"].get<std::string>());
    int major = 0, minor = 0, patch = 0;
    char dot = 0;
    version >> major >> dot >> minor >> dot >> patch;
    const auto old = std::tuple(major, minor, patch) < std::tuple(3, 51, 3);
    CHECK(report["warnings"].size() == (old ? 1 : 0));
    if (old) CHECK_THAT(report["warnings"][0].get<std::string>(), Contains("3.51.3") && Contains("WAL"));
}

TEST_CASE("The doctor names the owner of a store without disturbing it") {
    const temp_directory dir;
    auto store = open_store(dir / "jobs.db");
    const auto owner =
        waybill_tool({"doctor", "--store", dir / "jobs.db", "--json"}).json()["stores"][0]["owner"];
    CHECK(owner["running"] == true);
    CHECK(owner["pid"] == ::getpid());
}

TEST_CASE("The doctor finds a damaged store") {
    const temp_directory dir;
    const auto file = dir / "jobs.db";
    {
        auto store = open_store(file);
        waybill::new_export_job request;
        request.dataset_id = "d";
        request.schema_name = "s";
        for (int i = 0; i < 50; ++i)
            REQUIRE(store.create({"acme", "prod"}, request).ok());
    }
    {
        std::fstream damaged(file, std::ios::in | std::ios::out | std::ios::binary);
        damaged.seekp(4096 * 4 + 8);
        damaged << std::string(4096, '\x5a');
    }
    const auto checked = waybill_tool({"doctor", "--store", file, "--json"});
    CHECK(checked.code == 1);
    CHECK(checked.json()["healthy"] == false);
    CHECK(!checked.json()["problems"].empty());
    CHECK_THAT(waybill_tool({"doctor", "--store", file}).out,
               Contains("problem: ") && Contains("not healthy"));
}

TEST_CASE("The doctor does not find what is not there") {
    const temp_directory dir;
    CHECK(waybill_tool({"doctor", "--store", dir / "none.db"}).code == 3);
    CHECK(waybill_tool({"doctor", "--datasets", dir / "none"}).code == 3);
}

TEST_CASE("The doctor tells how SQLite keeps a store, and finds counts that are wrong") {
    const temp_directory dir;
    {
        auto store = open_store(dir / "jobs.db");
        waybill::new_export_job request;
        request.dataset_id = "d";
        request.schema_name = "s";
        REQUIRE(store.create({"acme", "prod"}, request).ok());
    }
    const auto healthy = waybill_tool({"doctor", "--store", dir / "jobs.db", "--json"});
    CHECK(healthy.code == 0);
    const auto settings = healthy.json()["stores"][0]["settings"];
    CHECK(settings["journalMode"] == "wal");
    CHECK(settings["pageSize"] == 4096);
    CHECK(settings["walBytes"] == 0);
    CHECK_THAT(waybill_tool({"doctor", "--store", dir / "jobs.db"}).out, Contains("wal") && Contains("4096"));
    waybill::sql::connection(dir / "jobs.db", waybill::sql::access::write)
        .execute("update job_counts set jobs = 2 where status = 'NEW'");
    const auto wrong = waybill_tool({"doctor", "--store", dir / "jobs.db", "--json"});
    CHECK(wrong.code == 1);
    CHECK_THAT(wrong.json()["problems"][0].get<std::string>(), Contains("are NEW; there are 1"));
}

TEST_CASE("The doctor warns of a log that a lingering reader lets grow, and says what to do") {
    const temp_directory dir;
    auto store = open_store(dir / "jobs.db");
    const auto warnings = [&] {
        const auto report = waybill_tool({"doctor", "--store", dir / "jobs.db", "--json"}).json();
        return report["warnings"].dump();
    };
    CHECK_THAT(warnings(), !Contains("-wal has"));
    // As long as with a reader of yesterday; the doctor looks at the length only.
    std::filesystem::resize_file(dir / "jobs.db-wal", (std::uintmax_t{64} << 20) + 4096);
    CHECK_THAT(warnings(), Contains("jobs.db-wal has 64.0 MiB") && Contains("fuser"));
}

TEST_CASE("The doctor finds a schema that is not as the migrations make it") {
    const temp_directory dir;
    { auto store = open_store(dir / "jobs.db"); }
    waybill::sql::connection(dir / "jobs.db", waybill::sql::access::write)
        .execute("drop trigger export_jobs_count_gone");
    const auto drifted = waybill_tool({"doctor", "--store", dir / "jobs.db", "--json"});
    CHECK(drifted.code == 1);
    CHECK_THAT(drifted.json()["problems"][0].get<std::string>(),
               Contains("the trigger export_jobs_count_gone is missing"));
}
