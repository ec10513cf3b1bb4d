#include <catch2/catch.hpp>

#include <waybill/job_store.hpp>

#include "client.hpp"
#include "digest.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

/// A host for whose dataset `out` this was set before it started.
struct set_host {
    running_host host;

    explicit set_host(const dataset_output& output)
        : host([&](http::host_options& options) {
              job_store_options opening;
              opening.file = options.store;
              REQUIRE(job_store::open(opening).value().set_dataset({"acme", "prod"}, {"out", output}).ok());
          }) {
        host.import_profiles(R"({"identityMap":{"CRMID":[{"id":"1","primary":true}]}})");
    }
};

} // namespace

TEST_CASE("A file is sent as what its dataset's format and compression make of it") {
    const auto& [output, name, type] = GENERATE(table<dataset_output, std::string, std::string>({
        {{dataset_format::csv, dataset_compression::none}, "part-00000.csv", "text/csv"},
        {{dataset_format::ndjson, dataset_compression::gzip}, "part-00000.ndjson.gz", "application/gzip"},
        {{dataset_format::csv, dataset_compression::zstd}, "part-00000.csv.zst", "application/zstd"},
    }));
    const set_host exporting(output);
    const auto& host = exporting.host;
    const auto made =
        host.create(R"({"destination":{"datasetId":"out"},"schema":{"name":"x"},"fields":"identityMap"})");
    const auto done = host.wait_for(made.at("id"), "SUCCEEDED");
    REQUIRE(done.at("status") == "SUCCEEDED");
    const std::string batch_id = done.at("destination").at("batchId");
    const auto listed = host.ask("GET", "/data/foundation/export/batches/" + batch_id + "/files").json();
    const auto& file = listed.at("data").at(0);
    CHECK(file.at("name") == name);
    const auto sent = host.ask("GET", file.at("_links").at("self").at("href"), {{"Accept-Encoding", "gzip"}});
    CHECK(sent.header("content-type") == type);
    CHECK(sent.headers.count("content-encoding") == 0);
    CHECK(http::sha256_hex(sent.body) == file.at("sha256"));
}

TEST_CASE("A job without fields for a CSV dataset fails with the error that says so") {
    const set_host exporting({dataset_format::csv, dataset_compression::none});
    const auto made = exporting.host.create(R"({"destination":{"datasetId":"out"},"schema":{"name":"x"}})");
    const auto failed = exporting.host.wait_for(made.at("id"), "FAILED");
    CHECK(failed.at("status") == "FAILED");
    CHECK(failed.at("errors").at(1).at("code") == "0090000017");
}
