#include <catch2/catch.hpp>

#include <string>

#include <waybill/segment_trial.hpp>

#include "support/a_job.hpp"

using namespace waybill;

namespace {

timestamp noon() { return *parse_rfc3339("2026-11-23T12:00:00Z"); }

bool holds(const std::string& expression, const std::string& profile, const std::string& events = {}) {
    return try_expression(expression, profile, events, noon()).value();
}

std::string refusal(const std::string& expression, const std::string& profile,
                    const std::string& events = {}) {
    const auto outcome = try_expression(expression, profile, events, noon());
    REQUIRE_FALSE(outcome);
    const auto& found = outcome.error().findings.at(0);
    return found.code + " " + found.path;
}

} // namespace

TEST_CASE("An expression is tried on a profile") {
    CHECK(holds("person.age > 17", R"({"person":{"age":18}})"));
    CHECK_FALSE(holds("person.age > 17", R"({"person":{"age":17}})"));
}

TEST_CASE("Events are tried as NDJSON or as an array, in the order of their times") {
    const std::string late = R"({"_id":"1","timestamp":"2026-11-22T00:00:00Z","eventType":"a"})";
    const std::string early = R"({"_id":"2","timestamp":"2026-11-01T00:00:00Z","eventType":"b"})";
    const std::string lately = "xEvent[timestamp occurs < 2 days before now].count() = 1";
    const std::string b_then_a =
        R"(chain(xEvent, timestamp, [X: WHAT(eventType = "b"), Y: WHAT(eventType = "a")]))";
    for (const auto& events : {late + "\n\n" + early + "\n", "[" + late + "," + early + "]"}) {
        CHECK(holds("xEvent.count() = 2", "{}", events));
        CHECK(holds(lately, "{}", events));
        CHECK(holds(b_then_a, "{}", events));
    }
    CHECK(holds("xEvent.count() = 0", "{}", " \n"));
}

TEST_CASE("inSegment is tried on the memberships that the profile has, in namespace ups of any case") {
    const auto in = [](const std::string& memberships) {
        return holds(R"(inSegment("s"))", R"({"segmentMembership":)" + memberships + "}");
    };
    CHECK(in(R"({"ups":{"s":{"status":"realized"}}})"));
    CHECK(in(R"({"UPS":{"s":{"status":"existing"}}})"));
    CHECK(in(R"({"ups":{"s":{}}})"));
    CHECK_FALSE(in(R"({"ups":{"s":{"status":"exited"}}})"));
    CHECK_FALSE(in(R"({"AAM":{"s":{"status":"realized"}}})"));
    CHECK_FALSE(in(R"({"ups":{"t":{"status":"realized"}}})"));
}

TEST_CASE("What cannot be tried is refused at its place") {
    CHECK(refusal("a = 1 AND b = 2", "{}") == "invalid_expression /expression/value");
    CHECK(refusal("a = 1", "{") == "invalid_json /profile");
    CHECK(refusal("a = 1", "[]") == "invalid_value /profile");
    CHECK(refusal("a = 1", "{}", "{") == "invalid_json /events/0");
    CHECK(refusal("a = 1", "{}", "[") == "invalid_json /events");
    CHECK(refusal("a = 1", "{}", R"([{"_id":"1"}])") == "invalid_value /events/0");
    CHECK(refusal("a = 1", "{}", "{\"_id\":\"1\",\"timestamp\":\"2026-11-22T00:00:00Z\"}\n{}") ==
          "invalid_value /events/1");
}
