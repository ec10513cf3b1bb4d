#include <catch2/catch.hpp>

#include <string>

#include "support/profile_fixture.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

std::string event(const std::string& id, const std::string& time, const std::string& crm = "1") {
    return R"({"_id":")" + id + R"(","timestamp":")" + time + R"(","crm":")" + crm +
           R"(","o":{"v":1,"n":null}})" + "\n";
}

std::string ids_of(temp_profiles& store, std::optional<event_filter> filter = {},
                   std::optional<std::string> from_ingest = {}) {
    auto job = with_fields("none");
    job.events = event_list{"_id", std::move(filter)};
    if (from_ingest) job.filter.emplace().from_ingest_timestamp = from_ingest;
    const auto row = store.only_row(job);
    std::string ids;
    json::document document;
    if (document.parse(row)) return row;
    for (const auto one : document.root().member("eventList").children())
        ids += one.member("_id").text();
    return ids;
}

} // namespace

TEST_CASE("Rows have events only when they are asked for, and an empty list when there are none") {
    temp_profiles store;
    store.profiles(R"({"crm":"1"})");
    auto job = with_fields("crm");
    job.events.emplace();
    CHECK(store.only_row(job) == R"({"crm":"1","eventList":[]})");
    job.fields = "none";
    CHECK(store.only_row(job) == R"({"eventList":[]})");
    store.events(event("e", "2024-01-01T00:00:00Z"));
    CHECK(store.only_row(job) ==
          R"({"eventList":[{"_id":"e","crm":"1","o":{"v":1},"timestamp":"2024-01-01T00:00:00Z"}]})");
    job.events.reset();
    CHECK(store.only_row(job) == "{}");
}

TEST_CASE("Events come with the whole profile, too") {
    temp_profiles store;
    store.profiles(R"({"crm":"1","eventList":"an attribute of this name gives way"})");
    store.events(event("e", "2024-01-01T00:00:00Z"));
    auto job = a_job();
    job.events = event_list{"_id", std::nullopt};
    CHECK(store.only_row(job) ==
          R"({"crm":"1","eventList":[{"_id":"e"}],"identityMap":{"CRMID":[{"id":"1","primary":true}]}})");
}

TEST_CASE("Events stand by their time, whatever its offset, then by their id") {
    temp_profiles store;
    store.profiles(R"({"crm":"1"})");
    store.events(event("d", "2024-01-01T12:00:00Z") + event("a", "2024-01-01T14:00:00+01:00") +
                 event("c", "2024-01-01T10:00:00-02:00") + event("b", "2024-01-01T13:00:00.000Z") +
                 event("e", "1969-12-31T23:59:59Z") + event("other", "2024-01-01T12:00:00Z", "2"));
    CHECK(ids_of(store) == "ecdab");
}

TEST_CASE("Events have fields of their own, one of which nothing is selected is left out") {
    temp_profiles store;
    store.profiles(R"({"crm":"1"})");
    store.events(
        R"({"_id":"e1","timestamp":"2024-01-01T00:00:00Z","crm":"1","items":[{"sku":"a","n":1},{"n":2}]})"
        "\n"
        R"({"_id":"e2","timestamp":"2024-01-02T00:00:00Z","crm":"1"})");
    auto job = with_fields("crm");
    job.events = event_list{"items.sku, other", std::nullopt};
    CHECK(store.only_row(job) == R"({"crm":"1","eventList":[{"items":[{"sku":"a"}]}]})");
}

TEST_CASE("Events are chosen by their ingest time: strictly after both bounds, strictly before the end") {
    temp_profiles store;
    store.profiles(R"({"crm":"1"})", {.ingest_time = "2024-12-31T00:00:00Z"});
    for (const char day : {'1', '2', '3', '4'})
        store.events(event(std::string(1, day), "2020-01-01T00:00:00Z"),
                     {.ingest_time = std::string("2024-01-0") + day + "T00:00:00Z"});
    CHECK(ids_of(store) == "1234");
    CHECK(ids_of(store, event_filter{"2024-01-01T00:00:00Z", std::nullopt}) == "234");
    CHECK(ids_of(store, event_filter{std::nullopt, "2024-01-04T00:00:00Z"}) == "123");
    CHECK(ids_of(store, event_filter{"2024-01-01T00:00:00Z", "2024-01-04T00:00:00Z"}) == "23");
    CHECK(ids_of(store, event_filter{"2024-01-01T23:59:59.999Z", "2024-01-03T00:00:00.001Z"}) == "23");
    CHECK(ids_of(store, event_filter{"2024-01-02T00:00:00.001Z", "2024-01-03T23:59:59.999Z"}) == "3");
    CHECK(ids_of(store, std::nullopt, "2024-01-01T23:59:59.999Z") == "234");
    CHECK(ids_of(store, std::nullopt, "2024-01-02T00:00:00Z") == "34");
    CHECK(ids_of(store, event_filter{"2024-01-03T00:00:00Z", std::nullopt}, "2024-01-02T00:00:00Z") == "4");
    CHECK(ids_of(store, event_filter{"2024-01-02T00:00:00Z", std::nullopt}, "2024-01-03T00:00:00Z") == "4");
}

TEST_CASE("A profile with events only shows its namespace as the latest of them spells it") {
    temp_profiles store;
    const auto event = [](const char* id, const char* ns, const char* whose, const char* more = "") {
        return std::string(R"({"_id":")") + id + R"(","timestamp":"2024-01-01T00:00:00Z","identityMap":{")" +
               ns + R"(":[{"id":")" + whose + R"(","primary":true})" + more + "]}}\n";
    };
    store.events(event("a", "ECID", "1") + event("b", "Ecid", "1") + event("c", "ecid", "2"),
                 {.dataset = "web", .ingest_time = "2024-02-01T00:00:00Z", .identities = {}});
    store.events(event("d", "eCID", "1"),
                 {.dataset = "old", .ingest_time = "2024-01-01T00:00:00Z", .identities = {}});
    auto job = with_fields("identityMap");
    job.filter.emplace().empty_profiles = true;
    const auto mapped = [](const std::string& ns, const std::string& entries) {
        return R"({"identityMap":{")" + ns + "\":[" + entries + "]}}";
    };
    const std::string one = R"({"id":"1","primary":true})";
    const std::string two = R"({"id":"2","primary":true})";
    CHECK(store.rows(job) == std::vector<std::string>{mapped("Ecid", one), mapped("ecid", two)});
    // Linked, they show one namespace, as the latest event of all spells it.
    store.events(event("e", "ecID", "2", R"(,{"id":"1"})"),
                 {.dataset = "web", .ingest_time = "2024-01-15T00:00:00Z", .identities = {}});
    job.merge_policy = merge_policy_ref{"timestampOrdered-pdg-mp", 1};
    CHECK(store.rows(job) == std::vector<std::string>{mapped("ecid", one + "," + two)});
}
