#include <catch2/catch.hpp>

#include <waybill/error_codes.hpp>

#include "dataset/staged_check.hpp"
#include "support/engine_workshop.hpp"
#include "support/read_csv.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

std::filesystem::path staged_batch(const engine_workshop& w, const publication& what) {
    return staging_of(w.root.path(), what) / dataset::batch_name(what.job.batches.at(0).batch_id);
}

} // namespace

TEST_CASE("an export to a CSV dataset has a column for each field, and one for the events") {
    engine_workshop w;
    w.profiles.profiles(R"({"crm":"1","name":{"first":"Ann, \"A\""},"tags":[{"k":1,"v":2}]}
{"crm":"2","name":{"first":"Bo\nb"},"vip":true})");
    w.profiles.events(R"({"_id":"e","timestamp":"2024-01-01T00:00:00Z","crm":"2","price":0.10})");
    auto what = a_publication(7, 0);
    what.job.request.fields = "name.first, vip,tags.k,identities";
    what.job.request.events = event_list{"price", std::nullopt};
    what.job.output.format = dataset_format::csv;
    const auto engine = w.engine();
    CHECK_FALSE(engine->check(what.job));
    REQUIRE(w.run(*engine, what).state == attempt_state::staged);
    const auto rows = read_csv(contents(staged_batch(w, what) / "part-00000.csv"));
    REQUIRE(rows.size() == 3);
    CHECK(rows[0] == std::vector<std::string>{"name.first", "vip", "tags.k", "identities", "eventList"});
    CHECK(rows[1] == std::vector<std::string>{"Ann, \"A\"", "", R"([{"k":1}])",
                                              R"([{"id":"1","namespace":{"code":"CRMID"},"primary":true}])",
                                              "[]"});
    CHECK(rows[2] == std::vector<std::string>{"Bo\nb", "true", "",
                                              R"([{"id":"2","namespace":{"code":"CRMID"},"primary":true}])",
                                              R"([{"price":0.10}])"});
    CHECK(dataset::check_staged(w.root.path(), what).batches.at(0).rows == 2);
}

TEST_CASE("a job without fields for a CSV dataset can never run, and no attempt is tried") {
    engine_workshop w;
    w.profiles.profiles(R"({"crm":"1"})");
    auto what = a_publication(7, 0);
    what.job.request.events = event_list{};
    what.job.request.fields = GENERATE(std::optional<std::string>{}, std::optional<std::string>{" \t"});
    const auto engine = w.engine();
    CHECK_FALSE(engine->check(what.job));
    what.job.output.format = dataset_format::csv;
    const auto why = engine->check(what.job);
    REQUIRE(why);
    CHECK(why->code == errors::csv_without_fields.code);
    CHECK(why->msg == "Dataset 'people' is CSV, which needs fields");
    const auto report = w.run(*engine, what);
    CHECK(report.state == attempt_state::failed);
    CHECK_FALSE(report.transient);
    CHECK(report.errors == std::vector<job_error>{*why});
    CHECK(tree(w.root.path()).empty());
}

TEST_CASE("an export closes a part at the size that the engine was given, in every format") {
    engine_workshop w;
    w.profiles.profiles(many_profiles(20'000));
    auto what = a_publication(7, 0);
    what.job.request.fields = "crm";
    what.job.output =
        GENERATE(dataset_output{}, dataset_output{dataset_format::csv, dataset_compression::none},
                 dataset_output{dataset_format::csv, dataset_compression::zstd});
    local_engine engine({.profiles = w.profiles.file(), .datasets = w.root.path(), .part_bytes = 1});
    engine.on_news(w.told.listener());
    REQUIRE(w.run(engine, what).state == attempt_state::staged);
    const auto read =
        dataset::manifest_of(staged_batch(w, what), what.key, what.job.batches.at(0).batch_id).value();
    CHECK(read.content.rows == 20'000);
    if (what.job.output.compression == dataset_compression::none)
        CHECK(read.content.files.size() > 1);
    else
        CHECK(read.content.files.size() == 1); // a block of a megabyte
    CHECK(dataset::check_staged(w.root.path(), what).state == publication_state::checked);
}

TEST_CASE("the manifest counts the profiles that too many are linked to, and only when there are any") {
    engine_workshop w;
    std::string linked;
    for (int i = 0; i < 60; ++i)
        linked += R"({"crm":")" + std::to_string(i) + R"(","loyalty":"one"})" + "\n";
    w.profiles.profiles(linked);
    auto what = a_publication(7, 0);
    const auto manifest = [&] { return contents(staged_batch(w, what) / "manifest.json"); };
    const auto engine = w.engine();
    REQUIRE(w.run(*engine, what).state == attempt_state::staged);
    CHECK_THAT(manifest(), !Catch::Contains("unlinkedProfiles"));
    what.key.attempt = 2;
    what.job.request.merge_policy = merge_policy_ref{"timestampOrdered-pdg-mp", 1};
    REQUIRE(w.run(*engine, what).state == attempt_state::staged);
    CHECK_THAT(manifest(),
               Catch::Contains(R"("totals":{"rows":60,)") && Catch::Contains(R"("unlinkedProfiles":60,)"));
}
