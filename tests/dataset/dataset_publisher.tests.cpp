#include <catch2/catch.hpp>

#include <atomic>
#include <future>

#include <waybill/dataset_publisher.hpp>
#include <waybill/error_codes.hpp>

#include "dataset/current.hpp"
#include "support/news.hpp"
#include "support/staged_job.hpp"
#include "support/temp_directory.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

struct opened {
    explicit opened(const std::filesystem::path& root, dataset_publisher_options options = {})
        : datasets(dataset_publisher::open(root, options).value()) {
        datasets->on_news(told.listener());
    }
    publication_report outcome(const staging_key& key) {
        publication_report report;
        told.wait_until([&] {
            report = datasets->poll(key);
            return report.state != publication_state::working;
        });
        return report;
    }
    publication_report place(const publication& what) {
        datasets->place(what);
        return outcome(what.key);
    }
    publication_report check(const publication& what) {
        datasets->check(what);
        return outcome(what.key);
    }
    std::vector<staging_key> staged() {
        std::vector<staging_key> keys;
        datasets->look_for_staged();
        told.wait_until([&] { return !(keys = datasets->take_staged()).empty(); });
        return keys;
    }

    news told;
    std::unique_ptr<dataset_publisher> datasets;
};

} // namespace

TEST_CASE("a publisher checks, places, and tells both") {
    temp_directory root;
    opened p(root.path());
    const auto what = a_publication(7, 1);
    CHECK(p.datasets->poll(what.key).state == publication_state::unknown);
    stage(root.path(), what);
    CHECK(p.check(what).state == publication_state::checked);
    CHECK(p.place(what).state == publication_state::placed);
    CHECK(p.datasets->poll(what.key).batches.at(0).rows == 3);
    p.datasets->forget(what.key);
    CHECK(p.datasets->poll(what.key).state == publication_state::unknown);
}

TEST_CASE("a root has one owner, who is named to the second") {
    const temp_directory above;
    const auto root = above.path() / "deep" / "er";
    auto first = dataset_publisher::open(root);
    REQUIRE(first);
    const auto second = dataset_publisher::open(root);
    REQUIRE_FALSE(second);
    CHECK(second.error().code == errc::owned_elsewhere);
    CHECK_THAT(second.error().message, Catch::Contains("datasets"));
    std::move(first).value().reset();
    CHECK(dataset_publisher::open(root));
}

TEST_CASE("trouble on the publisher's thread is a report, and the next publication goes on") {
    temp_directory root;
    opened p(root.path());
    auto refused = a_publication(6, 1);
    refused.job.request.dataset_id = "../../etc";
    CHECK(p.place(refused).state == publication_state::failed);

    const auto what = a_publication(7, 2);
    stage(root.path(), what);
    overwrite(dataset_of(root.path(), what) / "current.json", "{");
    const auto damaged = p.place(what);
    CHECK(damaged.state == publication_state::failed);
    CHECK_FALSE(damaged.transient);
    CHECK_THAT(damaged.errors.at(0).call_stack, Catch::Contains("current.json is damaged"));
    CHECK(contents(dataset_of(root.path(), what) / "current.json") == "{");

    std::filesystem::remove(dataset_of(root.path(), what) / "current.json");
    CHECK(p.place(what).state == publication_state::placed);
}

TEST_CASE("what cannot be read or written is told as transient") {
    temp_directory root;
    opened p(root.path());
    const auto what = a_publication(7, 1);
    std::filesystem::create_directories(dataset_of(root.path(), what).parent_path());
    overwrite(dataset_of(root.path(), what), "a file where the dataset should be");
    const auto report = p.check(what);
    CHECK(report.state == publication_state::failed);
    CHECK(report.transient);
    CHECK(p.place(what).state == publication_state::failed);
}

TEST_CASE("many publications at once are all done, in turn") {
    temp_directory root;
    opened p(root.path());
    std::vector<publication> all;
    for (job_id id = 1; id <= 20; ++id) {
        all.push_back(a_publication(id, id));
        stage(root.path(), all.back());
        p.datasets->place(all.back());
    }
    for (const auto& what : all)
        CHECK(p.outcome(what.key).state == publication_state::placed);
    const auto current = dataset::read_current(dataset_of(root.path(), all[0]));
    CHECK(current->job == 20);
    CHECK(current->superseded.size() == 19);
}

TEST_CASE("checks and placings that come while superseded batches are pruned go before") {
    temp_directory root;
    opened p(root.path(), {.keep_superseded = std::chrono::milliseconds{0}});
    std::vector<publication> all;
    for (job_id id = 1; id <= 5; ++id) {
        all.push_back(a_publication(id, id));
        stage(root.path(), all.back());
        if (id < 4) REQUIRE(p.place(all.back()).state == publication_state::placed);
    }
    const auto dataset = dataset_of(root.path(), all[0]);
    const auto is_there = [&](std::size_t i) {
        return std::filesystem::exists(dataset / dataset::batch_name(all[i].job.batches[0].batch_id));
    };
    const auto is_aside = [&](std::size_t i) {
        return std::filesystem::exists(dataset / ".staging" /
                                       dataset::pruned_name(all[i].job.batches[0].batch_id));
    };
    // The publisher's thread is held in its first news until a pruning and a placing are asked for; in the
    // news of that placing the next is, and each time it looks how far the pruning has come.
    std::promise<void> both_asked;
    std::atomic<int> told = 0;
    std::atomic<bool> not_begun = false, not_over = false;
    p.datasets->on_news([&, hold = both_asked.get_future().share(), listener = p.told.listener()] {
        const int count = ++told;
        if (count == 1) hold.wait();
        if (count == 2) {
            not_begun = is_there(0) && is_there(2);
            p.datasets->place(all[4]);
        }
        if (count == 3) not_over = is_aside(0) && is_aside(2);
        listener();
    });
    p.datasets->look_for_staged();
    p.datasets->prune_superseded();
    p.datasets->place(all[3]);
    both_asked.set_value();
    p.told.wait_until([&] { return told == 4; }); // the pruning is over
    CHECK(p.outcome(all[4].key).state == publication_state::placed);
    CHECK(not_begun);
    CHECK(not_over);
    CHECK(std::filesystem::is_empty(dataset / ".staging"));
    CHECK_FALSE(is_there(0));
    CHECK(is_there(4));
}

