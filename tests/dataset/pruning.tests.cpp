#include <catch2/catch.hpp>

#include <waybill/dataset_numbers.hpp>

#include "dataset/current.hpp"
#include "dataset/placement.hpp"
#include "dataset/pruning.hpp"
#include "support/staged_job.hpp"
#include "support/temp_directory.hpp"

using namespace waybill;
using namespace waybill::test;
using namespace std::chrono_literals;

namespace {

const dataset::pruning::time_point start{1h};

/// The dataset `people`; each job supersedes the one before.
struct people {
    temp_directory root;

    void publish(job_id id, std::int64_t epoch = 3, int rows = 3, std::int64_t part_bytes = 1 << 30) const {
        auto what = a_publication(id, ++commits);
        what.key.epoch = epoch;
        stage_batch(root.path(), what, 0, rows, part_bytes);
        REQUIRE(dataset::placement(root.path(), what).run().state == publication_state::placed);
    }
    std::filesystem::path directory() const { return dataset_of(root.path(), a_publication(1, 1)); }
    std::filesystem::path batch(job_id id) const {
        return directory() / dataset::batch_name(batch_id_of(id, 0));
    }
    bool has(job_id id) const { return std::filesystem::exists(batch(id)); }
    std::vector<std::string> superseded() const { return dataset::read_current(directory())->superseded; }
    bool nothing_aside() const { return std::filesystem::is_empty(directory() / ".staging"); }
    std::filesystem::path ledger() const { return root.path() / ".waybill.superseded"; }

    mutable std::int64_t commits = 0;
};

void run(dataset::pruning& pass, dataset::pruning::time_point now) {
    pass.begin(now);
    while (pass.step()) {
    }
}

void prune_at_once(const people& of) {
    dataset::pruning pass(of.root.path(), 0s);
    run(pass, start);
}

} // namespace

TEST_CASE("a batch is pruned when it has been superseded for so long, and stays listed") {
    const people d;
    d.publish(5);
    d.publish(7);
    dataset::pruning pruner(d.root.path(), 10min);
    const auto visible = tree(d.batch(7));
    run(pruner, start + 3min); // counts from here
    run(pruner, start + 13min - 1ms);
    CHECK(d.has(5));
    d.publish(9);
    run(pruner, start + 13min);
    CHECK_FALSE(d.has(5));
    CHECK(tree(d.batch(7)) == visible);
    run(pruner, start + 23min - 1ms);
    CHECK(d.has(7));
    run(pruner, start + 23min);
    CHECK_FALSE(d.has(7));
    CHECK(d.has(9));
    CHECK(d.nothing_aside());
    CHECK(d.superseded() == std::vector<std::string>{batch_id_of(5, 0), batch_id_of(7, 0)});
}

TEST_CASE("only the time for which somebody runs makes a superseded batch old, over all that have run") {
    const people d;
    d.publish(5);
    d.publish(7);
    {
        dataset::pruning first(d.root.path(), 10min);
        run(first, start);
        run(first, start + 6min);
    }
    dataset::pruning next(d.root.path(), 10min);
    run(next, start + 1000h); // where its clock stands says nothing
    run(next, start + 1000h + 4min - 1ms);
    CHECK(d.has(5));
    run(next, start + 1h); // and one that runs backwards takes nothing away
    run(next, start + 1h + 1ms);
    CHECK_FALSE(d.has(5));
}

TEST_CASE("what current.json names, does not list, or what is no batch of ours is never pruned") {
    const people d;
    d.publish(5);
    d.publish(7);
    auto current = *dataset::read_current(d.directory());
    current.superseded.push_back(batch_id_of(7, 0)); // also where it contradicts itself
    dataset::replace_current(d.directory(), current);
    std::filesystem::create_directory(d.batch(8));
    std::filesystem::create_directory(d.directory() / ("old-batch-" + batch_id_of(5, 0)));
    std::filesystem::create_directories(d.directory() / ".staging/9.1.3/kept");
    prune_at_once(d);
    CHECK_FALSE(d.has(5));
    CHECK(d.has(7));
    CHECK(d.has(8));
    CHECK(std::filesystem::exists(d.directory() / ("old-batch-" + batch_id_of(5, 0))));
    CHECK(std::filesystem::exists(d.directory() / ".staging/9.1.3/kept"));
}

TEST_CASE("a pruning that is cut off after any step leaves a batch whole or not in its place") {
    for (int steps = 0;; ++steps) {
        const people d;
        d.publish(5, 3, 100'000, 1); // in several times as many files as a step removes
        d.publish(7);
        const auto whole = tree(d.batch(5));
        REQUIRE(whole.size() > 20);
        dataset::pruning cut_off(d.root.path(), 0s);
        cut_off.begin(start);
        bool over = false;
        for (int done = 0; done < steps && !over; ++done)
            over = !cut_off.step();
        if (d.has(5)) CHECK(tree(d.batch(5)) == whole);
        CHECK(d.has(5) == (steps == 0));
        dataset::pruning without_policy(d.root.path(), std::nullopt);
        run(without_policy, start);
        if (steps > 0) CHECK(d.nothing_aside());
        prune_at_once(d);
        CHECK_FALSE(d.has(5));
        CHECK(d.nothing_aside());
        if (over) {
            CHECK(steps > 4);
            return;
        }
    }
}

TEST_CASE("without a policy nothing is pruned, and nothing is counted") {
    const people d;
    d.publish(5);
    d.publish(7);
    const auto before = tree(d.root.path());
    dataset::pruning pruner(d.root.path(), std::nullopt);
    run(pruner, start);
    run(pruner, start + 100'000h);
    CHECK(tree(d.root.path()) == before);
}

TEST_CASE("a dataset whose current.json is damaged is passed over, and its batches grow older") {
    const people d;
    d.publish(5);
    d.publish(7);
    dataset::pruning pruner(d.root.path(), 10min);
    run(pruner, start);
    const auto current = contents(d.directory() / "current.json");
    overwrite(d.directory() / "current.json", "{");
    run(pruner, start + 10min);
    CHECK(d.has(5));
    overwrite(d.directory() / "current.json", current);
    run(pruner, start + 10min);
    CHECK_FALSE(d.has(5));
}

TEST_CASE(
    "a ledger of superseded batches that is damaged, or newer, is not overwritten, and nothing is pruned") {
    const people d;
    d.publish(5);
    d.publish(7);
    for (
        const auto* const text :
        {"{", R"({"schemaVersion":2})", R"({"schemaVersion":1})",
         R"({"schemaVersion":1,"runningMs":1,"goneEpoch":1,"goneJobId":1,"superseded":[{"batchId":"x"}]})"}) {
        overwrite(d.ledger(), text);
        dataset::pruning pruner(d.root.path(), 0s);
        CHECK_THROWS_AS(pruner.begin(start), store_failure);
        CHECK(d.has(5));
        CHECK(contents(d.ledger()) == text);
    }
    std::filesystem::remove(d.ledger());
    prune_at_once(d);
    CHECK_FALSE(d.has(5));
}

TEST_CASE("the numbers of a batch that was pruned are known as long as nothing that stays has higher ones") {
    const people d;
    const auto highest = [&] { return dataset_numbers::survey(d.root.path()).value().highest(); };
    d.publish(9, 12);
    d.publish(7, 4);
    const auto before = highest();
    CHECK(before == used_numbers{12, 9, 2});
    prune_at_once(d);
    CHECK_FALSE(d.has(9));
    CHECK(highest() == before);
    d.publish(10, 15);
    prune_at_once(d);
    CHECK_FALSE(d.has(7));
    CHECK(highest() == used_numbers{15, 10, 3});
}
