#include <catch2/catch.hpp>

#include <waybill/dataset_numbers.hpp>
#include <waybill/dataset_publisher.hpp>

#include "dataset/current.hpp"
#include "support/staged_job.hpp"
#include "support/temp_directory.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

used_numbers highest_below(const temp_directory& root) {
    return dataset_numbers::survey(root.path()).value().highest();
}

} // namespace

TEST_CASE("the highest numbers of the datasets are found wherever they stand") {
    const temp_directory root;
    CHECK(highest_below(root) == used_numbers{});
    auto job = a_publication(40, 7);
    const auto dataset = dataset_of(root.path(), job);

    stage(root.path(), job); // under the key 40.1.3
    CHECK(highest_below(root) == used_numbers{3, 40, 0});

    // In place, named by no current.json yet.
    const auto batch = dataset::batch_name(job.job.batches[0].batch_id);
    CHECK(disk::rename_no_replace(staging_of(root.path(), job) / batch, dataset / batch));
    disk::remove_tree(dataset / ".staging");
    CHECK(highest_below(root) == used_numbers{3, 40, 0});

    dataset::replace_current(dataset, {"people", 55, 19, "2018-10-04T01:19:33.895Z", {}, {}});
    CHECK(highest_below(root) == used_numbers{3, 55, 19});

    disk::make_directories(dataset / ".staging" / "60.2.12");
    CHECK(highest_below(root) == used_numbers{12, 60, 19});
    CHECK(highest_below(root).job_id == 60); // its lock is free again
}

TEST_CASE("a batch whose manifest cannot be read is not passed over") {
    const temp_directory root;
    const auto job = a_publication(40, 7);
    stage(root.path(), job);
    const auto batch = dataset::batch_name(job.job.batches[0].batch_id);
    const auto in_place = dataset_of(root.path(), job) / batch;
    REQUIRE(disk::rename_no_replace(staging_of(root.path(), job) / batch, in_place));
    overwrite(in_place / "manifest.json", "{");
    CHECK_THROWS_WITH(dataset_numbers::survey(root.path()), Catch::Contains("manifest.json is damaged"));
    overwrite(in_place / "manifest.json", R"({"schemaVersion":2,"jobId":41,"epoch":5,"more":[]})");
    CHECK(highest_below(root) == used_numbers{5, 41, 0});
}

TEST_CASE("datasets that somebody owns are not looked at, and while they are looked at nobody owns them") {
    const temp_directory root;
    {
        const auto owner = dataset_publisher::open(root.path()).value();
        const auto refused = dataset_numbers::survey(root.path());
        REQUIRE_FALSE(refused.ok());
        CHECK(refused.error().code == errc::owned_elsewhere);
    }
    const auto held = dataset_numbers::survey(root.path()).value();
    CHECK_FALSE(dataset_publisher::open(root.path()).ok());
    CHECK(dataset_numbers::survey(root / "none").error().code == errc::not_found);
    CHECK_FALSE(std::filesystem::exists(root / "none"));
}
