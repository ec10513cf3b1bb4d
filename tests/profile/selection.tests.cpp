#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "support/profile_fixture.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

using names = std::vector<std::string>;

std::string member(const std::string& crm, const std::string& ns, const std::string& segment,
                   const std::string& status, const std::string& qualified = "2024-01-01T00:00:00Z") {
    return R"({"crm":")" + crm + R"(","segmentMembership":{")" + ns + R"(":{")" + segment +
           R"(":{"status":")" + status + R"(","lastQualificationTime":")" + qualified + R"("}}}})" + "\n";
}

new_export_job of_segments(std::vector<segment_filter> segments) {
    auto job = a_job();
    job.filter.emplace().segments = std::move(segments);
    return job;
}

new_export_job in_window(std::optional<std::string> start, std::optional<std::string> end,
                         std::vector<segment_filter> segments = {}) {
    auto job = of_segments(std::move(segments));
    job.filter->qualification_time = qualification_window{std::move(start), std::move(end)};
    return job;
}

constexpr auto realized = membership_status::realized;
constexpr auto exited = membership_status::exited;

} // namespace

TEST_CASE("A segment's members are those whose status was asked for") {
    temp_profiles store;
    store.profiles(member("1", "ups", "s", "realized") + member("2", "ups", "s", "existing") +
                   member("3", "ups", "s", "exited") + member("4", "ups", "other", "realized") +
                   member("5", "ups", "s", "unheard of") + R"({"crm":"6"})");
    CHECK(store.selected(of_segments({{"s"}})) == names{"1", "2"});
    CHECK(store.selected(of_segments({{"s", "ups", {exited}}})) == names{"3"});
    CHECK(store.selected(of_segments({{"s", "ups", {realized, exited}}})) == names{"1", "3"});
    CHECK(store.selected(of_segments({{"S"}})).empty());
    CHECK(store.selected(of_segments({{"nobody's"}})).empty());
}

TEST_CASE("The namespace of a segment is compared without case, and holds its own segments") {
    temp_profiles store;
    store.profiles(member("1", "UPS", "s", "realized") + member("2", "AdCloud", "s", "realized"));
    CHECK(store.selected(of_segments({{"s", "Ups"}})) == names{"1"});
    CHECK(store.selected(of_segments({{"s", "adcloud"}})) == names{"2"});
    CHECK(store.selected(of_segments({{"none", "ups"}, {"s", "adcloud"}})) == names{"2"});
    CHECK(store.selected(of_segments({{"s", "adcloud"}, {"s", "ups"}})) == names{"1", "2"});
}

TEST_CASE("The membership that counts is the one last ingested") {
    temp_profiles store;
    store.profiles(member("1", "ups", "s", "realized") + member("2", "ups", "s", "exited"),
                   {.dataset = "a", .ingest_time = "2024-01-01T00:00:00Z"});
    store.profiles(member("1", "UPS", "s", "exited") + member("2", "ups", "s", "realized"),
                   {.dataset = "b", .ingest_time = "2024-01-02T00:00:00Z"});
    CHECK(store.selected(of_segments({{"s"}})) == names{"2"});
    CHECK(store.selected(of_segments({{"s", "ups", {exited}}})) == names{"1"});
}

TEST_CASE("Something else ingested in the place of memberships takes them away") {
    for (const auto* const clash : {R"("none")", R"({"ups":"none"})", R"({"ups":{"s":"none"}})"}) {
        temp_profiles store;
        store.profiles(member("1", "ups", "s", "realized"),
                       {.dataset = "a", .ingest_time = "2024-01-01T00:00:00Z"});
        store.profiles(std::string(R"({"crm":"1","segmentMembership":)") + clash + "}",
                       {.dataset = "b", .ingest_time = "2024-01-02T00:00:00Z"});
        CHECK(store.selected(of_segments({{"s"}})).empty());
        CHECK(store.selected(in_window("2000-01-01T00:00:00Z", std::nullopt)).empty());
    }
}

TEST_CASE("Each row names the entries of the filter that chose it, and comes once") {
    temp_profiles store;
    store.profiles(
        R"({"crm":"1","segmentMembership":{"ups":{"a":{"status":"realized"},"b":{"status":"exited"}}}})"
        "\n" +
        member("2", "ups", "b", "realized") + member("3", "ups", "c", "realized"));
    const auto job = of_segments({{"a"}, {"b", "ups", {exited}}, {"none"}, {"b", "UPS", {realized, exited}}});
    profile::export_scan scan({store.file()}, acme, job);
    CHECK(scan.candidates() == 2);
    std::vector<std::vector<std::size_t>> chosen;
    read_all(
        scan,
        [&](const exported_row& row) {
            chosen.emplace_back(row.segments.begin(), row.segments.end());
            return true;
        },
        [](std::int64_t) { return true; });
    CHECK(chosen == std::vector<std::vector<std::size_t>>{{0, 1, 3}, {3}});
}

