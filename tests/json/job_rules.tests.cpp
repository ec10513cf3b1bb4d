// The rules of single members of a request, each turned.
#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include <waybill/json.hpp>

using namespace waybill;
using nlohmann::json;

namespace {

/// The smallest request with one more value at a pointer.
json with(const char* pointer, json value) {
    json body = {{"destination", {{"datasetId", "d1"}}}, {"schema", {{"name", "x"}}}};
    body[json::json_pointer(pointer)] = std::move(value);
    return body;
}

/// The only finding as "code path"; empty when there is none.
std::string finding_of(const json& body, const json_limits& limits = {}) {
    const auto job = parse_new_export_job(body.dump(), limits);
    if (job) return {};
    INFO(body.dump());
    CHECK(job.error().findings.size() == 1);
    const auto& found = job.error().findings.front();
    return found.code + " " + found.path;
}

new_export_job read(const json& body) { return parse_new_export_job(body.dump()).value(); }

std::string repeated(std::size_t times, const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i)
        out += text;
    return out;
}

const std::string euro = "\xE2\x82\xAC";

} // namespace

TEST_CASE("A dataset's name is 1 to 64 letters, digits, underscores and hyphens") {
    const auto id = [](json value) { return finding_of(with("/destination/datasetId", std::move(value))); };
    CHECK(id("5b7c86968f7b6501e21ba9df").empty());
    CHECK(id("A_b-9").empty());
    CHECK(id(std::string(63, 'a')).empty());
    CHECK(id(std::string(64, 'a')).empty());
    CHECK(id(std::string(65, 'a')) == "too_long /destination/datasetId");
    for (const auto* bad :
         {"", ".", "..", "a/b", "../a", "a\\b", "a b", "a.b", "a%2Fb", "a\n", "\xC3\xA9", "a:b"})
        CHECK(id(bad) == "invalid_value /destination/datasetId");
    CHECK(id(std::string("a\0b", 3)) == "invalid_value /destination/datasetId");
}

TEST_CASE("The dataset may be spelled dataSetId, but not two datasets at once") {
    json body = {{"destination", {{"dataSetId", "d2"}}}, {"schema", {{"name", "x"}}}};
    CHECK(read(body).dataset_id == "d2");
    body["destination"]["datasetId"] = "d2";
    CHECK(read(body).dataset_id == "d2");
    body["destination"]["datasetId"] = nullptr;
    CHECK(read(body).dataset_id == "d2");
    body["destination"]["datasetId"] = "d1";
    CHECK(finding_of(body) == "invalid_value /destination/dataSetId");
    CHECK(finding_of(with("/destination/dataSetId", "a/b")) == "invalid_value /destination/dataSetId");
}

TEST_CASE("Texts have 1 to 256 characters, counted as characters and not as bytes") {
    const auto* const pointer = GENERATE("/schema/name", "/mergePolicy/id", "/filter/segments/0/segmentId",
                                         "/filter/segments/0/segmentNs");
    const auto sent = [&](const std::string& text) {
        json body = {{"destination", {{"datasetId", "d1"}}},
                     {"schema", {{"name", "x"}}},
                     {"mergePolicy", {{"id", "m"}}},
                     {"filter", {{"segments", {{{"segmentId", "s"}}}}}}};
        body[json::json_pointer(pointer)] = text;
        return finding_of(body);
    };
    CHECK(sent("") == std::string("invalid_value ") + pointer);
    CHECK(sent(" ").empty());
    CHECK(sent(std::string(255, 'a')).empty());
    CHECK(sent(std::string(256, 'a')).empty());
    CHECK(sent(std::string(257, 'a')) == std::string("too_long ") + pointer);
    CHECK(sent(repeated(256, euro)).empty());
    CHECK(sent(repeated(257, euro)) == std::string("too_long ") + pointer);
}

TEST_CASE("A segment's id is any text and its namespace is kept as sent") {
    const json segment = {{"segmentId", "\xE2\x82\xAC/..'\"\n"}, {"segmentNs", "AAM"}};
    const auto job = read(with("/filter/segments", {segment}));
    CHECK(job.filter->segments.front().segment_id == "\xE2\x82\xAC/..'\"\n");
    CHECK(job.filter->segments.front().segment_ns == "AAM");
}

TEST_CASE("A segment's status is an array or one text, each status once") {
    const auto statuses = [](json sent) {
        return read(with("/filter/segments", {{{"segmentId", "s"}, {"status", std::move(sent)}}}))
            .filter->segments.front()
            .statuses;
    };
    using all = std::vector<membership_status>;
    CHECK(statuses("exited") == all{membership_status::exited});
    CHECK(statuses({"exited"}) == all{membership_status::exited});
    CHECK(statuses({"exited", "realized", "exited", "exited"}) ==
          all{membership_status::exited, membership_status::realized});
    CHECK(statuses({"realized", "existing", "exited"}).size() == 3);
    CHECK(statuses(nullptr) == all{membership_status::realized, membership_status::existing});
}

TEST_CASE("A status that nobody knows, or none, is refused") {
    const auto status = [](json sent) {
        return finding_of(with("/filter/segments", {{{"segmentId", "s"}, {"status", std::move(sent)}}}));
    };
    CHECK(status(json::array()) == "invalid_value /filter/segments/0/status");
    CHECK(status("") == "invalid_value /filter/segments/0/status");
    CHECK(status("Realized") == "invalid_value /filter/segments/0/status");
    CHECK(status({"realized", "left"}) == "invalid_value /filter/segments/0/status/1");
    CHECK(status(json::object()) == "invalid_type /filter/segments/0/status");
}

