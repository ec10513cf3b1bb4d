// The samples of the public page, as requests and as answers.
#include <catch2/catch.hpp>

#include <waybill/json.hpp>
#include <waybill/merge_policy.hpp>

#include "json/golden_sample.hpp"

using namespace waybill;
using waybill::test::golden;
using waybill::test::golden_text;

namespace {

timestamp at(std::int64_t milliseconds) { return timestamp{std::chrono::milliseconds{milliseconds}}; }

nlohmann::json written(const export_job& job) {
    std::string text;
    append_json(text, job);
    return nlohmann::json::parse(text);
}

/// Job 100 of the list, and but for its id and org the one of the single answer.
export_job succeeded_job(job_id id, const std::string& org) {
    export_job job;
    job.id = id;
    job.owner.org = org;
    job.request.fields = "identities.id,personalEmail.address";
    job.request.merge_policy = merge_policy_ref{"timestampOrdered-none-mp", 1};
    job.request.filter.emplace().segments = {
        {"52c26d0d-45f2-47a2-ab30-ed06abc981ff", "ups", {membership_status::realized}}};
    job.request.dataset_id = "5b7c86968f7b6501e21ba9df";
    job.request.schema_name = "_xdm.context.profile";
    job.request.request_id = "d995479c-8a08-4240-903b-af469c67be1f";
    job.status = job_status::succeeded;
    job.batches = {{"da5cfb4de32c4b93a09f7e37fa53ad52", {}, 20, 4096}};
    job.metrics.profile_export = time_span{at(123456789000), at(123456799000)};
    job.metrics.exported = 20;
    job.metrics.exported_by_namespace = {{"namespace1", 10}, {"namespace2", 5}};
    job.engine_job_id = "f3058161-7349-4ca9-807d-212cee2c2e94";
    job.creation_time = at(1538615973895);
    job.update_time = at(1538616233239);
    job.attempt = 1;
    return job;
}

export_job failed_job() {
    export_job job;
    job.id = 722;
    job.owner.org = "1BD6382559DF0C130A49422D@AdobeOrg";
    job.request.profile_instance_id = "test_xdm_latest_profile_20_e2e_1538573005395";
    job.request.filter.emplace().segments.push_back({"52c26d0d-45f2-47a2-ab30-ed06abc981ff", "AAM"});
    job.request.merge_policy = merge_policy_ref{"7972e3d6-96ea-4ece-9627-cbfd62709c5d", 1};
    job.request.dataset_id = "5bb4c46757920712f924a3eb";
    job.request.schema_name = "_xdm.context.profile";
    job.request.request_id = "KbOAsV7HXmdg262lc4yZZhoml27UWXPZ";
    job.status = job_status::failed;
    job.batches = {{"0123456789abcdef00000000000002d2", {}, {}, {}}};
    job.errors = {{"0090000009",
                   "Error writing profiles to output path "
                   "'adl://va7devprofilesnapshot.azuredatalakestore.net/snapshot/722'",
                   "com.adobe.aep.unifiedprofile.common.logging.Logger"},
                  {"unknown", "Job aborted.", "org.apache.spark.SparkException: Job aborted."}};
    job.metrics.profile_export = time_span{at(1538573872211), at(1538573918809)};
    job.engine_job_id = "15971e0f-317c-4390-9038-1a0498eb356f";
    job.creation_time = at(1538573416687);
    job.update_time = at(1538573922551);
    return job;
}

} // namespace

TEST_CASE("The page's create request is read as it stands") {
    new_export_job expected;
    expected.fields = "identities.id,personalEmail.address";
    expected.merge_policy = merge_policy_ref{"timestampOrdered-none-mp", 1};
    auto& filter = expected.filter.emplace();
    filter.segments = {{"52c26d0d-45f2-47a2-ab30-ed06abc981ff", "ups", {membership_status::realized}}};
    filter.qualification_time = qualification_window{"2018-01-01T00:00:00Z", "2018-02-01T00:00:00Z"};
    filter.from_ingest_timestamp = "2018-01-01T00:00:00Z";
    filter.empty_profiles = true;
    expected.events = event_list{"string", event_filter{"2018-01-01T00:00:00Z", "2020-01-01T00:00:00Z"}};
    expected.dataset_id = "5b7c86968f7b6501e21ba9df";
    expected.schema_name = "_xdm.context.profile";
    expected.evaluate_segments = true;

    const auto read = parse_new_export_job(golden_text("create_request"));
    REQUIRE(read);
    CHECK(*read == expected);
}

TEST_CASE("The page's create request is answered as the page shows") {
    export_job job;
    job.request = parse_new_export_job(golden_text("create_request")).value();
    job.request.merge_policy = applicable_merge_policy(job.request.merge_policy);
    job.request.request_id = "d995479c-8a08-4240-903b-af469c67be1f";
    job.id = 100;
    job.owner.org = "{IMS_ORG}";
    job.batches = {{"da5cfb4de32c4b93a09f7e37fa53ad52", {}, {}, {}}};
    job.creation_time = job.update_time = at(1538615973895);
    CHECK(written(job) == golden("create_answer"));
}

TEST_CASE("A single job is answered as the page shows") {
    CHECK(written(succeeded_job(11037, "{IMS_ORG}")) == golden("get_answer"));
}

TEST_CASE("A job with a batch a segment shows its batches as the page does") {
    export_job job;
    auto& filter = job.request.filter.emplace();
    filter.segments = {{"segment1", "ups", {membership_status::realized}},
                       {"segment2", "AdCloud", {membership_status::exited}}};
    job.request.dataset_id = "{DATASET_ID}";
    job.request.segment_per_batch = true;
    job.batches = {{"da5cfb4de32c4b93a09f7e37fa53ad52", 0, {}, {}},
                   {"0123456789abcdef00000000000002d3", 1, {}, {}}};
    CHECK(written(job).at("destination") == golden("batches_answer").at("destination"));
}

TEST_CASE("A page of jobs is answered as the page shows") {
    const auto first = succeeded_job(100, "1BD6382559DF0C130A49422D@AdobeOrg");
    list_request asked;
    asked.has_limit = true;
    asked.query.limit = 2;

    std::string text;
    append_json(text, job_page{{first, failed_job()}, true}, asked);
    CHECK(nlohmann::json::parse(text) == golden("list_answer"));
}

TEST_CASE("Every deviation from the page gives its reason and changes something") {
    for (const std::string name : {"list_answer", "create_answer", "get_answer", "batches_answer"}) {
        auto sample = nlohmann::json::parse(golden_text(name));
        for (const auto& deviation : nlohmann::json::parse(golden_text(name + ".deviations"))) {
            INFO(deviation);
            CHECK_FALSE(deviation.at("because").get<std::string>().empty());
            const auto changed = sample.patch(nlohmann::json::array({deviation}));
            CHECK(changed != sample);
            sample = changed;
        }
    }
}
