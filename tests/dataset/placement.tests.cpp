#include <catch2/catch.hpp>

#include <waybill/error_codes.hpp>

#include "dataset/placement.hpp"
#include "digest/sha256.hpp"
#include "support/staged_job.hpp"
#include "support/temp_directory.hpp"

using namespace waybill;
using namespace waybill::test;
using dataset::placement;
using dataset::read_current;

namespace {

constexpr placement::step steps[] = {placement::step::inspect, placement::step::move, placement::step::sync,
                                     placement::step::record, placement::step::clean};

/// An older job's batch is visible, and this job's three are staged.
struct scene {
    temp_directory root;
    publication older = a_publication(5, 10);
    publication what = a_publication(7, 12, 3);
    std::filesystem::path dataset = dataset_of(root.path(), what);

    scene() {
        stage(root.path(), older);
        REQUIRE(placement(root.path(), older).run().state == publication_state::placed);
        stage(root.path(), what);
    }
    std::filesystem::path in_place(std::size_t index) const {
        return dataset / dataset::batch_name(batch_id_of(7, index));
    }
    std::filesystem::path staged(std::size_t index) const {
        return staging_of(root.path(), what) / dataset::batch_name(batch_id_of(7, index));
    }
    /// As after a crash: another process begins from the start.
    publication_report place() const { return placement(root.path(), what).run(); }
};

/// What every way to the end must come to.
std::map<std::string, std::string> published_end() {
    const scene s;
    REQUIRE(s.place().state == publication_state::placed);
    return tree(s.dataset);
}

std::filesystem::path make(const std::filesystem::path& directory) {
    std::filesystem::create_directories(directory);
    return directory;
}

} // namespace

TEST_CASE("placing makes the batches the dataset and supersedes those before") {
    const scene s;
    const auto report = s.place();
    CHECK(report.state == publication_state::placed);
    REQUIRE(report.batches.size() == 3);
    CHECK(report.batches[2].rows == 3);
    CHECK(report.batches[2].bytes == 30);

    const auto current = read_current(s.dataset);
    REQUIRE(current);
    CHECK(current->dataset_id == "people");
    CHECK(current->job == 7);
    CHECK(current->commit_sequence == 12);
    CHECK(parse_rfc3339(current->published_at));
    REQUIRE(current->batches.size() == 3);
    CHECK(current->batches[1].batch_id == batch_id_of(7, 1));
    CHECK(current->batches[1].segment_id == "segment1");
    CHECK(current->batches[1].segment_ns == "ups");
    CHECK(current->batches[1].rows == 3);
    CHECK(current->batches[1].manifest_sha256 ==
          digest::sha256_hex(contents(s.in_place(1) / "manifest.json")));
    CHECK(current->superseded == std::vector<std::string>{batch_id_of(5, 0)});
    CHECK_FALSE(std::filesystem::exists(staging_of(s.root.path(), s.what)));
    CHECK(std::filesystem::exists(s.dataset / dataset::batch_name(batch_id_of(5, 0)) / "part-00000.ndjson"));
}

TEST_CASE("a placement cut off after any step and begun again comes to the same end") {
    const auto end = published_end();
    for (const auto step : steps) {
        INFO("cut off after step " << static_cast<int>(step));
        const scene s;
        placement(s.root.path(), s.what).run(step);
        CHECK(s.place().state == publication_state::placed);
        CHECK(tree(s.dataset) == end);
        CHECK(s.place().state == publication_state::placed);
        CHECK(tree(s.dataset) == end);
    }
}

TEST_CASE("a placement cut off twice, after any two steps, comes to the same end") {
    const auto end = published_end();
    for (const auto first : steps)
        for (const auto second : steps) {
            const scene s;
            placement(s.root.path(), s.what).run(first);
            placement(s.root.path(), s.what).run(second);
            CHECK(s.place().state == publication_state::placed);
            CHECK(tree(s.dataset) == end);
        }
}

