// Memberships that an attempt has staged beside its batches: looked at before the commit point, taken over
// before anybody can see the batches.
#include <catch2/catch.hpp>

#include <fstream>

#include "dataset/memberships_writer.hpp"
#include "dataset/placement.hpp"
#include "dataset/staged_check.hpp"
#include "support/staged_job.hpp"
#include "support/temp_directory.hpp"

using namespace waybill;
using namespace waybill::test;
using dataset::check_staged;
using dataset::placement;
using dataset::read_current;

namespace {

constexpr placement::step all_steps[] = {placement::step::inspect, placement::step::move,
                                         placement::step::sync,    placement::step::take,
                                         placement::step::record,  placement::step::clean};

struct evaluated_job {
    temp_directory root;
    publication what = a_publication(7, 12, 2);
    std::vector<std::string> taken{}; ///< what the taker was given, each time

    evaluated_job() {
        disk::make_directories(staging());
        dataset::memberships_writer memberships(staging());
        memberships.append("head\n");
        memberships.append("change\n");
        const auto about = memberships.finish();
        segment_evaluation_report report;
        report.segments.push_back({"segment0", 1, std::string(64, 'a'), 2, 1, 0});
        dataset::block_encoder encoder(what.job);
        for (const auto& batch : what.job.batches) {
            dataset::batch_writer writer({staging(), what.key, 1 << 30}, what.job, batch, encoder);
            const dataset::batch_writer::evaluated evaluated{report, about};
            writer.finish(timestamp{}, timestamp{}, &evaluated);
        }
    }
    std::filesystem::path staging() const { return staging_of(root.path(), what); }
    std::filesystem::path memberships() const { return staging() / dataset::memberships_name; }
    bool shown() const { return read_current(dataset_of(root.path(), what)).has_value(); }

    memberships_taker taker() {
        return [this](const publication& of, const std::filesystem::path& staged) {
            CHECK(of.commit_sequence == 12);
            CHECK_FALSE(shown());
            taken.push_back(contents(staged));
        };
    }
    publication_report check() { return check_staged(root.path(), what, {}, taker()); }
    publication_report place() { return placement(root.path(), what, taker()).run(); }
};

} // namespace

TEST_CASE("staged memberships are looked at with the batches, and taken before these can be seen") {
    evaluated_job s;
    CHECK(s.check().state == publication_state::checked);
    CHECK(s.taken.empty());
    CHECK(s.place().state == publication_state::placed);
    CHECK(s.taken == std::vector<std::string>{"head\nchange\n"});
    CHECK(s.shown());
    CHECK(s.place().state == publication_state::placed);
    CHECK(s.taken.size() == 1);
}

TEST_CASE("staged memberships that are damaged, or gone, or that nobody takes, are no attempt to publish") {
    evaluated_job s;
    const auto nobody = check_staged(s.root.path(), s.what);
    CHECK(nobody.state == publication_state::failed);
    CHECK(nobody.errors.at(0).code == "0080000003");
    CHECK_FALSE(nobody.transient);
    std::ofstream(s.memberships(), std::ios::app) << "more\n";
    CHECK(s.check().state == publication_state::failed);
    CHECK(s.check().transient);
    std::ofstream(s.memberships(), std::ios::trunc) << "head\nchangE\n";
    CHECK(s.check().state == publication_state::failed);
    std::filesystem::remove(s.memberships());
    CHECK(s.check().state == publication_state::failed);
}

TEST_CASE("a placement with memberships cut off after any two steps takes them before it shows the batches") {
    for (const auto first : all_steps)
        for (const auto second : all_steps) {
            evaluated_job s;
            placement(s.root.path(), s.what, s.taker()).run(first);
            placement(s.root.path(), s.what, s.taker()).run(second);
            CHECK(s.shown() == (first >= placement::step::record || second >= placement::step::record));
            CHECK(s.place().state == publication_state::placed);
            CHECK(s.shown());
            CHECK_FALSE(s.taken.empty());
            for (const auto& each : s.taken)
                CHECK(each == "head\nchange\n");
        }
}

TEST_CASE("memberships are taken also when a later publication is visible already") {
    evaluated_job s;
    const auto later = a_publication(8, 13);
    stage(s.root.path(), later);
    REQUIRE(placement(s.root.path(), later).run().state == publication_state::placed);
    std::vector<std::string> taken;
    const memberships_taker taker = [&](const publication&, const std::filesystem::path& staged) {
        taken.push_back(contents(staged));
    };
    CHECK(placement(s.root.path(), s.what, taker).run().state == publication_state::placed);
    CHECK(taken == std::vector<std::string>{"head\nchange\n"});
    CHECK(read_current(dataset_of(s.root.path(), s.what))->lists_as_superseded(batch_id_of(7, 0)));
}

TEST_CASE("memberships that cannot be taken now keep the batches from being seen, and are tried again") {
    evaluated_job s;
    const memberships_taker full = [](const publication&, const std::filesystem::path&) {
        throw store_failure(store_failure::kind::no_space, "the disk is full");
    };
    CHECK_THROWS_AS(placement(s.root.path(), s.what, full).run(), store_failure);
    CHECK_FALSE(s.shown());
    CHECK_THROWS_AS(placement(s.root.path(), s.what).run(), store_failure); // nobody to take them
    CHECK_FALSE(s.shown());
    CHECK(s.place().state == publication_state::placed);
}

TEST_CASE("batches whose memberships are gone after the commit point are as good as lost") {
    evaluated_job s;
    placement(s.root.path(), s.what, s.taker()).run(placement::step::sync);
    std::filesystem::remove(s.memberships());
    const auto report = s.place();
    CHECK(report.state == publication_state::lost);
    CHECK(report.errors.at(0).code == "0080000003");
    CHECK(s.taken.empty());
    CHECK_FALSE(s.shown());
    CHECK_FALSE(
        std::filesystem::exists(dataset_of(s.root.path(), s.what) / dataset::batch_name(batch_id_of(7, 0))));
}

TEST_CASE("a job with a batch that is lost takes no memberships") {
    evaluated_job s;
    std::filesystem::remove_all(s.staging() / dataset::batch_name(batch_id_of(7, 1)));
    CHECK(s.place().state == publication_state::lost);
    CHECK(s.taken.empty());
}

TEST_CASE("a job whose batch is taken by another's takes no memberships") {
    evaluated_job s;
    const auto place = dataset_of(s.root.path(), s.what) / dataset::batch_name(batch_id_of(7, 1));
    std::filesystem::create_directories(place);
    CHECK(s.place().state == publication_state::failed);
    CHECK(s.taken.empty());
    CHECK_FALSE(s.shown());
}

TEST_CASE("a job that evaluates nothing asks nobody to take memberships") {
    evaluated_job s;
    const auto plain = a_publication(9, 14);
    stage(s.root.path(), plain);
    CHECK(check_staged(s.root.path(), plain).state == publication_state::checked);
    CHECK(placement(s.root.path(), plain, s.taker()).run().state == publication_state::placed);
    CHECK(s.taken.empty());
}

TEST_CASE(
    "a job that is superseded from the first has its memberships taken once, however late it is repeated") {
    evaluated_job s;
    const auto later = a_publication(8, 13);
    stage(s.root.path(), later);
    REQUIRE(placement(s.root.path(), later).run().state == publication_state::placed);
    int taken = 0;
    const memberships_taker taker = [&](const publication&, const std::filesystem::path&) { ++taken; };
    for (int times = 0; times < 2; ++times) {
        CHECK(placement(s.root.path(), s.what, taker).run().state == publication_state::placed);
        CHECK(taken == 1);
    }
}
