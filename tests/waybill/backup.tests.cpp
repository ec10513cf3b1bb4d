#include <catch2/catch.hpp>

#include <filesystem>
#include <optional>

#include <unistd.h>

#include <waybill/dataset_publisher.hpp>
#include <waybill/job_store.hpp>

#include "support/program.hpp"
#include "support/temp_directory.hpp"

using namespace waybill::test;
using Catch::Contains;
namespace fs = std::filesystem;

namespace {

const waybill::tenant acme{"acme", "prod"};

waybill::job_store open_store(const fs::path& file) {
    waybill::job_store_options options;
    options.file = file;
    return waybill::job_store::open(options).value();
}

waybill::job_id create(waybill::job_store& store) {
    waybill::new_export_job request;
    request.dataset_id = "people";
    request.schema_name = "s";
    return store.create(acme, request).value().id;
}

/// A store with one job, a backup of it, and then a second job.
class kept_store {
  public:
    kept_store() {
        auto store = open_store(file());
        create(store);
        REQUIRE(waybill_tool({"backup", "--store", file(), "--to", backup()}).code == 0);
        create(store);
    }
    fs::path file() const { return dir / "jobs.db"; }
    fs::path backup() const { return dir / "monday.db"; }
    program_result restore(std::vector<std::string> more = {}) const {
        std::vector<std::string> arguments{"restore", "--store", file(), "--from", backup()};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return waybill_tool(arguments);
    }

    temp_directory dir;
};

} // namespace

TEST_CASE("A store is backed up beside its owner, into a file that sha256sum accepts") {
    const temp_directory dir;
    auto owner = open_store(dir / "jobs.db");
    create(owner);
    const auto made = waybill_tool({"backup", "--store", dir / "jobs.db", "--to", dir / "copy.db", "--json"});
    REQUIRE(made.code == 0);
    CHECK(made.json()["tables"]["export_jobs"] == 1);
    CHECK(made.json()["sha256"].get<std::string>().size() == 64);
    CHECK(made.json()["bytes"] == fs::file_size(dir / "copy.db"));
    const auto checked = run("/usr/bin/sha256sum", {"-c", "copy.db.sha256"}, {{}, {}, dir.path()});
    CHECK(checked.code == 0);
    CHECK(checked.out == "copy.db: OK\n");

    const auto again = waybill_tool({"backup", "--store", dir / "jobs.db", "--to", dir / "copy.db"});
    CHECK(again.code == 1);
    CHECK_THAT(again.err, Contains("overwrites nothing"));
    const auto shown = waybill_tool({"backup", "--store", dir / "jobs.db", "--to", dir / "other.db"});
    CHECK_THAT(shown.out, Contains("other.db") && Contains("sha256") && !Contains("\033"));
}

TEST_CASE("The checksum of a backup with an odd name is one that sha256sum accepts") {
    const temp_directory dir;
    { auto store = open_store(dir / "jobs.db"); }
    REQUIRE(waybill_tool({"backup", "--store", dir / "jobs.db", "--to", dir / "a\\b\nc.db"}).code == 0);
    CHECK(run("/usr/bin/sha256sum", {"-c", "a\\b\nc.db.sha256"}, {{}, {}, dir.path()}).code == 0);
    CHECK(waybill_tool({"restore", "--store", dir / "new.db", "--from", dir / "a\\b\nc.db"}).code == 0);
}

TEST_CASE("A profile store is backed up too") {
    const temp_directory dir;
    REQUIRE(waybill_tool({"migrate", "up", "--profiles", dir / "profiles.db"}).code == 0);
    CHECK(waybill_tool({"backup", "--profiles", dir / "profiles.db", "--to", dir / "copy.db"}).code == 0);
    CHECK(waybill_tool({"migrate", "verify", "--profiles", dir / "copy.db"}).code == 0);
}

TEST_CASE("A restore brings the backup back, keeps what it replaced, and gives no id out again") {
    const kept_store kept;
    const auto restored = kept.restore({"--json"});
    REQUIRE(restored.code == 0);
    const auto told = restored.json();
    CHECK(told["beyond"]["jobId"] == 2);
    CHECK_THAT(told["warnings"][0].get<std::string>(), Contains("the datasets were not looked at"));
    const fs::path replaced = told["kept"].get<std::string>();
    CHECK(open_store(replaced).find(acme, 2).ok());
    auto store = open_store(kept.file());
    CHECK(store.find(acme, 1).ok());
    CHECK_FALSE(store.find(acme, 2).ok());
    CHECK(create(store) == 3);
}

TEST_CASE("A restore looks at the datasets, and begins beyond every manifest there") {
    const kept_store kept;
    const auto batch =
        waybill::dataset_directory(kept.dir / "datasets", acme, "people") / ("batch-" + std::string(32, 'a'));
    fs::create_directories(batch);
    write_file(batch / "manifest.json", R"({"schemaVersion":1,"jobId":900,"attempt":1,"epoch":70})");
    const auto restored = kept.restore({"--datasets", kept.dir / "datasets"});
    REQUIRE(restored.code == 0);
    CHECK_THAT(restored.out, Contains("job ids beyond") && Contains("900") && !Contains("warning"));
    auto store = open_store(kept.file());
    CHECK(create(store) == 901);
}

TEST_CASE("Neither an owned store nor owned datasets are restored, and the owner is named") {
    const kept_store kept;
    const auto me = std::to_string(::getpid());
    {
        const auto owner = open_store(kept.file());
        const auto refused = kept.restore();
        CHECK(refused.code == 4);
        CHECK_THAT(refused.err, Contains("the job store is owned by process " + me));
    }
    const auto publisher = waybill::dataset_publisher::open(kept.dir / "datasets").value();
    const auto refused = kept.restore({"--datasets", kept.dir / "datasets"});
    CHECK(refused.code == 4);
    CHECK_THAT(refused.err, Contains("the datasets' root is owned by process " + me));
    CHECK(open_store(kept.file()).find(acme, 2).ok());
}

TEST_CASE("A backup that does not hold is refused, and what is not there is not found") {
    const kept_store kept;
    fs::remove(kept.backup().string() + ".sha256");
    auto refused = kept.restore();
    CHECK(refused.code == 1);
    CHECK_THAT(refused.err, Contains("monday.db.sha256"));
    write_file(kept.backup().string() + ".sha256", std::string(64, '0') + "  monday.db\n");
    refused = kept.restore({"--no-checksum"});
    CHECK(refused.code == 1);
    CHECK_THAT(refused.err, Contains("its SHA-256 is"));
    CHECK(kept.restore({"--datasets", kept.dir / "none"}).code == 3);
    CHECK(waybill_tool({"restore", "--store", kept.file(), "--from", kept.dir / "none.db"}).code == 3);
    CHECK(waybill_tool({"backup", "--store", kept.dir / "none.db", "--to", kept.dir / "x.db"}).code == 3);
    CHECK(open_store(kept.file()).find(acme, 2).ok());

    fs::remove(kept.backup().string() + ".sha256");
    const auto taken = kept.restore({"--no-checksum"});
    CHECK(taken.code == 0);
    CHECK_THAT(taken.out, Contains("had no checksum"));
}
