#include <catch2/catch.hpp>

#include <string>

#include "dataset/placement.hpp"
#include "digest/sha256.hpp"
#include "support/staged_job.hpp"
#include "support/temp_directory.hpp"

using namespace waybill;
using namespace waybill::test;

TEST_CASE("current.json has the members that the docs tell of, by these names") {
    temp_directory root;
    const auto first = a_publication(7, 12);
    const auto second = a_publication(8, 13, 2);
    for (const auto& what : {first, second}) {
        stage(root.path(), what);
        REQUIRE(dataset::placement(root.path(), what).run().state == publication_state::placed);
    }
    const auto dataset = dataset_of(root.path(), second);
    const auto shown = [&](std::size_t batch) {
        const auto id = batch_id_of(8, batch);
        return R"({"batchId":")" + id + R"(","segmentId":"segment)" + std::to_string(batch) +
               R"(","segmentNs":"ups","rows":3,"bytes":30,"manifestSha256":")" +
               digest::sha256_hex(contents(dataset / dataset::batch_name(id) / "manifest.json")) + "\"}";
    };
    CHECK(
        tree(dataset).at("current.json") ==
        R"({"schemaVersion":1,"datasetId":"people","jobId":8,"commitSequence":13,"publishedAt":"","batches":[)" +
            shown(0) + "," + shown(1) + R"(],"superseded":[")" + batch_id_of(7, 0) + "\"]}\n");
}
