#include <catch2/catch.hpp>

#include <algorithm>

#include <nlohmann/json.hpp>

#include <waybill/json.hpp>

#include "json/golden_sample.hpp"

using namespace waybill;
using nlohmann::json;

namespace {

/// The least that is a job.
json smallest() {
    return {{"destination", {{"datasetId", "d1"}}}, {"schema", {{"name", "_xdm.context.profile"}}}};
}

/// The smallest request with one more value at a pointer.
json with(const char* pointer, json value) {
    auto body = smallest();
    body[json::json_pointer(pointer)] = std::move(value);
    return body;
}

new_export_job read(const json& body) {
    const auto job = parse_new_export_job(body.dump());
    INFO(body.dump());
    REQUIRE(job);
    return *job;
}

/// The findings as "code path", in their order.
std::vector<std::string> findings(const std::string& body, const json_limits& limits = {}) {
    const auto job = parse_new_export_job(body, limits);
    std::vector<std::string> out;
    if (job) return out;
    CHECK(job.error().code == errc::invalid);
    CHECK_FALSE(job.error().message.empty());
    for (const auto& found : job.error().findings) {
        CHECK_FALSE(found.message.empty());
        out.push_back(found.code + " " + found.path);
    }
    CHECK_FALSE(out.empty());
    return out;
}
std::vector<std::string> findings(const json& body, const json_limits& limits = {}) {
    return findings(body.dump(), limits);
}

using list = std::vector<std::string>;

} // namespace

TEST_CASE("The least request has a dataset and a schema, and the defaults") {
    new_export_job expected;
    expected.dataset_id = "d1";
    expected.schema_name = "_xdm.context.profile";
    const auto job = read(smallest());
    CHECK(job == expected);
    CHECK_FALSE(job.segment_per_batch);
    CHECK(job.profile_instance_id == "ups");
}

TEST_CASE("What is required is named by its pointer") {
    CHECK(findings(json::object()) == list{"required /destination/datasetId", "required /schema/name"});
    CHECK(findings(json{{"destination", json::object()}, {"schema", json::object()}}) ==
          list{"required /destination/datasetId", "required /schema/name"});
    CHECK(findings(with("/mergePolicy/version", 1)) == list{"required /mergePolicy/id"});
    CHECK(findings(with("/filter/segments", {{{"segmentNs", "ups"}}})) ==
          list{"required /filter/segments/0/segmentId"});
}

TEST_CASE("Null is the same as absent") {
    CHECK(findings(with("/destination/datasetId", nullptr)) == list{"required /destination/datasetId"});
    CHECK(findings(with("/schema", nullptr)) == list{"required /schema/name"});
    const auto* const pointer =
        GENERATE("/fields", "/mergePolicy", "/filter", "/filter/segments", "/filter/segmentQualificationTime",
                 "/filter/segmentQualificationTime/startTime", "/filter/fromIngestTimestamp",
                 "/filter/emptyProfiles", "/additionalFields", "/additionalFields/eventList",
                 "/destination/segmentPerBatch", "/destination/dataSetId", "/evaluationInfo",
                 "/evaluationInfo/segmentation", "/filter/segmentQualificationTime/endTime");
    INFO(pointer);
    auto job = read(with(pointer, nullptr));
    if (job.filter) CHECK((!job.filter->from_ingest_timestamp && !job.filter->empty_profiles));
    job.filter.reset(); // an object around a null is there
    CHECK(job == read(smallest()));
    const auto segment = json{{"segmentId", "s"}, {"segmentNs", nullptr}, {"status", nullptr}};
    CHECK(read(with("/filter/segments", {segment})).filter->segments.front() == segment_filter{"s"});
}

