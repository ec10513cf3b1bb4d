#include <catch2/catch.hpp>

#include <waybill/job_store.hpp>
#include <waybill/local_engine.hpp>

#include "dataset/placement.hpp"
#include "support/driven_store.hpp"
#include "support/program.hpp"

using namespace waybill;
using namespace waybill::test;
using Catch::Contains;

namespace {

using words = std::vector<std::string>;

/// `waybill datasets …` for `acme`.
program_result datasets_tool(words what, const words& more) {
    what.insert(what.begin(), "datasets");
    what.insert(what.end(), {"--org", acme.org, "--sandbox", acme.sandbox});
    what.insert(what.end(), more.begin(), more.end());
    return waybill_tool(what);
}

export_job publish_one(driven_store& driven) {
    const auto id = driven.store->create(acme, a_job("people")).value().id;
    driven.tick();
    driven.stage_latest();
    driven.tick_until(id, job_status::succeeded);
    return driven.job(id);
}

/// A host's files with a small export in the format; the name of its only part.
struct exported {
    temp_directory place;
    std::filesystem::path batch;

    explicit exported(const words& settings) {
        write_file(place / "people.ndjson",
                   "{\"crm\":\"1\",\"name\":\"Ann, \\\"A\\\"\\r\\n\\u00e4\"}\n{\"crm\":\"2\"}\n");
        REQUIRE(waybill_tool({"profiles", "import", place / "people.ndjson", "--profiles",
                              place / "profiles.db", "--dataset", "crm", "--org", acme.org, "--sandbox",
                              acme.sandbox, "--identity", "crm=CRMID:primary"})
                    .code == 0);
        (void)job_store::open({.file = place / "jobs.db"}).value();
        REQUIRE(datasets_tool({"set", "people", "--store", place / "jobs.db"}, settings).code == 0);
        auto store = job_store::open({.file = place / "jobs.db"}).value();
        auto request = a_job("people");
        request.fields = "crm,name";
        const auto id = store.create(acme, request).value().id;
        local_engine engine({.profiles = place / "profiles.db", .datasets = place / "datasets"});
        news told;
        engine.on_news(told.listener());
        const auto attempt = store.owner().claim(1, no_objection).at(0);
        engine.submit(attempt.key, attempt.job);
        told.wait_until([&] { return engine.poll(attempt.key).state != attempt_state::running; });
        REQUIRE(engine.poll(attempt.key).state == attempt_state::staged);
        dataset::placement(place / "datasets", {attempt.key, attempt.job, 1}).run();
        batch = dataset_directory(place / "datasets", acme, "people") /
                dataset::batch_name(store.find(acme, id).value().batches.at(0).batch_id);
    }
};

} // namespace

TEST_CASE("Datasets are listed and shown with their batches and what is set, as a table and with --json") {
    driven_store driven;
    const auto first = publish_one(driven);
    const auto second = publish_one(driven);
    REQUIRE(
        driven.store->set_dataset(acme, {"people", {dataset_format::csv, dataset_compression::gzip}}).ok());
    REQUIRE(driven.store->set_dataset(acme, {"later", {}}).ok());
    const words disk{"--datasets", driven.root()};
    auto both = disk;
    both.insert(both.end(), {"--store", driven.store.file()}); // beside its owner, which is this process

    const auto plain = datasets_tool({"list", "--json"}, disk).json().at("datasets");
    REQUIRE(plain.size() == 1);
    CHECK(plain[0].at("datasetId") == "people");
    CHECK(plain[0].at("jobId") == second.id);
    CHECK(plain[0].at("batches") == 1);
    CHECK(plain[0].at("rows") == 3);
    CHECK(plain[0].at("superseded") == 1);
    CHECK_FALSE(plain[0].contains("settings"));
    const auto listed = datasets_tool({"list", "--json"}, both).json().at("datasets");
    REQUIRE(listed.size() == 2);
    CHECK(listed[0].at("datasetId") == "later");
    CHECK(listed[0].at("settings") == nlohmann::json{{"format", "ndjson"}, {"compression", "none"}});
    CHECK(listed[1].at("settings") == nlohmann::json{{"format", "csv"}, {"compression", "gzip"}});
    CHECK_THAT(datasets_tool({"list"}, both).out, Contains("people") && Contains("csv, gzip"));

    const auto shown = datasets_tool({"show", "people", "--json"}, both).json();
    CHECK(shown.at("batches").at(0).at("batchId") == second.batches.at(0).batch_id);
    CHECK(shown.at("batches").at(0).at("format") == "ndjson");
    CHECK(shown.at("superseded").at(0).at("batchId") == first.batches.at(0).batch_id);
    CHECK(shown.at("superseded").at(0).at("rows") == 3);
    CHECK_THAT(datasets_tool({"show", "people"}, both).out, Contains("visible") && Contains("superseded"));
}

