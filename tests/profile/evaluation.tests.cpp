#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "support/evaluated_profiles.hpp"

using namespace waybill;
using namespace waybill::test;
using namespace std::chrono_literals;

namespace {

using rows = std::vector<std::string>;

constexpr auto realized = membership_status::realized;
constexpr auto existing = membership_status::existing;
constexpr auto exited = membership_status::exited;
const std::vector<membership_status> any{realized, existing, exited};

} // namespace

TEST_CASE("A job that evaluates its segment exports who qualifies at that moment") {
    evaluated_profiles store;
    store.profiles.profiles(vip("1") + vip("2", false) + vip("3"));
    store.define("s", "vip = true");
    const auto first = store.run(shown(evaluating({"s"})));
    const auto now = entry("realized", "2026-11-23T12:00:00.000Z");
    CHECK(first.rows ==
          rows{row_of("1", R"({"ups":{"s":)" + now + "}}"), row_of("3", R"({"ups":{"s":)" + now + "}}")});
    REQUIRE(first.report);
    CHECK(first.report->now == store.now);
    CHECK(first.report->profiles == 3);
    REQUIRE(first.report->segments.size() == 1);
    CHECK(first.report->segments[0].id == "s");
    CHECK(first.report->segments[0].version == 1);
    CHECK(first.report->segments[0].realized == 2);
    CHECK(first.report->segments[0].existing == 0);
    CHECK(first.report->segments[0].exited == 0);
}

TEST_CASE(
    "Who stays is existing from the second evaluation on, who leaves is exited, who comes back realized") {
    evaluated_profiles store;
    store.profiles.profiles(vip("1") + vip("2"));
    store.define("s", "vip = true");
    store.run(evaluating({"s"}));
    store.now += 1h;
    store.profiles.profiles(vip("2", false), {.ingest_time = "2026-11-23T12:30:00Z"});
    const auto second = store.run(shown(evaluating({"s"}, any)));
    CHECK(second.rows ==
          rows{row_of("1", R"({"ups":{"s":)" + entry("existing", "2026-11-23T12:00:00.000Z") + "}}"),
               row_of("2", R"({"ups":{"s":)" + entry("exited", "2026-11-23T13:00:00.000Z") + "}}")});
    CHECK(second.report->segments[0].existing == 1);
    CHECK(second.report->segments[0].exited == 1);

    store.now += 1h;
    store.profiles.profiles(vip("2"), {.ingest_time = "2026-11-23T13:30:00Z"});
    const auto third = store.run(shown(evaluating({"s"}, {realized})));
    CHECK(third.rows ==
          rows{row_of("2", R"({"ups":{"s":)" + entry("realized", "2026-11-23T14:00:00.000Z") + "}}")});
    CHECK(third.report->segments[0].exited == 0);
}

TEST_CASE("With two states who stays is realized since the entry") {
    evaluated_profiles store;
    store.states = membership_states::two;
    store.profiles.profiles(vip("1"));
    store.define("s", "vip = true");
    store.run(evaluating({"s"}));
    store.now += 1h;
    CHECK(store.run(shown(evaluating({"s"}))).rows ==
          rows{row_of("1", R"({"ups":{"s":)" + entry("realized", "2026-11-23T12:00:00.000Z") + "}}")});
}

TEST_CASE("An attempt that is not published leaves no trace of its evaluation") {
    evaluated_profiles store;
    store.profiles.profiles(vip("1"));
    store.define("s", "vip = true");
    store.attempt(evaluating({"s"}));
    store.now += 1h;
    CHECK(store.run(shown(evaluating({"s"}))).rows ==
          rows{row_of("1", R"({"ups":{"s":)" + entry("realized", "2026-11-23T13:00:00.000Z") + "}}")});
}

TEST_CASE(
    "What was evaluated is there for later jobs that evaluate nothing, and for those alone of its policy") {
    evaluated_profiles store;
    store.profiles.profiles(vip("1") + vip("2", false));
    store.define("s", "vip = true");
    store.run(evaluating({"s"}));
    auto reading = shown(evaluating({"s"}));
    reading.evaluate_segments = false;
    const auto member = row_of("1", R"({"ups":{"s":)" + entry("realized", "2026-11-23T12:00:00.000Z") + "}}");
    const auto read = store.attempt(reading);
    CHECK(read.rows == rows{member});
    CHECK(read.staged.empty());
    CHECK_FALSE(read.report);
    CHECK(store.attempt(shown(a_job())).rows == rows{member, R"({"crm":"2"})"});
    reading.merge_policy = merge_policy_ref{std::string(linking_merge_policy), 1};
    CHECK(store.attempt(reading).rows.empty());
}

TEST_CASE("The same memberships published twice, or after later ones, change nothing") {
    evaluated_profiles store;
    store.profiles.profiles(vip("1"));
    store.define("s", "vip = true");
    const auto first = store.attempt(evaluating({"s"}));
    store.publish(first, 5);
    store.now += 1h;
    store.profiles.profiles(vip("1", false), {.ingest_time = "2026-11-23T12:30:00Z"});
    const auto second = store.attempt(evaluating({"s"}, any));
    store.publish(second, 7);
    store.publish(first, 5);
    store.publish(first, 6);
    auto reading = shown(evaluating({"s"}, any));
    reading.evaluate_segments = false;
    CHECK(store.attempt(reading).rows ==
          rows{row_of("1", R"({"ups":{"s":)" + entry("exited", "2026-11-23T13:00:00.000Z") + "}}")});
}