TEST_CASE("A qualification window is half-open") {
    temp_profiles store;
    store.profiles(member("before", "ups", "s", "realized", "2023-12-31T23:59:59.999Z") +
                   member("start", "ups", "s", "realized", "2024-01-01T01:00:00+01:00") +
                   member("last", "ups", "s", "realized", "2024-01-31T23:59:59.999Z") +
                   member("end", "ups", "s", "realized", "2024-02-01T00:00:00Z") +
                   member("no time", "ups", "s", "realized", "yesterday"));
    const std::string start = "2024-01-01T00:00:00Z", end = "2024-02-01T00:00:00Z";
    CHECK(store.selected(in_window(start, end, {{"s"}})) == names{"start", "last"});
    CHECK(store.selected(in_window(start, std::nullopt, {{"s"}})) == names{"start", "last", "end"});
    CHECK(store.selected(in_window(std::nullopt, end, {{"s"}})) == names{"before", "start", "last"});
    CHECK(store.selected(in_window(start, start, {{"s"}})).empty());
    CHECK(store.selected(in_window(std::nullopt, std::nullopt, {{"s"}})).size() == 5);
}

TEST_CASE("A window without segments takes any membership of any status in it") {
    temp_profiles store;
    store.profiles(member("1", "ups", "a", "exited", "2024-01-10T00:00:00Z") +
                   member("2", "ad", "b", "unheard of", "2024-01-10T00:00:00Z") +
                   member("3", "ups", "a", "realized", "2024-03-10T00:00:00Z") + R"({"crm":"4"})");
    CHECK(store.selected(in_window("2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z")) == names{"1", "2"});
    // An entry that a later one replaced is none.
    store.profiles(member("1", "ups", "a", "realized", "2024-03-10T00:00:00Z"),
                   {.dataset = "b", .ingest_time = "2024-06-01T00:00:00Z"});
    CHECK(store.selected(in_window("2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z")) == names{"2"});
}

TEST_CASE("A window without segments is half-open, too") {
    temp_profiles store;
    store.profiles(member("before", "ups", "s", "exited", "2023-12-31T23:59:59.999Z") +
                   member("start", "ups", "s", "exited", "2023-12-31T23:00:00-01:00") +
                   member("last", "ups", "s", "exited", "2024-01-31T23:59:59.999Z") +
                   member("end", "ups", "s", "exited", "2024-02-01T00:00:00Z") +
                   member("no time", "ups", "s", "exited", ""));
    const std::string start = "2024-01-01T00:00:00Z", end = "2024-02-01T00:00:00Z";
    CHECK(store.selected(in_window(start, end)) == names{"start", "last"});
    CHECK(store.selected(in_window(start, std::nullopt)) == names{"start", "last", "end"});
    CHECK(store.selected(in_window(std::nullopt, end)) == names{"before", "start", "last"});
    CHECK(store.selected(in_window(start, start)).empty());
    CHECK(store.selected(in_window(std::nullopt, std::nullopt)).size() == 5);
}

