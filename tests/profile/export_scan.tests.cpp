#include <catch2/catch.hpp>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <waybill/error_codes.hpp>

#include "sql/connection.hpp"
#include "support/profile_fixture.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

constexpr auto go_on = [](std::int64_t) { return true; };

std::string many(int count, const std::string& members = "") {
    std::string text;
    for (int i = 0; i < count; ++i)
        text += R"({"crm":")" + std::to_string(i) + "\"" + members + "}\n";
    return text;
}

} // namespace

TEST_CASE("Two tenants do not see each other's profiles, events and segments") {
    temp_profiles store;
    const std::string record = R"({"crm":"1","segmentMembership":{"ups":{"s":{"status":"realized"}}},"v":)";
    store.profiles(record + "\"acme\"}", {.owner = acme});
    store.profiles(record + "\"globex\"}", {.owner = globex});
    store.profiles(R"({"crm":"2"})", {.owner = {acme.org, "dev"}});
    store.events(R"({"_id":"e","timestamp":"2024-01-01T00:00:00Z","crm":"1"})", {.owner = globex});
    auto job = with_fields("v");
    CHECK(store.rows(job, acme) == std::vector<std::string>{R"({"v":"acme"})"});
    CHECK(store.rows(job, globex) == std::vector<std::string>{R"({"v":"globex"})"});
    CHECK(store.rows(job, {acme.org, "test"}).empty());
    job.filter.emplace().segments = {{"s"}};
    CHECK(store.rows(job, globex) == std::vector<std::string>{R"({"v":"globex"})"});
    job.events = event_list{"_id", std::nullopt};
    CHECK(store.rows(job, acme) == std::vector<std::string>{R"({"eventList":[],"v":"acme"})"});
    CHECK(store.rows(job, globex) == std::vector<std::string>{R"({"eventList":[{"_id":"e"}],"v":"globex"})"});
}