TEST_CASE("Memberships that came with a profile are where an evaluation begins") {
    struct expected {
        const char* before; ///< of the profile's ups namespace
        bool qualifies;
        std::string after;
    };
    const std::string t = "2026-11-23T12:00:00.000Z";
    const auto [before, qualifies, after] = GENERATE_COPY(values<expected>({
        {R"("ups":{"s":{"status":"realized","lastQualificationTime":"2026-11-01T00:00:00Z"}})", true,
         R"({"ups":{"s":)" + entry("existing", "2026-11-01T00:00:00.000Z") + "}}"},
        {R"("ups":{"s":{"status":"existing","lastQualificationTime":"2026-11-01T00:00:00Z"}})", true,
         R"({"ups":{"s":{"status":"existing","lastQualificationTime":"2026-11-01T00:00:00Z"}}})"},
        {R"("ups":{"s":{"status":"existing"}})", true, R"({"ups":{"s":)" + entry("existing", t) + "}}"},
        {R"("ups":{"s":{"lastQualificationTime":"2026-11-01T00:00:00Z"}})", true,
         R"({"ups":{"s":)" + entry("existing", "2026-11-01T00:00:00.000Z") + "}}"},
        {R"("ups":{"s":{"status":"realized","timestamp":"2026-11-01T00:00:00Z"}})", true,
         R"({"ups":{"s":)" + entry("existing", "2026-11-01T00:00:00.000Z") + "}}"},
        {R"("ups":{"s":{"status":"realized","lastQualificationTime":"2026-11-01T00:00:00Z","validUntil":"2027-01-01T00:00:00Z","payload":{"n":1.50}}})",
         true,
         R"({"ups":{"s":{"status":"existing","lastQualificationTime":"2026-11-01T00:00:00.000Z","validUntil":"2027-01-01T00:00:00Z","payload":{"n":1.50}}}})"},
        {R"("ups":{"s":{"status":"realized","lastQualificationTime":"2026-11-01T00:00:00Z","validUntil":"2027-01-01T00:00:00Z"}})",
         false, R"({"ups":{"s":)" + entry("exited", t) + "}}"},
        {R"("ups":{"s":{"status":"exited","lastQualificationTime":"2026-11-20T00:00:00Z"}})", true,
         R"({"ups":{"s":)" + entry("realized", t) + "}}"},
        {R"("ups":{"s":{"status":"exited","lastQualificationTime":"2026-10-24T12:00:00Z"}})", false,
         R"({"ups":{"s":{"status":"exited","lastQualificationTime":"2026-10-24T12:00:00Z"}}})"},
        {R"("ups":{"s":{"status":"exited","lastQualificationTime":"2026-10-24T11:59:59.999Z"},"other":{"status":"realized"}})",
         false, R"({"ups":{"other":{"status":"realized"}}})"},
        {R"("UPS":{"s":{"status":"realized","lastQualificationTime":"2026-11-01T00:00:00Z"}})", true,
         R"({"UPS":{"s":)" + entry("existing", "2026-11-01T00:00:00.000Z") + "}}"},
        {R"("AAM":{"s":{"status":"realized"}})", true,
         R"({"AAM":{"s":{"status":"realized"}},"ups":{"s":)" + entry("realized", t) + "}}"},
        {R"("ups":{"s":{"status":"unheard of"}})", true, R"({"ups":{"s":)" + entry("realized", t) + "}}"},
        {R"("ups":{"s":"none"})", true, R"({"ups":{"s":)" + entry("realized", t) + "}}"},
    }));
    INFO(before << (qualifies ? " qualifies" : " does not"));
    evaluated_profiles store;
    store.profiles.profiles(std::string(R"({"crm":"1","vip":)") + (qualifies ? "true" : "false") +
                            R"(,"segmentMembership":{)" + before + "}}\n");
    store.define("s", "vip = true");
    store.run(evaluating({"s"}));
    CHECK(store.attempt(shown(a_job())).rows == rows{row_of("1", after)});
}

TEST_CASE("A membership that is ingested after the evaluation counts instead of it") {
    evaluated_profiles store;
    store.profiles.profiles(vip("1"));
    store.define("s", "vip = true");
    store.run(evaluating({"s"}));
    store.profiles.profiles(
        R"({"crm":"1","segmentMembership":{"ups":{"s":{"status":"exited","lastQualificationTime":"2026-11-23T12:30:00Z"}}}})",
        {.dataset = "other", .ingest_time = "2026-11-23T12:30:00Z"});
    CHECK(store.attempt(shown(a_job())).rows ==
          rows{row_of("1", R"({"ups":{"s":)" + entry("exited", "2026-11-23T12:30:00Z") + "}}")});
    store.now += 1h;
    CHECK(store.run(shown(evaluating({"s"}))).rows ==
          rows{row_of("1", R"({"ups":{"s":)" + entry("realized", "2026-11-23T13:00:00.000Z") + "}}")});
}

TEST_CASE(
    "A segment without a definition, an inactive one and one of another namespace keep what was ingested") {
    evaluated_profiles store;
    const std::string memberships =
        R"({"ups":{"a":{"status":"realized"},"b":{"status":"realized"}},"AdCloud":{"c":{"status":"realized"}}})";
    store.profiles.profiles(R"({"crm":"1","segmentMembership":)" + memberships + "}");
    store.define("b", "crm = \"2\"", true, segment_lifecycle::inactive);
    store.define("c", "crm = \"2\"");
    auto job = shown(evaluating({"a", "b"}));
    job.filter->segments.push_back({"c", "AdCloud"});
    const auto done = store.run(job);
    CHECK(done.rows == rows{row_of("1", memberships)});
    CHECK_FALSE(done.report);
}