TEST_CASE("Null inside an object that was sent is the same as absent, and the object stays") {
    CHECK(findings(with("/schema/name", nullptr)) == list{"required /schema/name"});
    CHECK(findings(with("/mergePolicy/id", nullptr)) == list{"required /mergePolicy/id"});
    CHECK(findings(with("/filter/segments", {{{"segmentId", nullptr}}})) ==
          list{"required /filter/segments/0/segmentId"});
    const json policy{{"id", "mine"}, {"version", nullptr}};
    CHECK(read(with("/mergePolicy", policy)).merge_policy == merge_policy_ref{"mine", std::nullopt});
    for (const auto* const pointer :
         {"/additionalFields/eventList/fields", "/additionalFields/eventList/filter"})
        CHECK(read(with(pointer, nullptr)).events == event_list{});
    for (const auto* const name : {"fromIngestTimestamp", "toIngestTimestamp"})
        CHECK(read(with("/additionalFields/eventList/filter", {{name, nullptr}})).events->filter ==
              event_filter{});
}

TEST_CASE("An object that was sent is kept, also when it is empty") {
    CHECK(read(with("/filter", json::object())).filter == job_filter{});
    CHECK(read(with("/filter/segments", json::array())).filter == job_filter{});
    CHECK(read(with("/filter/segmentQualificationTime", json::object())).filter->qualification_time ==
          qualification_window{});
    CHECK(read(with("/additionalFields/eventList", json::object())).events == event_list{});
    CHECK(read(with("/additionalFields/eventList/filter", json::object())).events->filter == event_filter{});
    CHECK_FALSE(read(with("/additionalFields", json::object())).events);
    CHECK_FALSE(read(with("/evaluationInfo", json::object())).evaluate_segments);
}

TEST_CASE("Unknown members and those that only an answer has are ignored") {
    auto body = smallest();
    body["id"] = "not even a number";
    body["status"] = "SUCCEEDED";
    body["jobType"] = 7;
    body["errors"] = "none";
    body["imsOrgId"] = "someone else";
    body["requestId"] = "x";
    body["destination"]["batchId"] = 7;
    body["destination"]["batches"] = "x";
    body["x"] = {{"y", json::array({1, 2})}};
    body["filter"] = {{"unknown", true}};
    auto expected = read(smallest());
    expected.filter.emplace();
    CHECK(read(body) == expected);
}

TEST_CASE("A wrong type is a finding at its pointer") {
    struct row {
        const char* pointer;
        json wrong;
    };
    const auto [pointer, wrong] = GENERATE(values<row>({
        {"/fields", 1},
        {"/fields", json::array({"a"})},
        {"/mergePolicy", "timestampOrdered-none-mp"},
        {"/filter", json::array()},
        {"/filter/segments", json::object()},
        {"/filter/segments", "s"},
        {"/filter/segmentQualificationTime", "2018-01-01T00:00:00Z"},
        {"/filter/segmentQualificationTime/startTime", 1514764800000},
        {"/filter/segmentQualificationTime/endTime", json::object()},
        {"/filter/fromIngestTimestamp", 1514764800000},
        {"/filter/emptyProfiles", "true"},
        {"/filter/emptyProfiles", 0},
        {"/additionalFields", json::array()},
        {"/additionalFields/eventList", true},
        {"/additionalFields/eventList/fields", json::array()},
        {"/additionalFields/eventList/filter", 1},
        {"/additionalFields/eventList/filter/fromIngestTimestamp", 1},
        {"/additionalFields/eventList/filter/toIngestTimestamp", false},
        {"/destination", "d1"},
        {"/destination/datasetId", 1},
        {"/destination/dataSetId", 1},
        {"/destination/segmentPerBatch", "false"},
        {"/schema", "x"},
        {"/schema/name", json::array()},
        {"/evaluationInfo", true},
        {"/evaluationInfo/segmentation", "true"},
        {"/evaluationInfo/segmentation", 1},
    }));
    CHECK(findings(with(pointer, wrong)) == list{std::string("invalid_type ") + pointer});
}

