#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include <waybill/json.hpp>

#include "json/golden_sample.hpp"

using namespace waybill;
using json = nlohmann::ordered_json;

namespace {

timestamp at(std::int64_t milliseconds) { return timestamp{std::chrono::milliseconds{milliseconds}}; }

export_job small_job(job_status status = job_status::new_) {
    export_job job;
    job.id = 7;
    job.owner.org = "acme";
    job.request.dataset_id = "d1";
    job.request.schema_name = "_xdm.context.profile";
    job.request.merge_policy = merge_policy_ref{"timestampOrdered-none-mp", 1};
    job.request.request_id = "r1";
    job.status = status;
    job.batches = {{"0123456789abcdef0000000000000007", {}, {}, {}}};
    job.creation_time = at(1'000);
    job.update_time = at(4'500);
    return job;
}

json written(const export_job& job) {
    std::string text;
    append_json(text, job);
    return json::parse(text);
}

std::vector<std::string> members(const json& object) {
    std::vector<std::string> names;
    for (const auto& [name, value] : object.items())
        names.push_back(name);
    return names;
}

json percent(job_status status, std::int64_t looked_at, std::int64_t candidates) {
    auto job = small_job(status);
    job.metrics.exported = 3; // says nothing of how far it is
    job.metrics.looked_at = looked_at;
    job.metrics.candidates = candidates;
    return written(job).at("metrics").at("progress").at("percent");
}

} // namespace

TEST_CASE("A new job shows what always is there, in the page's order, and nothing else") {
    const auto shown = written(small_job());
    CHECK(members(shown) == std::vector<std::string>{"id", "jobType", "destination", "schema", "imsOrgId",
                                                     "status", "mergePolicy", "profileInstanceId", "metrics",
                                                     "computeGatewayJobId", "creationTime", "updateTime",
                                                     "requestId"});
    CHECK(
        shown.dump() ==
        R"({"id":7,"jobType":"BATCH","destination":{"datasetId":"d1","segmentPerBatch":false,)"
        R"("batchId":"0123456789abcdef0000000000000007"},"schema":{"name":"_xdm.context.profile"},)"
        R"("imsOrgId":"acme","status":"NEW","mergePolicy":{"id":"timestampOrdered-none-mp","version":1},)"
        R"("profileInstanceId":"ups","metrics":{"totalTime":{"startTimeInMs":1000}},)"
        R"("computeGatewayJobId":{"exportJob":""},"creationTime":1000,"updateTime":4500,"requestId":"r1"})");
}

TEST_CASE("A job with everything shows its members in the page's order") {
    auto job = small_job(job_status::failed);
    job.request = parse_new_export_job(test::golden_text("create_request")).value();
    job.errors = {{"0100000003", "Error in Export Job", ""}};
    CHECK(members(written(job)) ==
          std::vector<std::string>{"id", "jobType", "destination", "fields", "schema", "imsOrgId", "status",
                                   "filter", "additionalFields", "mergePolicy", "evaluationInfo",
                                   "profileInstanceId", "errors", "metrics", "computeGatewayJobId",
                                   "creationTime", "updateTime", "requestId"});
}

TEST_CASE("What was sent is shown so that sending it again asks for the same") {
    auto job = small_job();
    SECTION("all of it") { job.request = parse_new_export_job(test::golden_text("create_request")).value(); }
    SECTION("the least of it") { job.request.merge_policy.reset(); }
    SECTION("empty objects and texts") {
        job.request.fields = "";
        job.request.filter.emplace().qualification_time.emplace();
        job.request.events.emplace().filter.emplace();
    }
    SECTION("a false that was sent") {
        job.request.filter.emplace().empty_profiles = false;
        job.request.evaluate_segments = false;
    }
    SECTION("several segments, a batch each") {
        job.request.filter.emplace().segments = {
            {"a \"quoted\" \xE2\x82\xAC\n", "AAM", {membership_status::exited}}, {"b"}};
        job.request.segment_per_batch = true;
    }
    job.request.request_id.clear();
    std::string text;
    append_json(text, job);
    const auto again = parse_new_export_job(text);
    INFO(text);
    REQUIRE(again);
    CHECK(*again == job.request);
}

TEST_CASE("The defaults are filled in where a segment did not say") {
    auto job = small_job();
    job.request =
        parse_new_export_job(
            R"({"destination":{"datasetId":"d"},"schema":{"name":"x"},"filter":{"segments":[{"segmentId":"s"}]}})")
            .value();
    CHECK(written(job).at("filter").dump() ==
          R"({"segments":[{"segmentId":"s","segmentNs":"ups","status":["realized","existing"]}]})");
}

TEST_CASE("A batch a segment shows the segment of each batch and no batchId of its own") {
    auto job = small_job();
    job.request.segment_per_batch = true;
    job.request.filter.emplace().segments = {{"a"}, {"b", "AAM", {membership_status::exited}}};
    job.batches = {{"0000000000000000000000000000000a", 0, {}, {}},
                   {"0000000000000000000000000000000b", 1, {}, {}}};
    CHECK(
        written(job).at("destination").dump() ==
        R"({"datasetId":"d1","segmentPerBatch":true,"batches":[)"
        R"({"segmentId":"a","segmentNs":"ups","status":["realized","existing"],"batchId":"0000000000000000000000000000000a"},)"
        R"({"segmentId":"b","segmentNs":"AAM","status":["exited"],"batchId":"0000000000000000000000000000000b"}]})");
}

TEST_CASE("The total time ends when the job is final") {
    for (const auto status : {job_status::new_, job_status::processing, job_status::cancelling})
        CHECK(written(small_job(status)).at("metrics").at("totalTime").dump() == R"({"startTimeInMs":1000})");
    for (const auto status : {job_status::succeeded, job_status::failed, job_status::cancelled})
        CHECK(written(small_job(status)).at("metrics").at("totalTime").dump() ==
              R"({"startTimeInMs":1000,"endTimeInMs":4500,"totalTimeInMs":3500})");
}

TEST_CASE("The spans within the total time have an end once they are over") {
    auto job = small_job(job_status::processing);
    job.metrics.profile_export = time_span{at(1'100), at(1'200)};
    job.metrics.dataset_write = time_span{at(1'150), {}};
    const auto metrics = written(job).at("metrics");
    CHECK(metrics.at("profileExportTime").dump() ==
          R"({"startTimeInMs":1100,"endTimeInMs":1200,"totalTimeInMs":100})");
    CHECK(metrics.at("aCPDatasetWriteTime").dump() == R"({"startTimeInMs":1150})");
}

TEST_CASE("Both counters are there together, also when there is nothing to count") {
    auto job = small_job(job_status::processing);
    job.metrics.exported = 0;
    auto metrics = written(job).at("metrics");
    CHECK(metrics.at("totalExportedProfileCounter") == 0);
    CHECK(metrics.at("exportedProfileByNamespaceCounter") == json::object());
    CHECK_FALSE(metrics.contains("progress"));

    job.metrics.exported = 3;
    job.metrics.exported_by_namespace = {{"CRM \"ID\"", 2}, {"Email", 3}};
    metrics = written(job).at("metrics");
    CHECK(metrics.at("totalExportedProfileCounter") == 3);
    CHECK(metrics.at("exportedProfileByNamespaceCounter") == json{{"CRM \"ID\"", 2}, {"Email", 3}});
}

TEST_CASE("Progress is a whole percentage from 0 to 100, and 100 when the job succeeded") {
    CHECK(percent(job_status::processing, 0, 7) == 0);
    CHECK(percent(job_status::processing, 1, 7) == 14);
    CHECK(percent(job_status::processing, 6, 7) == 85);
    CHECK(percent(job_status::processing, 199, 200) == 99);
    CHECK(percent(job_status::processing, 7, 7) == 100);
    CHECK(percent(job_status::processing, 14, 7) == 100);
    CHECK(percent(job_status::processing, 0, 0) == 100);
    CHECK(percent(job_status::succeeded, 1, 7) == 100);
    CHECK(percent(job_status::failed, 1, 7) == 14);
    CHECK(percent(job_status::processing, INT64_MAX / 2, INT64_MAX) == 50);
    CHECK(percent(job_status::processing, INT64_MAX - 1, INT64_MAX) == 99);

    auto job = small_job(job_status::processing);
    job.metrics.candidates = 5;
    CHECK(written(job).at("metrics").at("progress").dump() == R"({"percent":0,"exported":0,"candidates":5})");
}

TEST_CASE("Errors are shown in their order, whatever bytes a system put into them") {
    auto job = small_job(job_status::failed);
    job.errors = {{"0100000003", "Error in Export Job", ""},
                  {"unknown", "open '/tmp/caf\xE9'", "line 1\nline 2"}};
    CHECK(written(job).at("errors") ==
          json::array({{{"code", "0100000003"}, {"msg", "Error in Export Job"}, {"callStack", ""}},
                       {{"code", "unknown"},
                        {"msg", "open '/tmp/caf\xEF\xBF\xBD'"},
                        {"callStack", "line 1\nline 2"}}}));
}