TEST_CASE("All that a filter asks for must hold, its segment and its window of the same membership") {
    temp_profiles store;
    const std::string inside = "2024-01-10T00:00:00Z", outside = "2024-03-10T00:00:00Z";
    const auto in_two = [&](const char* crm, const std::string& of_a, const std::string& of_b) {
        return R"({"crm":")" + std::string(crm) +
               R"(","segmentMembership":{"ups":{"a":{"status":"realized","lastQualificationTime":")" + of_a +
               R"("},"b":{"status":"exited","lastQualificationTime":")" + of_b + "\"}}}}\n";
    };
    store.profiles(in_two("late", inside, inside) + in_two("outside", outside, inside),
                   {.ingest_time = "2024-05-02T00:00:00Z"});
    store.profiles(in_two("early", inside, inside), {.ingest_time = "2024-05-01T00:00:00Z"});
    store.events(R"({"_id":"e","timestamp":"2024-01-10T00:00:00Z","crm":"events"})",
                 {.ingest_time = "2024-05-02T00:00:00Z"});
    auto job = in_window("2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z", {{"a"}});
    CHECK(store.selected(job) == names{"late", "early"});
    job.filter->from_ingest_timestamp = "2024-05-01T00:00:00Z";
    job.filter->empty_profiles = true;
    CHECK(store.selected(job) == names{"late"});
    job.filter->segments = {{"b"}};
    CHECK(store.selected(job).empty());
    job.filter->segments.clear();
    CHECK(store.selected(job) == names{"late", "outside"});
    job.filter->qualification_time.reset();
    CHECK(store.rows(job).size() == 3);
}

TEST_CASE("A profile with events only was ingested when the last of them was, whatever their order") {
    temp_profiles store;
    const auto event = [](const char* id) {
        return R"({"_id":")" + std::string(id) + R"(","timestamp":"2030-01-01T00:00:00Z","crm":"1"})";
    };
    store.events(event("a"), {.ingest_time = "2024-01-02T00:00:00Z"});
    store.events(event("b"), {.ingest_time = "2024-01-03T00:00:00Z"});
    store.events(event("c"), {.ingest_time = "2024-01-01T00:00:00Z"});
    auto job = a_job();
    job.filter.emplace().empty_profiles = true;
    job.filter->from_ingest_timestamp = "2024-01-02T23:59:59.999Z";
    CHECK(store.rows(job).size() == 1);
    job.filter->from_ingest_timestamp = "2024-01-03T00:00:00Z";
    CHECK(store.rows(job).empty());
}

TEST_CASE("A profile without a record is exported only when empty profiles are asked for") {
    temp_profiles store;
    store.profiles(R"({"crm":"1"})");
    store.events(R"({"_id":"e","timestamp":"2024-01-01T00:00:00Z","loyalty":"L"})");
    CHECK(store.rows(a_job()).size() == 1);
    auto job = with_fields("identities");
    job.filter.emplace().empty_profiles = true;
    CHECK(store.rows(job) ==
          names{R"({"identities":[{"id":"1","namespace":{"code":"CRMID"},"primary":true}]})",
                R"({"identities":[{"id":"L","namespace":{"code":"LOYALTYID"},"primary":true}]})"});
    job.fields.reset();
    CHECK(store.rows(job).back() == R"({"identityMap":{"LOYALTYID":[{"id":"L","primary":true}]}})");
    job.filter->segments = {{"s"}};
    CHECK(store.rows(job).empty());
    job.filter = job_filter{};
    job.filter->empty_profiles = false;
    CHECK(store.rows(job).size() == 1);
}

TEST_CASE("fromIngestTimestamp asks for a strictly later ingest of a record") {
    temp_profiles store;
    store.profiles("{\"crm\":\"1\"}\n{\"crm\":\"2\"}\n",
                   {.dataset = "a", .ingest_time = "2024-01-01T00:00:00Z"});
    store.profiles(R"({"crm":"2"})", {.dataset = "b", .ingest_time = "2024-01-02T00:00:00Z"});
    // Events do not count for a profile that has a record, and do for one that has none.
    const std::string event = R"({"_id":"e1","timestamp":"2024-01-01T00:00:00Z","crm":"1"})"
                              "\n"
                              R"({"_id":"e2","timestamp":"2024-01-01T00:00:00Z","crm":"3"})";
    store.events(event, {.ingest_time = "2024-01-03T00:00:00Z"});
    auto job = with_fields("identities.id");
    auto& filter = job.filter.emplace();
    const auto row = [](const char* id) { return std::string(R"({"identities":[{"id":")") + id + "\"}]}"; };
    filter.from_ingest_timestamp = "2023-12-31T23:59:59.999Z";
    CHECK(store.rows(job) == names{row("1"), row("2")});
    filter.from_ingest_timestamp = "2024-01-01T00:00:00Z";
    CHECK(store.rows(job) == names{row("2")});
    filter.from_ingest_timestamp = "2024-01-02T01:00:00+01:00";
    CHECK(store.rows(job).empty());
    filter.empty_profiles = true;
    CHECK(store.rows(job) == names{row("3")});
    filter.from_ingest_timestamp = "2024-01-03T00:00:00Z";
    CHECK(store.rows(job).empty());
}

TEST_CASE(
    "A window without segments looks at the last ingested entry of each segment, however many there are") {
    // Each of many entries is in the window, and each is hidden by a later one that is not.
    const auto many = [](const char* membership) {
        std::string record = R"({"crm":"1","segmentMembership":{"ups":{)";
        for (int i = 0; i < 20'000; ++i)
            record += (i == 0 ? "\"s" : ",\"s") + std::to_string(i) + "\":" + membership;
        return record + "}}}";
    };
    temp_profiles store;
    store.profiles(many(R"({"lastQualificationTime":"2024-01-15T00:00:00Z"})"),
                   {.dataset = "a", .ingest_time = "2024-01-01T00:00:00Z"});
    CHECK(store.selected(in_window("2024-01-01T00:00:00Z", std::nullopt)) == names{"1"});
    store.profiles(many("0"), {.dataset = "b", .ingest_time = "2024-01-02T00:00:00Z"});
    CHECK(store.selected(in_window("2024-01-01T00:00:00Z", std::nullopt)).empty());
}
