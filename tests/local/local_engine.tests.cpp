#include <catch2/catch.hpp>

#include <utility>

#include <waybill/dataset_publisher.hpp>
#include <waybill/error_codes.hpp>

#include "dataset/current.hpp"
#include "dataset/staged_check.hpp"
#include "support/engine_workshop.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

std::string member_of(std::initializer_list<const char*> segments) {
    std::string text;
    for (const auto* segment : segments)
        text += (text.empty() ? "\"" : ",\"") + std::string(segment) + R"(":{"status":"realized"})";
    return R"("segmentMembership":{"ups":{)" + text + "}}";
}

} // namespace

TEST_CASE("an export is staged whole, counted, and can be published") {
    engine_workshop w;
    w.profiles.profiles(R"({"crm":"1","name":"A"}
{"crm":"2","loyalty":"L2","name":"B"}
{"loyalty":"L3","name":"C"})");
    auto what = a_publication(7, 4);
    what.job.request.fields = "name";
    const auto engine = w.engine();
    CHECK_FALSE(engine->find(what.key));
    CHECK_FALSE(engine->check(what.job));

    const auto report = w.run(*engine, what);
    REQUIRE(report.state == attempt_state::staged);
    CHECK(engine->find(what.key));
    CHECK(report.engine_job_id == "7.1.3");
    CHECK(report.errors.empty());
    CHECK(w.rows(what) == std::vector<std::string>{R"({"name":"A"})", R"({"name":"B"})", R"({"name":"C"})"});
    CHECK(report.metrics.exported == 3);
    CHECK(report.metrics.candidates == 3);
    CHECK(report.metrics.exported_by_namespace ==
          std::vector<std::pair<std::string, std::int64_t>>{{"CRMID", 2}, {"LOYALTYID", 2}});
    REQUIRE(report.metrics.profile_export);
    REQUIRE(report.metrics.dataset_write);
    CHECK(report.metrics.profile_export->start <= report.metrics.dataset_write->start);
    CHECK(report.metrics.profile_export->end <= report.metrics.dataset_write->end);

    const auto datasets = dataset_publisher::open(w.root.path()).value();
    datasets->on_news(w.told.listener());
    for (const auto& [step, end] : {std::pair{&dataset_publisher::check, publication_state::checked},
                                    std::pair{&dataset_publisher::place, publication_state::placed}}) {
        ((*datasets).*step)(what);
        w.told.wait_until([&] { return datasets->poll(what.key).state != publication_state::working; });
        CHECK(datasets->poll(what.key).state == end);
        CHECK(datasets->poll(what.key).batches.at(0).rows == 3);
    }
    CHECK(dataset::read_current(dataset_of(w.root.path(), what))->batches.at(0).bytes == 39);

    engine->forget(what.key);
    CHECK_FALSE(engine->find(what.key));
    CHECK(engine->poll(what.key).state == attempt_state::unknown);
}

TEST_CASE("with a batch a segment, a profile in two segments is in both, and the counters are the sums") {
    engine_workshop w;
    w.profiles.profiles(R"({"crm":"1",)" + member_of({"segment0"}) + "}\n" + R"({"crm":"2",)" +
                        member_of({"segment0", "segment1"}) + "}\n" + R"({"crm":"3",)" +
                        member_of({"other"}) + "}");
    auto what = a_publication(7, 0, 3);
    what.job.request.fields = "crm";
    const auto engine = w.engine();
    const auto report = w.run(*engine, what);
    REQUIRE(report.state == attempt_state::staged);
    CHECK(w.rows(what, 0) == std::vector<std::string>{R"({"crm":"1"})", R"({"crm":"2"})"});
    CHECK(w.rows(what, 1) == std::vector<std::string>{R"({"crm":"2"})"});
    CHECK(w.rows(what, 2).empty());
    CHECK(report.metrics.exported == 3);
    CHECK(report.metrics.exported_by_namespace ==
          std::vector<std::pair<std::string, std::int64_t>>{{"CRMID", 3}});
    const auto checked = dataset::check_staged(w.root.path(), what);
    CHECK(checked.state == publication_state::checked);
    CHECK(checked.batches.at(2).rows == 0);
}

TEST_CASE("an export of nobody is a valid, empty batch") {
    engine_workshop w;
    w.profiles.profiles(R"({"crm":"1"})", {.owner = globex});
    const auto what = a_publication(7, 0);
    const auto engine = w.engine();
    const auto report = w.run(*engine, what);
    REQUIRE(report.state == attempt_state::staged);
    CHECK(report.metrics.exported == 0);
    CHECK(report.metrics.candidates == 0);
    CHECK(dataset::check_staged(w.root.path(), what).batches.at(0).rows == 0);
}

TEST_CASE("a tenant whose name is a path exports inside the root") {
    engine_workshop w;
    auto what = a_publication(7, 0);
    what.job.owner = {"../..", "a/b"};
    w.profiles.profiles(R"({"crm":"1"})", {.owner = what.job.owner});
    const auto engine = w.engine();
    REQUIRE(w.run(*engine, what).state == attempt_state::staged);
    CHECK(std::filesystem::exists(w.root.path() / "%2E%2E%2F%2E%2E" / "a%2Fb" / "people" / ".staging" /
                                  "7.1.3"));
}