TEST_CASE("A scan sees the profiles as they were when it was opened, also while an import runs") {
    temp_profiles store;
    store.profiles(many(1'000, R"(,"v":1)"));
    profile::export_scan scan({store.file()}, acme, with_fields("v"));
    CHECK(scan.candidates() == 1'000);
    int rows = 0;
    int old_rows = 0;
    read_all(
        scan,
        [&](const exported_row& row) {
            // More than a transaction of the import, so that it commits while the scan is under way.
            if (rows == 10) CHECK(store.profiles(many(60'000, R"(,"v":2)")).summary.replaced == 1'000);
            ++rows;
            old_rows += row.json == R"({"v":1})";
            return true;
        },
        go_on);
    CHECK(rows == 1'000);
    CHECK(old_rows == 1'000);
    CHECK(profile::export_scan({store.file()}, acme, a_job()).candidates() == 60'000);
}

TEST_CASE("All readers of a scan see the profiles as they were when it was opened, while imports run") {
    temp_profiles store;
    const auto member = [](const char* status) {
        return R"(,"segmentMembership":{"ups":{"s":{"status":")" + std::string(status) + R"("}}},"v":")" +
               status + "\"";
    };
    store.profiles(many(2'200, member("realized")));
    auto job = with_fields("v");
    job.filter.emplace().segments = {{"s"}};
    profile::export_scan scan({store.file()}, acme, job, 3);
    std::vector<std::unique_ptr<profile_reader>> readers;
    for (auto one = scan.reader(); one; one = scan.reader())
        readers.push_back(std::move(one));
    REQUIRE(readers.size() == 3);
    int rows = 0;
    int old_rows = 0;
    std::size_t stretches = 0;
    for (auto some = scan.next(); !some.empty(); some = scan.next()) {
        // The first import comes when no reader has read anything, the later ones in between.
        store.profiles(many(2'400, member(stretches % 2 == 0 ? "exited" : "existing")),
                       {.ingest_time = "2024-02-0" + std::to_string(stretches + 1) + "T00:00:00Z"});
        for (const auto candidate : some)
            if (const auto row = readers[stretches % 3]->read(candidate)) {
                ++rows;
                old_rows += row->json == R"({"v":"realized"})";
            }
        ++stretches;
    }
    CHECK(stretches > 3);
    CHECK(rows == 2'200);
    CHECK(old_rows == 2'200);
}

TEST_CASE("A scan ends when the taker of its rows or of its progress says so") {
    temp_profiles store;
    store.profiles(many(2'000));
    profile::export_scan scan({store.file()}, acme, a_job());
    int rows = 0;
    read_all(
        scan, [&](const exported_row&) { return ++rows < 5; }, go_on);
    CHECK(rows == 5);
    rows = 0;
    std::int64_t told = 0;
    profile::export_scan again({store.file()}, acme, a_job());
    read_all(
        again,
        [&](const exported_row&) {
            ++rows;
            return true;
        },
        [&](std::int64_t looked_at) {
            told = looked_at;
            return looked_at < 100;
        });
    CHECK(told >= 100);
    CHECK(rows == told);
    CHECK(rows < 200);
    // Progress counts what was looked at, selected or not, to the end.
    auto job = a_job();
    job.filter.emplace().qualification_time = qualification_window{"2030-01-01T00:00:00Z", std::nullopt};
    profile::export_scan none({store.file()}, acme, job);
    read_all(
        none, [](const exported_row&) { return true; },
        [&](std::int64_t looked_at) {
            told = looked_at;
            return true;
        });
    CHECK(told == 2'000);
}

TEST_CASE("A segment's export looks at its members only, each once and in order, however many there are") {
    temp_profiles store;
    const auto of = [](const char* segment) {
        return std::string(R"(,"segmentMembership":{"ups":{")") + segment + R"(":{"status":"realized"}}})";
    };
    store.profiles(many(5'000));
    store.profiles(many(1'500, of("a")), {.dataset = "a"});
    store.profiles(many(1'100, of("b")), {.dataset = "b"});
    auto job = with_fields("crm");
    job.filter.emplace().segments = {{"b"}, {"a"}};
    profile::export_scan scan({store.file()}, acme, job);
    CHECK(scan.candidates() == 1'500);
    int rows = 0;
    bool in_order = true;
    read_all(
        scan,
        [&](const exported_row& row) {
            in_order = in_order && row.json == R"({"crm":")" + std::to_string(rows) + "\"}" &&
                       row.segments.size() == (rows < 1'100 ? 2U : 1U);
            ++rows;
            return true;
        },
        go_on);
    CHECK(rows == 1'500);
    CHECK(in_order);
}

TEST_CASE("Each row tells the namespaces of the profile's identities, each once, under one spelling") {
    temp_profiles store;
    store.profiles(R"({"crm":"1","identityMap":{"Email":[{"id":"a"},{"id":"b"}],"A":[{"id":"x"}]}})");
    store.profiles(R"({"crm":"2","identityMap":{"EMAIL":[{"id":"c"}]}})");
    store.events(R"({"_id":"e","timestamp":"2024-01-01T00:00:00Z","identityMap":{"email":[{"id":"only"}]}})");
    auto job = with_fields("none");
    job.filter.emplace().empty_profiles = true;
    profile::export_scan scan({store.file()}, acme, job);
    std::vector<std::vector<std::string>> told;
    read_all(
        scan,
        [&](const exported_row& row) {
            told.emplace_back(row.namespaces.begin(), row.namespaces.end());
            return true;
        },
        go_on);
    CHECK(told ==
          std::vector<std::vector<std::string>>{{"A", "CRMID", "Email"}, {"CRMID", "Email"}, {"Email"}});
}

TEST_CASE("What cannot be exported is named by its code") {
    temp_profiles store;
    const auto why = [&](const new_export_job& job) {
        return profile::store_source({store.file()}).check(job);
    };
    auto job = a_job();
    CHECK_FALSE(why(job));
    job.merge_policy = merge_policy_ref{"timestampOrdered-none-mp", 1};
    CHECK_FALSE(why(job));
    job.merge_policy = merge_policy_ref{"timestampOrdered-none-mp", 2};
    CHECK(why(job) == errors::unknown_merge_policy.about("timestampOrdered-none-mp version 2"));
    job.merge_policy = merge_policy_ref{"timestampOrdered-pdg-mp", std::nullopt};
    CHECK_FALSE(why(job));
    job.merge_policy.reset();
    job.evaluate_segments = true;
    CHECK(why(job) == errors::segments_not_evaluated.about());
}

TEST_CASE("A policy that is not built in may be declared, and when it is not the scan refuses by its name") {
    temp_profiles store;
    auto job = a_job();
    job.merge_policy = merge_policy_ref{"of my own", 3};
    const auto unknown = errors::unknown_merge_policy.about("of my own version 3");
    store.profiles(R"({"crm":"1"})");
    CHECK_FALSE(profile::store_source({store.file()}).check(job));
    try {
        profile::export_scan scan({store.file()}, acme, job);
        FAIL("an unknown policy was exported");
    } catch (const export_refused& refused) {
        CHECK(refused.why == unknown);
    }
}
