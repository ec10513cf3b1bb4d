#include <catch2/catch.hpp>

#include "dataset/manifest.hpp"
#include "digest/sha256.hpp"
#include "support/staged_job.hpp"
#include "support/temp_directory.hpp"
#include "json/document.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

std::string raw_member(const std::string& text, const char* name) {
    json::document document;
    REQUIRE_FALSE(document.parse(text));
    return std::string(document.root().member(name).raw());
}

} // namespace

TEST_CASE("a batch has its rows, a manifest with their checksum, and _SUCCESS") {
    temp_directory root;
    auto what = a_publication(7, 1);
    what.job.request.fields = "a.b, identities";
    what.job.request.merge_policy = merge_policy_ref{"timestampOrdered-none-mp", 1};
    stage(root.path(), what);

    const auto batch = staging_of(root.path(), what) / dataset::batch_name(what.job.batches[0].batch_id);
    const std::string rows = "{\"row\":0}\n{\"row\":1}\n{\"row\":2}\n";
    CHECK(contents(batch / "part-00000.ndjson") == rows);
    CHECK(std::filesystem::file_size(batch / "_SUCCESS") == 0);
    const auto text = contents(batch / "manifest.json");
    CHECK(
        text ==
        R"({"schemaVersion":1,"jobId":7,"attempt":1,"epoch":3,"batchId":")" + batch_id_of(7, 0) +
            R"(","tenant":{"imsOrgId":"1BD6382559DF0C130A49422D@AdobeOrg","sandbox":"prod"},)"
            R"("datasetId":"people","schema":{"name":"_xdm.context.profile"},"fields":"a.b, identities",)"
            R"("mergePolicy":{"id":"timestampOrdered-none-mp","version":1},"format":"ndjson","compression":"none",)"
            R"("columns":["a.b","identities"],"files":[{"name":"part-00000.ndjson","rows":3,"bytes":30,"sha256":")" +
            digest::sha256_hex(rows) +
            R"("}],"totals":{"rows":3,"bytes":30},"exportedProfilesByNamespace":{"CRMID":3},)"
            R"("startTime":"2018-10-04T01:19:33.895Z","endTime":"2018-10-04T01:19:33.905Z"})"
            "\n");
}

TEST_CASE("the checksum is SHA-256") {
    CHECK(digest::sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(digest::sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("a batch of one segment names the segment, the filter and the events of its job") {
    temp_directory root;
    auto what = a_publication(7, 1, 2);
    what.job.request.filter->segments[1] = {"seg\"2", "AdCloud", {membership_status::exited}};
    what.job.request.filter->empty_profiles = true;
    what.job.request.events = event_list{"_id", std::nullopt};
    stage(root.path(), what);

    const auto staging = staging_of(root.path(), what);
    const auto text = contents(staging / dataset::batch_name(batch_id_of(7, 1)) / "manifest.json");
    CHECK(raw_member(text, "segmentId") == R"("seg\"2")");
    CHECK(raw_member(text, "segmentNs") == R"("AdCloud")");
    CHECK(raw_member(text, "status") == R"(["exited"])");
    CHECK(raw_member(text, "columns") == "null");
    CHECK(raw_member(text, "filter") ==
          R"({"segments":[{"segmentId":"segment0","segmentNs":"ups","status":["realized","existing"]},)"
          R"({"segmentId":"seg\"2","segmentNs":"AdCloud","status":["exited"]}],"emptyProfiles":true})");
    CHECK(raw_member(text, "additionalFields") == R"({"eventList":{"fields":"_id"}})");
}

TEST_CASE("a batch without rows is a whole, empty batch") {
    temp_directory root;
    const auto what = a_publication(7, 1);
    stage_batch(root.path(), what, 0, 0);
    const auto batch = staging_of(root.path(), what) / dataset::batch_name(what.job.batches[0].batch_id);
    const auto read = dataset::manifest_of(batch, what.key, what.job.batches[0].batch_id);
    REQUIRE(read);
    CHECK(read->content.rows == 0);
    REQUIRE(read->content.files.size() == 1);
    CHECK(read->content.files[0].sha256 == digest::sha256_hex(""));
    CHECK(dataset::verify_files(batch, read->content));
}

TEST_CASE("rows beyond the writer's buffer arrive in order and whole") {
    temp_directory root;
    const auto what = a_publication(7, 1);
    const int rows = 20'000;
    stage_batch(root.path(), what, 0, rows);
    const auto batch = staging_of(root.path(), what) / dataset::batch_name(what.job.batches[0].batch_id);
    std::string expected;
    for (int row = 0; row < rows; ++row)
        expected += "{\"row\":" + std::to_string(row) + "}\n";
    CHECK(contents(batch / "part-00000.ndjson") == expected);
    const auto read = dataset::manifest_of(batch, what.key, what.job.batches[0].batch_id);
    REQUIRE(read);
    CHECK(read->content.rows == rows);
    CHECK(read->content.files[0].sha256 == digest::sha256_hex(expected));
}

TEST_CASE("the manifest of a tenant whose name is no UTF-8 is still JSON") {
    temp_directory root;
    auto what = a_publication(7, 1);
    what.job.owner = {"\xFF\xFE", "prod"};
    stage(root.path(), what);
    const auto batch = staging_of(root.path(), what) / dataset::batch_name(what.job.batches[0].batch_id);
    CHECK(dataset::manifest_of(batch, what.key, what.job.batches[0].batch_id));
}

TEST_CASE("a batch is never written twice in one attempt") {
    temp_directory root;
    const auto what = a_publication(7, 1);
    stage(root.path(), what);
    CHECK_THROWS_AS(stage(root.path(), what), store_failure);
}

TEST_CASE("rows larger than the buffer are written in their order and counted in the checksum") {
    temp_directory root;
    const auto what = a_publication(7, 1);
    const auto staging = staging_of(root.path(), what);
    disk::make_directories(staging);
    std::string wanted;
    {
        dataset::block_encoder encoder(what.job);
        dataset::batch_writer writer({staging, what.key, 1 << 30}, what.job, what.job.batches[0], encoder);
        for (const std::size_t size : {10U, 200'000U, 20U, 65'536U, 65'535U, 30U}) {
            const auto row = "{\"x\":\"" + std::string(size, 'x') + "\"}";
            append_row(writer, encoder, row, {});
            wanted += row + '\n';
        }
        writer.finish({}, {});
    }
    const auto batch = staging / dataset::batch_name(what.job.batches[0].batch_id);
    CHECK(contents(batch / "part-00000.ndjson") == wanted);
    CHECK(contents(batch / "manifest.json").find(digest::sha256_hex(wanted)) != std::string::npos);
}