TEST_CASE("A wrong type inside an array is pointed at with its index") {
    const json good = {{"segmentId", "s"}};
    CHECK(findings(with("/filter/segments", {good, "s", nullptr, json::array()})) ==
          list{"invalid_type /filter/segments/1", "invalid_type /filter/segments/2",
               "invalid_type /filter/segments/3"});
    CHECK(findings(with("/filter/segments", {good, {{"segmentId", 1}, {"segmentNs", 2}, {"status", 3}}})) ==
          list{"invalid_type /filter/segments/1/segmentId", "invalid_type /filter/segments/1/segmentNs",
               "invalid_type /filter/segments/1/status"});
    CHECK(findings(with("/filter/segments", {{{"segmentId", "s"}, {"status", {"realized", 1, nullptr}}}})) ==
          list{"invalid_type /filter/segments/0/status/1", "invalid_type /filter/segments/0/status/2"});
}

TEST_CASE("All findings come at once") {
    const json body = {
        {"fields", "a,,b"},
        {"mergePolicy", {{"version", 0}}},
        {"filter",
         {{"segments", {{{"status", "gone"}}}},
          {"segmentQualificationTime", {{"startTime", "soon"}}},
          {"emptyProfiles", "no"}}},
        {"additionalFields", {{"eventList", {{"fields", ","}, {"filter", {{"toIngestTimestamp", "x"}}}}}}},
        {"destination", {{"segmentPerBatch", 1}}},
        {"schema", 7},
        {"evaluationInfo", {{"segmentation", "yes"}}}};
    auto found = findings(body);
    list expected{"invalid_value /fields",
                  "required /mergePolicy/id",
                  "invalid_value /mergePolicy/version",
                  "required /filter/segments/0/segmentId",
                  "invalid_value /filter/segments/0/status",
                  "invalid_time /filter/segmentQualificationTime/startTime",
                  "invalid_type /filter/emptyProfiles",
                  "invalid_value /additionalFields/eventList/fields",
                  "invalid_time /additionalFields/eventList/filter/toIngestTimestamp",
                  "required /destination/datasetId",
                  "invalid_type /destination/segmentPerBatch",
                  "invalid_type /schema",
                  "invalid_type /evaluationInfo/segmentation"};
    std::sort(found.begin(), found.end());
    std::sort(expected.begin(), expected.end());
    CHECK(found == expected);
}

TEST_CASE("A body that breaks rules without end has its findings bounded") {
    const json body = with("/filter/segments", {{{"segmentId", "s"}, {"status", json(5'000, 1)}}});
    CHECK(findings(body).size() == 1'000);
}

TEST_CASE("The body is one JSON object") {
    CHECK(findings(std::string("[]")) == list{"invalid_type "});
    CHECK(findings(std::string("null")) == list{"invalid_type "});
    CHECK(findings(std::string(R"("x")")) == list{"invalid_type "});
    CHECK(findings(std::string()) == list{"invalid_json "});
    CHECK(findings(std::string("{} {}")) == list{"invalid_json "});
    CHECK(findings(std::string(R"({"filter":{"emptyProfiles":tru}})")) ==
          list{"invalid_json /filter/emptyProfiles"});
    CHECK(findings(std::string(R"({"schema":{"name":"a","name":"b"}})")) ==
          list{"duplicate_member /schema/name"});
}

TEST_CASE("A body is as deep as the limit, unknown members included") {
    const auto deep = [](std::size_t levels) {
        return with("/x", json::parse(std::string(levels, '[') + std::string(levels, ']')));
    };
    CHECK(findings(deep(30)).empty());
    CHECK(findings(deep(31)).empty());
    CHECK(findings(deep(32)).front().substr(0, 9) == "too_deep ");
    CHECK(findings(deep(2), {.depth = 2}) == list{"too_deep /x/0"});
}

TEST_CASE("The page's request cut off at any byte is no JSON, and nothing worse") {
    const auto text = test::golden_text("create_request");
    for (std::size_t length = 0; length + 2 < text.size(); ++length) {
        const auto job = parse_new_export_job(std::string(text, 0, length));
        REQUIRE_FALSE(job);
        REQUIRE(job.error().findings.size() == 1);
        REQUIRE(job.error().findings.front().code == "invalid_json");
    }
}