TEST_CASE("A version of a merge policy is a positive integer") {
    const auto version = [](const char* spelled) {
        const auto body =
            std::string(R"({"destination":{"datasetId":"d"},"schema":{"name":"x"},"mergePolicy":)") +
            R"({"id":"m","version":)" + spelled + "}}";
        const auto job = parse_new_export_job(body);
        return job ? std::string{}
                   : job.error().findings.front().code + " " + job.error().findings.front().path;
    };
    CHECK(version("1").empty());
    CHECK(version("9223372036854775807").empty());
    CHECK(version("null").empty());
    for (const auto* bad : {"0", "-0", "-1", "1.0", "1.5", "1e2", "9223372036854775808"})
        CHECK(version(bad) == "invalid_value /mergePolicy/version");
    CHECK(version("\"1\"") == "invalid_type /mergePolicy/version");
    CHECK(version("true") == "invalid_type /mergePolicy/version");
}

TEST_CASE("Times are RFC 3339 and kept as they were sent") {
    const auto* const pointer =
        GENERATE("/filter/segmentQualificationTime/startTime", "/filter/segmentQualificationTime/endTime",
                 "/filter/fromIngestTimestamp", "/additionalFields/eventList/filter/fromIngestTimestamp",
                 "/additionalFields/eventList/filter/toIngestTimestamp");
    CHECK(finding_of(with(pointer, "2018-01-01t00:00:00.5+01:00")).empty());
    for (const auto* bad : {"", "yesterday", "2018-01-01", "2018-01-01T00:00:00", "2018-02-29T00:00:00Z"})
        CHECK(finding_of(with(pointer, bad)) == std::string("invalid_time ") + pointer);
    const auto job = read(with("/filter/fromIngestTimestamp", "2018-01-01t00:00:00.50+01:00"));
    CHECK(job.filter->from_ingest_timestamp == "2018-01-01t00:00:00.50+01:00");
}

TEST_CASE("A window does not start after its end, offsets taken into account") {
    const auto window = [](const char* start, const char* end) {
        return finding_of(with("/filter/segmentQualificationTime", {{"startTime", start}, {"endTime", end}}));
    };
    CHECK(window("2018-01-01T00:00:00Z", "2018-02-01T00:00:00Z").empty());
    CHECK(window("2018-01-01T00:00:00Z", "2018-01-01T00:00:00Z").empty());
    CHECK(window("2018-01-01T02:00:00+02:00", "2018-01-01T00:00:00Z").empty());
    CHECK(window("2018-01-01T00:00:00.001Z", "2018-01-01T00:00:00Z") ==
          "invalid_value /filter/segmentQualificationTime");
    CHECK(window("2018-01-01T00:00:00Z", "2018-01-01T00:00:00+00:01") ==
          "invalid_value /filter/segmentQualificationTime");
}

TEST_CASE("A batch a segment needs segments") {
    auto body = with("/destination/segmentPerBatch", true);
    CHECK(finding_of(body) == "required /filter/segments");
    body["filter"] = json::object();
    CHECK(finding_of(body) == "required /filter/segments");
    body["filter"]["segments"] = json::array();
    CHECK(finding_of(body) == "required /filter/segments");
    body["filter"]["segments"] = "s";
    CHECK(finding_of(body) == "invalid_type /filter/segments");
    body["filter"] = 7;
    CHECK(finding_of(body) == "invalid_type /filter");
    body["filter"] = {{"segments", {{{"segmentId", "s"}}}}};
    CHECK(read(body).segment_per_batch);
}

TEST_CASE("A filter has at most 500 segments") {
    const auto segments = [](std::size_t count) {
        return finding_of(with("/filter/segments", json(count, json{{"segmentId", "s"}})));
    };
    CHECK(segments(499).empty());
    CHECK(segments(500).empty());
    CHECK(segments(501) == "too_many /filter/segments");
    CHECK(finding_of(with("/filter/segments", json(3, json{{"segmentId", "s"}})), {.segments = 2}) ==
          "too_many /filter/segments");
}

TEST_CASE("Fields are at most 500 paths of at most 256 characters, blank for all, and kept as sent") {
    const auto* const pointer = GENERATE("/fields", "/additionalFields/eventList/fields");
    const auto fields = [&](const std::string& text) { return finding_of(with(pointer, text)); };
    const auto paths = [](std::size_t count) { return repeated(count - 1, "a.b, ") + "c"; };
    CHECK(fields("").empty());
    CHECK(fields("  ").empty());
    CHECK(fields(paths(499)).empty());
    CHECK(fields(paths(500)).empty());
    CHECK(fields(paths(501)) == std::string("too_many ") + pointer);
    CHECK(fields("x," + std::string(255, 'a')).empty());
    CHECK(fields("x," + std::string(256, 'a')).empty());
    CHECK(fields("x,  " + repeated(256, euro) + "  ").empty());
    CHECK(fields("x," + std::string(257, 'a')) == std::string("too_long ") + pointer);
    for (const auto* bad : {",", "a,", "a,,b", "a..b", ".a"})
        CHECK(fields(bad) == std::string("invalid_value ") + pointer);
    CHECK(read(with("/fields", " _id, _experience")).fields == " _id, _experience");
}
