#include <catch2/catch.hpp>

#include <waybill/segment_store.hpp>

#include "dataset/staged_check.hpp"
#include "support/engine_workshop.hpp"
#include "support/temp_segments.hpp"
#include "json/document.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

constexpr int vips = 3'000; // several stretches of candidates

/// Every third is in.
struct evaluating_workshop {
    engine_workshop shop;
    segment_store segments = segment_store::open({shop.root.path() / "segments.db"}).value();

    evaluating_workshop() {
        std::string text;
        for (int i = 0; i < vips; ++i)
            text += R"({"crm":")" + std::to_string(i) + R"(","n":)" + std::to_string(i) + "}\n";
        shop.profiles.profiles(text);
        segments.create(acme, a_segment("thirds", "n % 3 = 0"), "s").value();
    }
    publication job(job_id id) const {
        auto what = a_publication(id, 0);
        what.job.request.fields = "n";
        what.job.request.filter.emplace().segments = {{"s"}};
        what.job.request.evaluate_segments = true;
        return what;
    }
    std::unique_ptr<local_engine> engine(std::size_t readers) const {
        auto made = std::make_unique<local_engine>(
            local_engine_options{.profiles = shop.profiles.file(),
                                 .datasets = shop.root.path(),
                                 .readers = readers,
                                 .segments = shop.root.path() / "segments.db",
                                 .now = [] { return *parse_rfc3339("2026-11-23T12:00:00Z"); }});
        made->on_news(shop.told.listener());
        return made;
    }
    std::string staged_of(const publication& what) const {
        return contents(staging_of(shop.root.path(), what) / "memberships");
    }
    publication_report check(const publication& what) const {
        return dataset::check_staged(shop.root.path(), what, {},
                                     [](const publication&, const std::filesystem::path&) {});
    }
};

} // namespace

TEST_CASE("an attempt that evaluates stages the same memberships and counts, however many threads it has") {
    const evaluating_workshop w;
    std::string first;
    for (const std::size_t readers : {1U, 2U, 4U}) {
        const auto what = w.job(static_cast<job_id>(readers));
        const auto engine = w.engine(readers);
        const auto report = w.shop.run(*engine, what);
        REQUIRE(report.state == attempt_state::staged);
        CHECK(report.metrics.exported == vips / 3);
        CHECK(report.metrics.candidates == vips);
        CHECK(w.check(what).state == publication_state::checked);
        if (first.empty()) first = w.staged_of(what);
        CHECK(w.staged_of(what) == first);
        json::document manifest;
        const auto text = contents(staging_of(w.shop.root.path(), what) /
                                   dataset::batch_name(what.job.batches[0].batch_id) / "manifest.json");
        REQUIRE_FALSE(manifest.parse(text));
        const auto told = manifest.root().member("evaluation");
        CHECK(told.member("now").text() == "2026-11-23T12:00:00.000Z");
        CHECK(told.member("profiles").integer() == vips);
        const auto segment = told.member("segments").member("s");
        CHECK(segment.member("realized").integer() == vips / 3);
        CHECK(segment.member("existing").integer() == 0);
        CHECK(segment.member("version").integer() == 1);
        CHECK(told.member("memberships").member("rows").integer() == vips / 3 + 1);
    }
}

TEST_CASE("each batch of a segment, in whatever format, tells of the same memberships of all segments") {
    evaluating_workshop w;
    segment_changes halves;
    halves.name = "halves";
    halves.expression = "n % 2 = 0";
    halves.schema = segment_schema{"x", std::nullopt};
    w.segments.create(acme, halves, "h").value();
    auto what = a_publication(9, 0, 2);
    what.job.request.fields = "n";
    what.job.request.filter->segments = {{"s"}, {"h"}};
    what.job.request.evaluate_segments = true;
    what.job.output.format = dataset_format::csv;
    const auto engine = w.engine(2);
    const auto report = w.shop.run(*engine, what);
    REQUIRE(report.state == attempt_state::staged);
    CHECK(w.check(what).state == publication_state::checked);
    for (const auto& batch : what.job.batches) {
        json::document manifest;
        const auto text = contents(staging_of(w.shop.root.path(), what) /
                                   dataset::batch_name(batch.batch_id) / "manifest.json");
        REQUIRE_FALSE(manifest.parse(text));
        const auto evaluation = manifest.root().member("evaluation");
        CHECK(evaluation.member("segments").member("s").member("realized").integer() == vips / 3);
        CHECK(evaluation.member("segments").member("h").member("realized").integer() == vips / 2);
        CHECK(evaluation.member("memberships").member("rows").integer() == vips / 3 + vips / 2 + 1);
    }
}

TEST_CASE("an attempt whose evaluation takes too much work fails and leaves nothing") {
    evaluating_workshop w;
    std::string list = R"({"crm":"long","n":0,"list":[0)";
    for (int i = 1; i < 6'000; ++i)
        list += ',' + std::to_string(i);
    w.shop.profiles.profiles(list + "]}");
    segment_changes what;
    what.expression = "exists A from list, B from list where A = B and A < 0";
    w.segments.update(acme, "s", what).value();
    const auto engine = w.engine(2);
    const auto job = w.job(9);
    const auto report = w.shop.run(*engine, job);
    CHECK(report.state == attempt_state::failed);
    CHECK(report.errors.at(0).code == "0080000002");
    CHECK_FALSE(report.transient);
    CHECK_FALSE(std::filesystem::exists(staging_of(w.shop.root.path(), job)));
}

TEST_CASE("an attempt that is cancelled while it evaluates leaves no memberships") {
    const evaluating_workshop w;
    const auto engine = w.engine(2);
    const auto job = w.job(9);
    const auto staging = staging_of(w.shop.root.path(), job);
    // The first news of an attempt comes when its files are open, and no row has been made.
    bool were_there = false;
    engine->on_news([&] {
        were_there = were_there || std::filesystem::exists(staging / dataset::memberships_name);
        engine->cancel(job.key);
        w.shop.told.listener()();
    });
    CHECK(w.shop.run(*engine, job).state == attempt_state::cancelled);
    CHECK(were_there);
    CHECK_FALSE(std::filesystem::exists(staging));
}

TEST_CASE("an engine without a segment store refuses to evaluate") {
    const evaluating_workshop w;
    const auto engine = w.shop.engine();
    const auto refused = engine->check(w.job(9).job);
    REQUIRE(refused);
    CHECK(refused->code == "0080000001");
}

TEST_CASE("an attempt for a segment that has no definition evaluates nobody, and can be published") {
    const evaluating_workshop w;
    auto job = w.job(9);
    job.job.request.filter->segments = {{"nobody-defined-it"}};
    const auto engine = w.engine(2);
    const auto report = w.shop.run(*engine, job);
    REQUIRE(report.state == attempt_state::staged);
    CHECK(report.metrics.exported == 0);
    CHECK(w.check(job).state == publication_state::checked);
    const auto staging = staging_of(w.shop.root.path(), job);
    CHECK_FALSE(std::filesystem::exists(staging / dataset::memberships_name));
    const auto batch = staging / dataset::batch_name(job.job.batches.at(0).batch_id);
    CHECK(contents(batch / "manifest.json").find("\"evaluation\"") == std::string::npos);
}