TEST_CASE("Settings are changed one by one, and kept") {
    temp_store store;
    store.close();
    const words on{"--store", store.file(), "--json"};
    CHECK(datasets_tool({"set", "people", "--format", "csv"}, on).json() ==
          nlohmann::json{{"datasetId", "people"}, {"format", "csv"}, {"compression", "none"}});
    CHECK(datasets_tool({"set", "people", "--compression", "zstd"}, on).json() ==
          nlohmann::json{{"datasetId", "people"}, {"format", "csv"}, {"compression", "zstd"}});
    CHECK(read_dataset_settings(store.file(), acme).value() ==
          std::vector<dataset_settings>{{"people", {dataset_format::csv, dataset_compression::zstd}}});
}

TEST_CASE("A command on datasets ends with the exit code that says why") {
    driven_store driven;
    const std::string store = driven.store.file(), root = driven.root();
    const auto refused = datasets_tool({"set", "people", "--format", "csv"}, {"--store", store});
    CHECK(refused.code == 4);
    CHECK_THAT(refused.err, Contains(std::to_string(::getpid())));
    CHECK(read_dataset_settings(store, acme).value().empty());
    for (const words& wrong : {words{"set", "people"}, words{"set", "people", "--format", "xml"},
                               words{"set", "people", "--compression", "lz4"},
                               words{"set", "a/b", "--format", "csv"}, words{"set", "--format", "csv"}}) {
        CAPTURE(wrong);
        CHECK(datasets_tool(wrong, {"--store", store}).code == 2);
    }
    CHECK(datasets_tool({"set", "people", "--format", "csv"}, {"--store", store + "-none"}).code == 3);
    CHECK_FALSE(std::filesystem::exists(store + "-none"));
    for (const words& verb : {words{"list"}, words{"show", "people"}, words{"verify"}}) {
        CAPTURE(verb);
        CHECK(datasets_tool(verb, {}).code == 2);
        CHECK(datasets_tool(verb, {"--datasets", root + "-none"}).code == 3);
    }
    CHECK(datasets_tool({"list"}, {"--datasets", root, "--store", store + "-none"}).code == 3);
    CHECK(datasets_tool({"show", "people"}, {"--datasets", root}).code == 3);
    CHECK(datasets_tool({"verify", "people"}, {"--datasets", root}).code == 3);
}

TEST_CASE("A verification ends with 0 or, with every finding, with 1") {
    driven_store driven;
    const auto job = publish_one(driven);
    const words on{"--datasets", driven.root()};
    const auto good = datasets_tool({"verify", "--json"}, on);
    CHECK(good.code == 0);
    CHECK(good.json().at("rows") == 3);
    CHECK(good.json().at("findings").empty());
    const auto batch =
        dataset_directory(driven.root(), acme, "people") / dataset::batch_name(job.batches.at(0).batch_id);
    std::filesystem::remove(batch / "_SUCCESS");
    overwrite(batch / "part-00000.ndjson", "");
    const auto bad = datasets_tool({"verify", "people"}, on);
    CHECK(bad.code == 1);
    CHECK_THAT(bad.out,
               Contains("no _SUCCESS") && Contains("another checksum") && Contains("0 rows instead of 3"));
    CHECK(datasets_tool({"verify", "--json"}, on).json().at("findings").size() == 4);
}

TEST_CASE("Python's readers of gzip and CSV read what is exported") {
    const exported one({"--format", "csv", "--compression", "gzip"});
    const auto read =
        run("/usr/bin/env", {"python3", "-c",
                             "import csv, gzip, json, sys\n"
                             "with gzip.open(sys.argv[1], 'rt', encoding='utf-8', newline='') as f:\n"
                             "    print(json.dumps(list(csv.reader(f, strict=True))))",
                             one.batch / "part-00000.csv.gz"});
    INFO(read.err);
    REQUIRE(read.code == 0);
    CHECK(read.json() == nlohmann::json::parse(R"([["crm","name"],["1","Ann, \"A\"\r\nä"],["2",""]])"));
}

TEST_CASE("The zstd command reads what is exported") {
    if (run("/usr/bin/env", {"zstd", "--version"}).code != 0) {
        WARN("skipped here: there is no zstd");
        return;
    }
    const exported one({"--compression", "zstd"});
    const auto read = run("/usr/bin/env", {"zstd", "-dc", one.batch / "part-00000.ndjson.zst"});
    REQUIRE(read.code == 0);
    CHECK(read.out == "{\"crm\":\"1\",\"name\":\"Ann, \\\"A\\\"\\r\\n\\u00e4\"}\n{\"crm\":\"2\"}\n");
}