TEST_CASE("a survey tells what every dataset of every tenant shows and has superseded") {
    temp_directory root;
    opened p(root.path());
    auto first = a_publication(5, 10);
    auto second = a_publication(6, 11, 2);
    auto strange = a_publication(7, 12);
    strange.job.owner = {"../..", "a/b"};
    for (const auto& what : {first, second, strange}) {
        stage(root.path(), what);
        REQUIRE(p.place(what).state == publication_state::placed);
    }
    std::filesystem::create_directories(root.path() / "not one of ours" / "prod" / "people");
    overwrite(root.path() / "not one of ours" / "prod" / "people" / "current.json", "{");

    std::vector<std::string> told;
    for (const auto& batch : p.datasets->survey()) {
        told.push_back(batch.owner.org + " " + batch.owner.sandbox + " " + batch.dataset_id + " " +
                       batch.batch_id + " " + std::to_string(batch.commit_sequence) +
                       (batch.superseded ? " superseded" : ""));
        CHECK(batch.rows == (batch.superseded ? std::nullopt : std::optional<std::int64_t>(3)));
        CHECK(batch.bytes == (batch.superseded ? std::nullopt : std::optional<std::int64_t>(30)));
    }
    CHECK(told == std::vector<std::string>{
                      "../.. a/b people " + batch_id_of(7, 0) + " 12",
                      acme.org + " prod people " + batch_id_of(6, 0) + " 11",
                      acme.org + " prod people " + batch_id_of(6, 1) + " 11",
                      acme.org + " prod people " + batch_id_of(5, 0) + " 11 superseded",
                  });
}

TEST_CASE("a survey refuses a damaged current.json and names it") {
    temp_directory root;
    opened p(root.path());
    const auto what = a_publication(7, 1);
    stage(root.path(), what);
    overwrite(dataset_of(root.path(), what) / "current.json", "{}");
    CHECK_THROWS_WITH(p.datasets->survey(), Catch::Contains("people/current.json"));
    CHECK_THROWS_AS(p.datasets->remove_unlisted({}), store_failure);
}

TEST_CASE("at a start only batches that are neither listed nor being published are removed") {
    temp_directory root;
    opened p(root.path());
    for (const auto& what : {a_publication(5, 10), a_publication(6, 11)}) {
        stage(root.path(), what);
        REQUIRE(p.place(what).state == publication_state::placed);
    }
    const auto dataset = dataset_of(root.path(), a_publication(5, 10));
    const auto keep = tree(dataset);
    std::filesystem::create_directories(dataset / dataset::batch_name(batch_id_of(8, 0)) / "deep");
    overwrite(dataset / ".current.json.new", "{");
    p.datasets->remove_unlisted({});
    CHECK(tree(dataset) == keep);

    for (const auto& name : {dataset::batch_name(batch_id_of(9, 0)), std::string("batch-backup"),
                             std::string("notes"), std::string(".staging/9.1.3")})
        std::filesystem::create_directories(dataset / name);
    const auto with_others = tree(dataset);
    p.datasets->remove_unlisted({batch_id_of(9, 0)});
    CHECK(tree(dataset) == with_others);
}

TEST_CASE("a sweep finds what is staged and removes the keys it is told, and nothing else") {
    temp_directory root;
    opened p(root.path());
    const auto kept = a_publication(7, 1);
    const auto gone = a_publication(8, 2);
    auto elsewhere = a_publication(9, 3);
    elsewhere.job.owner = globex;
    for (const auto& what : {kept, gone, elsewhere})
        stage(root.path(), what);
    const auto staging = dataset_of(root.path(), kept) / ".staging";
    for (const auto* name : {"somebody's", "8.1", "08.1.3"})
        std::filesystem::create_directories(staging / name);

    CHECK(p.staged() == std::vector<staging_key>{kept.key, gone.key, elsewhere.key});
    CHECK(p.datasets->take_staged().empty());
    p.datasets->remove_staged({gone.key, elsewhere.key, staging_key{99, 1, 1}});
    CHECK(p.staged() == std::vector<staging_key>{kept.key});
    CHECK(std::filesystem::exists(staging / "somebody's"));
    CHECK(std::filesystem::exists(staging / "08.1.3"));
    CHECK(p.check(kept).state == publication_state::checked);
}

TEST_CASE("a publisher that ends with work in its queue loses nothing") {
    temp_directory root;
    std::vector<publication> all;
    for (job_id id = 1; id <= 10; ++id) {
        all.push_back(a_publication(id, id));
        stage(root.path(), all.back());
    }
    {
        opened p(root.path());
        for (const auto& what : all)
            p.datasets->place(what);
    }
    opened p(root.path());
    for (const auto& what : all)
        CHECK(p.place(what).state == publication_state::placed);
    CHECK(dataset::read_current(dataset_of(root.path(), all[0]))->job == 10);
}