TEST_CASE("without a profile store the attempt fails for now, and names the file") {
    const engine_workshop w;
    const auto what = a_publication(7, 0);
    const auto engine = w.engine();
    const auto report = w.run(*engine, what);
    CHECK(report.state == attempt_state::failed);
    CHECK(report.transient);
    REQUIRE(report.errors.size() == 1);
    CHECK(report.errors[0].code == errors::profiles_unreadable.code);
    CHECK_THAT(report.errors[0].msg, Catch::Contains(w.profiles.file().string()));
    CHECK_FALSE(std::filesystem::exists(staging_of(w.root.path(), what)));
}

TEST_CASE("a file that is no profile store fails the attempt for good") {
    const engine_workshop w;
    overwrite(w.profiles.file(), std::string(8192, 'x'));
    const auto engine = w.engine();
    const auto report = w.run(*engine, a_publication(7, 0));
    CHECK(report.state == attempt_state::failed);
    CHECK_FALSE(report.transient);
    CHECK(report.errors.at(0).code == errors::profiles_unreadable.code);
}

TEST_CASE("a staging directory that is claimed ends the attempt and stays as it is") {
    engine_workshop w;
    w.profiles.profiles(R"({"crm":"1"})");
    const auto what = a_publication(7, 0);
    stage(w.root.path(), what);
    const auto before = tree(w.root.path());
    const auto engine = w.engine();
    const auto report = w.run(*engine, what);
    CHECK(report.state == attempt_state::failed);
    CHECK(report.errors.at(0).code == errors::staging_claimed.code);
    CHECK(tree(w.root.path()) == before);
}

TEST_CASE("datasets that cannot be written fail the attempt for now, with path and cause") {
    engine_workshop w;
    w.profiles.profiles(R"({"crm":"1"})");
    const auto what = a_publication(7, 0);
    std::filesystem::create_directories(dataset_of(w.root.path(), what).parent_path());
    overwrite(dataset_of(w.root.path(), what), "a file where the dataset should be");
    const auto engine = w.engine();
    const auto report = w.run(*engine, what);
    CHECK(report.state == attempt_state::failed);
    CHECK(report.transient);
    CHECK(report.errors.at(0).code == errors::output_failed.code);
    CHECK_THAT(report.errors.at(0).msg, Catch::StartsWith("Error writing profiles to output path '"));
    CHECK_THAT(report.errors.at(0).call_stack, Catch::Contains("Not a directory"));
}

TEST_CASE("a link below the root that leads out of it is not written through") {
    engine_workshop w;
    w.profiles.profiles(R"({"crm":"1"})");
    const auto what = a_publication(7, 0);
    const temp_directory elsewhere;
    const auto dataset = dataset_of(w.root.path(), what);
    std::filesystem::create_directories(dataset.parent_path());
    std::filesystem::create_directory_symlink(elsewhere.path(), dataset);
    const auto engine = w.engine();
    const auto report = w.run(*engine, what);
    CHECK(report.state == attempt_state::failed);
    CHECK_FALSE(report.transient);
    CHECK(report.errors == std::vector<job_error>{errors::outside_root.about(dataset.string())});
    CHECK(std::filesystem::is_empty(elsewhere.path()));

    // The root itself may be a link, for it is what the operator named.
    const temp_directory place;
    std::filesystem::create_directory_symlink(w.root.path(), place / "datasets");
    std::filesystem::remove(dataset);
    local_engine by_link({.profiles = w.profiles.file(), .datasets = place / "datasets", .threads = 1});
    by_link.on_news(w.told.listener());
    CHECK(w.run(by_link, what).state == attempt_state::staged);
}

TEST_CASE("a merge policy that nobody has declared fails for good, by its name, and leaves nothing behind") {
    engine_workshop w;
    w.profiles.profiles(R"({"crm":"1"})");
    auto what = a_publication(7, 0);
    what.job.request.merge_policy = merge_policy_ref{"nobody-knows-mp", std::nullopt};
    const auto engine = w.engine();
    CHECK_FALSE(engine->check(what.job));
    const auto report = w.run(*engine, what);
    CHECK(report.state == attempt_state::failed);
    CHECK_FALSE(report.transient);
    CHECK(report.errors == std::vector<job_error>{errors::unknown_merge_policy.about("nobody-knows-mp")});
    CHECK(tree(w.root.path()).empty());
}

TEST_CASE("what can never run here is told before, and fails for good when it is submitted all the same") {
    engine_workshop w;
    w.profiles.profiles(R"({"crm":"1"})");
    auto what = a_publication(7, 0);
    what.job.request.merge_policy = merge_policy_ref{"timestampOrdered-pdg-mp", 9};
    const auto engine = w.engine();
    const auto why = engine->check(what.job);
    REQUIRE(why);
    CHECK(why->code == errors::unknown_merge_policy.code);
    const auto report = w.run(*engine, what);
    CHECK(report.state == attempt_state::failed);
    CHECK_FALSE(report.transient);
    CHECK(report.errors == std::vector<job_error>{*why});
    CHECK(tree(w.root.path()).empty());
}
