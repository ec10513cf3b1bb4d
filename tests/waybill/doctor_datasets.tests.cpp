#include <catch2/catch.hpp>

#include "dataset/placement.hpp"
#include "support/driven_store.hpp"
#include "support/program.hpp"

using namespace waybill;
using namespace waybill::test;
using Catch::Contains;

namespace {

struct checked {
    int code;
    nlohmann::json report;

    bool warns_of(const std::string& what) const {
        for (const auto& warning : report["warnings"])
            if (warning.get<std::string>().find(what) != std::string::npos) return true;
        return false;
    }
    bool finds(const std::string& what) const {
        for (const auto& problem : report["problems"])
            if (problem.get<std::string>().find(what) != std::string::npos) return true;
        return false;
    }
    bool has_nothing_on_datasets() const { return !warns_of("current.json") && !warns_of("staged"); }
};

checked check_up(const driven_store& driven) {
    const auto asked =
        waybill_tool({"doctor", "--store", driven.store.file(), "--datasets", driven.root(), "--json"});
    CAPTURE(asked.err);
    return {asked.code, asked.json()};
}

export_job publish_one(driven_store& driven) {
    const auto id = driven.store->create(acme, a_job("people")).value().id;
    driven.tick();
    driven.stage_latest();
    driven.tick_until(id, job_status::succeeded);
    return driven.job(id);
}

std::filesystem::path batch_of(const driven_store& driven, const export_job& job) {
    return dataset_directory(driven.root(), acme, "people") / dataset::batch_name(job.batches.at(0).batch_id);
}

} // namespace

TEST_CASE(
    "The doctor finds nothing wrong with a published batch, one on its way, and one that was superseded") {
    driven_store driven;
    const auto first = publish_one(driven);
    REQUIRE(check_up(driven).code == 0);
    const auto second = publish_one(driven);
    std::filesystem::remove_all(batch_of(driven, first)); // pruned
    CHECK(driven.status_of(first.id) == job_status::succeeded);
    const auto waiting = driven.store->create(acme, a_job("people")).value();
    driven.tick();
    driven.stage_latest();
    const auto found = check_up(driven);
    CHECK(found.code == 0);
    CHECK(found.has_nothing_on_datasets());
    const auto& datasets = found.report["stores"][1];
    CHECK(datasets["visibleBatches"] == 1);
    CHECK(datasets["supersededBatches"] == 0);
    CHECK(datasets["staged"] == 1);
    CHECK(datasets["problems"].empty());

    // Past the commit point and in place, but not yet named.
    const auto key = driven.latest();
    REQUIRE(key.job == waiting.id);
    const auto mark = driven.store.owner().mark_publishing(key);
    REQUIRE(mark.what == publish_mark::outcome::marked);
    dataset::placement(driven.root(), {key, driven.job(waiting.id), mark.commit_sequence})
        .run(dataset::placement::step::sync);
    REQUIRE(std::filesystem::exists(batch_of(driven, waiting)));
    CHECK(check_up(driven).has_nothing_on_datasets());
}

TEST_CASE("The doctor warns of batches and staging that nobody names, and leaves them alone") {
    driven_store driven;
    const auto job = publish_one(driven);
    const auto dataset = dataset_directory(driven.root(), acme, "people");
    const std::string stray(32, 'a');
    std::filesystem::create_directories(dataset / ("batch-" + stray));
    std::filesystem::create_directories(dataset / ".staging" / "99.1.1");
    const auto before = tree(driven.root());
    const auto found = check_up(driven);
    CHECK(found.code == 0);
    CHECK(found.warns_of("batch " + stray));
    CHECK(found.warns_of("staged under 99.1.1"));
    CHECK(found.warns_of("look again")); // this process owns the datasets
    CHECK_FALSE(found.warns_of(job.batches.at(0).batch_id));
    CHECK(tree(driven.root()) == before);

    const auto alone = waybill_tool({"doctor", "--datasets", driven.root(), "--json"}).json();
    CHECK(alone["healthy"] == true); // without the store nobody can say
    CHECK(alone["stores"][0]["staged"] == 1);
}

TEST_CASE("The doctor finds a visible batch that is gone, and a current.json that is damaged") {
    driven_store driven;
    const auto job = publish_one(driven);
    std::filesystem::remove_all(batch_of(driven, job));
    const auto gone = check_up(driven);
    CHECK(gone.code == 1);
    CHECK(gone.finds("current.json names batch " + job.batches.at(0).batch_id));
    overwrite(dataset_directory(driven.root(), acme, "people") / "current.json", "{}");
    const auto damaged = check_up(driven);
    CHECK(damaged.code == 1);
    CHECK(damaged.finds("current.json is damaged"));
    CHECK_THAT(waybill_tool({"doctor", "--datasets", driven.root()}).out, Contains("not healthy"));
}