TEST_CASE("a placement cut off between two renames adopts what is in place and moves the rest") {
    const auto end = published_end();
    for (const std::size_t moved : {std::size_t{0}, std::size_t{2}}) {
        const scene s;
        std::filesystem::rename(s.staged(moved), s.in_place(moved));
        const auto report = s.place();
        CHECK(report.state == publication_state::placed);
        CHECK(report.batches[moved].rows == 3);
        CHECK(tree(s.dataset) == end);
    }
}

TEST_CASE("a half written copy aside of current.json does no harm") {
    const auto end = published_end();
    const scene s;
    placement(s.root.path(), s.what).run(placement::step::sync);
    overwrite(s.dataset / ".current.json.new", "{\"schemaVersion\":1,\"dataset" + std::string(100'000, 'x'));
    CHECK(s.place().state == publication_state::placed);
    CHECK(tree(s.dataset) == end);
}

TEST_CASE("nothing of a job shows before all of it does") {
    for (const auto step : {placement::step::inspect, placement::step::move, placement::step::sync}) {
        const scene s;
        placement(s.root.path(), s.what).run(step);
        CHECK(read_current(s.dataset)->job == 5);
    }
}

TEST_CASE("another's batch in place stops the placement and is not touched") {
    for (const auto* manifest : {"", "{}", "none"}) {
        const scene s;
        make(s.in_place(2));
        if (manifest != std::string("none")) overwrite(s.in_place(2) / "manifest.json", manifest);
        const auto before = tree(s.dataset);
        const auto report = s.place();
        CHECK(report.state == publication_state::failed);
        REQUIRE(report.errors.size() == 1);
        CHECK(report.errors[0].code == errors::foreign_batch.code);
        CHECK(tree(s.dataset) == before);
    }
}

TEST_CASE("the same batch of another attempt or epoch in place is another's") {
    for (const staging_key other : {staging_key{7, 2, 3}, staging_key{7, 1, 2}, staging_key{8, 1, 3}}) {
        const scene s;
        auto foreign = s.what;
        foreign.key = other;
        stage_batch(s.root.path(), foreign, 1);
        std::filesystem::rename(dataset::staging_directory(s.dataset, other) /
                                    dataset::batch_name(batch_id_of(7, 1)),
                                s.in_place(1));
        const auto before = tree(s.dataset);
        const auto report = s.place();
        CHECK(report.state == publication_state::failed);
        CHECK(report.errors.at(0).code == errors::foreign_batch.code);
        CHECK_THAT(report.errors.at(0).call_stack, Catch::Contains(to_text(other)));
        CHECK(tree(s.dataset) == before);
    }
}

TEST_CASE("a batch that is neither staged nor in place is lost, and what is in place of its job is removed") {
    const scene s;
    const auto before = read_current(s.dataset);
    std::filesystem::rename(s.staged(0), s.in_place(0));
    std::filesystem::remove_all(s.staged(1));
    const auto report = s.place();
    CHECK(report.state == publication_state::lost);
    REQUIRE(report.errors.size() == 1);
    CHECK(report.errors[0].code == errors::lost_batch.code);
    CHECK_THAT(report.errors[0].msg, Catch::Contains(batch_id_of(7, 1)));
    CHECK_FALSE(std::filesystem::exists(s.in_place(0)));
    CHECK_FALSE(std::filesystem::exists(staging_of(s.root.path(), s.what)));
    CHECK(read_current(s.dataset) == before);
    CHECK(s.place().state == publication_state::lost);
}

TEST_CASE("a removal of lost batches cut off half way is lost again, not another's") {
    const scene s;
    std::filesystem::remove_all(s.staged(1));
    std::filesystem::rename(s.staged(0), staging_of(s.root.path(), s.what) /
                                             ("removed-" + dataset::batch_name(batch_id_of(7, 0))));
    std::filesystem::rename(s.staged(2), s.in_place(2));
    CHECK(s.place().state == publication_state::lost);
    CHECK_FALSE(std::filesystem::exists(s.in_place(2)));
}

TEST_CASE("a batch that current.json names is never moved, and its job is placed whatever else is there") {
    const scene s;
    placement(s.root.path(), s.what).run(placement::step::record);
    stage(s.root.path(), s.what); // a late driver of the same attempt
    const auto published = contents(s.in_place(0) / "manifest.json");
    overwrite(s.staged(0) / "manifest.json", "{}");
    CHECK(s.place().state == publication_state::placed);
    CHECK(contents(s.in_place(0) / "manifest.json") == published);

    std::filesystem::remove_all(s.in_place(1)); // damage that a placement neither mends nor makes worse
    const auto current = contents(s.dataset / "current.json");
    CHECK(s.place().state == publication_state::placed);
    CHECK(contents(s.dataset / "current.json") == current);
}

TEST_CASE("a lower commit sequence never replaces a higher one, and its batches are listed as superseded") {
    const scene s;
    REQUIRE(s.place().state == publication_state::placed);
    const auto late = a_publication(6, 11, 2);
    stage(s.root.path(), late);
    for (int time = 0; time < 2; ++time) {
        const auto report = placement(s.root.path(), late).run();
        CHECK(report.state == publication_state::placed);
        CHECK(report.batches.at(1).rows == 3);
        const auto current = read_current(s.dataset);
        CHECK(current->job == 7);
        CHECK(current->commit_sequence == 12);
        CHECK(current->batches.size() == 3);
        CHECK(current->superseded ==
              std::vector<std::string>{batch_id_of(5, 0), batch_id_of(6, 0), batch_id_of(6, 1)});
    }
}

TEST_CASE("a superseded job's placement, repeated late, changes nothing, also when its batches were pruned") {
    const scene s;
    REQUIRE(s.place().state == publication_state::placed);
    const auto before = tree(s.dataset);
    CHECK(placement(s.root.path(), s.older).run().state == publication_state::placed);
    CHECK(tree(s.dataset) == before);
    std::filesystem::remove_all(s.dataset / dataset::batch_name(batch_id_of(5, 0)));
    CHECK(placement(s.root.path(), s.older).run().state == publication_state::placed);
}

TEST_CASE("a damaged current.json stops the placement and is never overwritten") {
    for (
        const std::string damaged :
        {"", "{", "[]", "{\"schemaVersion\":1}", "{\"schemaVersion\":2}",
         R"({"schemaVersion":1,"datasetId":"other","jobId":1,"commitSequence":1,"publishedAt":"","batches":[],"superseded":[]})",
         R"({"schemaVersion":1,"datasetId":"people","jobId":1,"commitSequence":1,"publishedAt":"","batches":[{}],"superseded":[]})",
         R"({"schemaVersion":1,"datasetId":"people","jobId":1,"commitSequence":1,"publishedAt":"","batches":[],"superseded":["../x"]})"}) {
        INFO(damaged);
        const scene s;
        overwrite(s.dataset / "current.json", damaged);
        const auto before = tree(s.dataset);
        CHECK_THROWS_WITH(s.place(), Catch::Contains("current.json"));
        CHECK(tree(s.dataset) == before);
    }
}

TEST_CASE("a current.json that has a part of a job's batches, or its commit sequence, stops the placement") {
    const scene s;
    auto current = *read_current(s.dataset);
    current.superseded.push_back(batch_id_of(7, 1));
    dataset::replace_current(s.dataset, current);
    CHECK_THROWS_WITH(s.place(), Catch::Contains("only 1 of the 3 batches"));
    current.superseded.clear();
    current.commit_sequence = s.what.commit_sequence;
    dataset::replace_current(s.dataset, current);
    CHECK_THROWS_WITH(s.place(), Catch::Contains("commit sequence"));
}
