#include <catch2/catch.hpp>

#include <waybill/dataset_survey.hpp>

#include "dataset/placement.hpp"
#include "support/staged_job.hpp"
#include "support/temp_directory.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

surveyed_dataset only_dataset(const temp_directory& root) {
    const auto all = survey_datasets(root.path()).value();
    REQUIRE(all.size() == 1);
    CHECK(all[0].owner == acme);
    CHECK(all[0].dataset_id == "people");
    return all[0];
}

std::filesystem::path batch_of(const temp_directory& root, const publication& what) {
    return dataset_of(root.path(), what) / dataset::batch_name(what.job.batches.at(0).batch_id);
}

} // namespace

TEST_CASE("a survey follows a batch from staging into view, and changes nothing on the way") {
    const temp_directory root;
    const auto what = a_publication(7, 1);
    stage(root.path(), what);
    const auto before = tree(root.path());
    auto seen = only_dataset(root);
    CHECK(tree(root.path()) == before);
    CHECK(seen.staged == std::vector<staging_key>{what.key});
    CHECK(seen.visible == 0);
    CHECK(seen.unlisted.empty());

    dataset::placement(root.path(), what).run(dataset::placement::step::sync);
    seen = only_dataset(root);
    CHECK(seen.unlisted == std::vector<std::string>{what.job.batches.at(0).batch_id});

    dataset::placement(root.path(), what).run();
    seen = only_dataset(root);
    CHECK(seen.visible == 1);
    CHECK(seen.unlisted.empty());
    CHECK(seen.missing.empty());
    CHECK(seen.staged.empty());
}

TEST_CASE("a superseded batch is counted while it is there, and not missed when it is pruned") {
    const temp_directory root;
    const auto earlier = a_publication(7, 1), later = a_publication(8, 2);
    for (const auto& what : {earlier, later}) {
        stage(root.path(), what);
        dataset::placement(root.path(), what).run();
    }
    CHECK(only_dataset(root).superseded == 1);
    std::filesystem::remove_all(batch_of(root, earlier));
    const auto pruned = only_dataset(root);
    CHECK(pruned.superseded == 0);
    CHECK(pruned.missing.empty());
}

TEST_CASE("a visible batch that is gone, or has lost its manifest, is missing") {
    const temp_directory root;
    const auto what = a_publication(7, 1);
    stage(root.path(), what);
    dataset::placement(root.path(), what).run();
    std::filesystem::remove(batch_of(root, what) / dataset::manifest_name);
    CHECK(only_dataset(root).missing == std::vector<std::string>{what.job.batches.at(0).batch_id});
    std::filesystem::remove_all(batch_of(root, what));
    CHECK(only_dataset(root).missing.size() == 1);
}

TEST_CASE("a damaged current.json is told, and nothing is said of its batches") {
    const temp_directory root;
    const auto what = a_publication(7, 1);
    stage(root.path(), what);
    dataset::placement(root.path(), what).run();
    overwrite(dataset_of(root.path(), what) / dataset::current_name, "{");
    const auto seen = only_dataset(root);
    CHECK(seen.damage.find("current.json") != std::string::npos);
    CHECK(seen.unlisted.empty());
    CHECK(survey_datasets(root.path() / "none").error().code == errc::not_found);
}
