#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "support/profile_fixture.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

using texts = std::vector<std::string>;

const an_import crm{.dataset = "crm", .ingest_time = "2024-01-01T00:00:00Z"};
const an_import web{.dataset = "web", .ingest_time = "2024-01-02T00:00:00Z", .identities = {}};

new_export_job linked(std::string fields) {
    auto job = with_fields(std::move(fields));
    job.merge_policy = merge_policy_ref{"timestampOrdered-pdg-mp", 1};
    return job;
}

std::string mapped(const std::string& ns, const std::string& id, bool primary = false) {
    return "\"" + ns + "\":[{\"id\":\"" + id + (primary ? "\",\"primary\":true}]" : "\"}]");
}

/// A record whose primary identity is the first, and which knows the second, too.
std::string knows(const std::string& primary, const std::string& other, const std::string& more = "\"x\":1") {
    return "{\"identityMap\":{" + mapped("A", primary, true) + "," + mapped("B", other) + "}," + more + "}";
}

} // namespace

TEST_CASE("Under pdg linked identities are one profile, and under none each is one") {
    temp_profiles store;
    store.profiles(R"({"crm":"1","identityMap":{"ECID":[{"id":"e"}]},"name":"Ann"})", crm);
    store.profiles(R"({"identityMap":{"ECID":[{"id":"e","primary":true}]},"city":"Oslo"})", web);
    CHECK(store.rows(linked("name,city")) == texts{R"({"city":"Oslo","name":"Ann"})"});
    CHECK(store.rows(with_fields("name,city")) == texts{R"({"name":"Ann"})", R"({"city":"Oslo"})"});
}

TEST_CASE("Links reach over any number of steps, also when the last one comes late") {
    temp_profiles store;
    store.profiles(knows("1", "x", R"("a":1)") + "\n" + knows("2", "y", R"("b":2)"), web);
    CHECK(store.rows(linked("a,b")) == texts{R"({"a":1})", R"({"b":2})"});
    const auto late = R"({"identityMap":{"B":[{"id":"x","primary":true},{"id":"y"}]},"c":3})";
    store.profiles(late, {.dataset = "late", .ingest_time = "2024-02-01T00:00:00Z", .identities = {}});
    CHECK(store.rows(linked("a,b,c")) == texts{R"({"a":1,"b":2,"c":3})"});
}

TEST_CASE("Two records that name one identity are linked, though it is nobody's primary one") {
    temp_profiles store;
    store.profiles(knows("1", "shared", R"("a":1)") + "\n" + knows("2", "shared", R"("b":2)"), web);
    CHECK(store.rows(linked("a,b")) == texts{R"({"a":1,"b":2})"});
}

TEST_CASE("An event links what it names") {
    temp_profiles store;
    store.profiles(R"({"crm":"1","a":1})"
                   "\n"
                   R"({"crm":"2","b":2})",
                   crm);
    store.events(R"({"_id":"e","timestamp":"2024-01-01T00:00:00Z",)"
                 R"("identityMap":{"CRMID":[{"id":"1","primary":true},{"id":"2"}]}})",
                 web);
    CHECK(store.rows(linked("a,b")) == texts{R"({"a":1,"b":2})"});
}

TEST_CASE("A record that was replaced links no more") {
    temp_profiles store;
    store.profiles(knows("1", "x", R"("a":1)") + "\n" + knows("2", "x", R"("b":2)"), web);
    CHECK(store.rows(linked("a,b")).size() == 1);
    store.profiles(knows("2", "y", R"("b":3)"),
                   {.dataset = "web", .ingest_time = "2024-03-01T00:00:00Z", .identities = {}});
    CHECK(store.rows(linked("a,b")) == texts{R"({"a":1})", R"({"b":3})"});
}

TEST_CASE("Namespaces link without case, ids with it, and tenants never") {
    temp_profiles store;
    store.profiles(R"({"identityMap":{"ECID":[{"id":"k","primary":true}]},"a":1})"
                   "\n"
                   R"({"identityMap":{"X":[{"id":"1","primary":true}],"ecid":[{"id":"k"}]},"b":2})"
                   "\n"
                   R"({"identityMap":{"Y":[{"id":"1","primary":true}],"ECID":[{"id":"K"}]},"c":3})",
                   web);
    auto of_globex = web;
    of_globex.owner = globex;
    store.profiles(R"({"identityMap":{"ECID":[{"id":"k","primary":true}]},"d":4})", of_globex);
    CHECK(store.rows(linked("a,b,c,d")) == texts{R"({"a":1,"b":2})", R"({"c":3})"});
    CHECK(store.rows(linked("a,b,c,d"), globex) == texts{R"({"d":4})"});
}

TEST_CASE("Of a linked profile the last ingested value wins, whatever its identity and dataset") {
    temp_profiles store;
    store.profiles(R"({"identityMap":{"A":[{"id":"2","primary":true}],"B":[{"id":"x"}]},"v":"late"})",
                   {.dataset = "web", .ingest_time = "2024-05-01T00:00:00Z", .identities = {}});
    store.profiles(R"({"identityMap":{"A":[{"id":"1","primary":true}],"B":[{"id":"x"}]},"v":"early","w":1})",
                   {.dataset = "web", .ingest_time = "2024-04-01T00:00:00Z", .identities = {}});
    CHECK(store.rows(linked("v,w")) == texts{R"({"v":"late","w":1})"});
    CHECK(store.rows(linked("identities.id")) ==
          texts{R"({"identities":[{"id":"1"},{"id":"2"},{"id":"x"}]})"});
}

TEST_CASE("A linked profile is exported once, whichever of its records makes it a member") {
    temp_profiles store;
    const auto member = R"("segmentMembership":{"ups":{"s":{"status":"realized"}}})";
    store.profiles(knows("1", "x", R"("a":1)") + "\n" + knows("2", "x", member) + "\n" +
                       knows("3", "x", member) + "\n" + knows("4", "z", member),
                   web);
    auto job = linked("a,identities.id");
    job.filter.emplace().segments = {{"s", "ups", {membership_status::realized}}};
    CHECK(store.rows(job) == texts{R"({"a":1,"identities":[{"id":"1"},{"id":"2"},{"id":"3"},{"id":"x"}]})",
                                   R"({"identities":[{"id":"4"},{"id":"z"}]})"});
}

TEST_CASE("A linked profile was ingested when the last of its records was") {
    temp_profiles store;
    store.profiles(knows("1", "x", R"("a":1)"), web);
    store.profiles(knows("2", "x", R"("b":2)"),
                   {.dataset = "web", .ingest_time = "2024-03-01T00:00:00Z", .identities = {}});
    auto job = linked("a,b");
    job.filter.emplace().from_ingest_timestamp = "2024-02-01T00:00:00Z";
    CHECK(store.rows(job) == texts{R"({"a":1,"b":2})"});
    job.filter->from_ingest_timestamp = "2024-03-01T00:00:00Z";
    CHECK(store.rows(job).empty());
}

TEST_CASE("The events of a linked profile are a union in the order of their times") {
    temp_profiles store;
    store.profiles(knows("1", "x") + "\n" + knows("2", "x"), web);
    const auto event = [](const char* id, const char* time, const char* whose) {
        return std::string(R"({"_id":")") + id + R"(","timestamp":")" + time +
               R"(","identityMap":{"A":[{"id":")" + whose + R"(","primary":true}]}})" + "\n";
    };
    store.events(event("c", "2024-01-03T00:00:00Z", "1") + event("b", "2024-01-01T00:00:00Z", "2") +
                     event("a", "2024-01-03T00:00:00Z", "2"),
                 web);
    auto job = linked("none");
    job.events = event_list{"_id", std::nullopt};
    CHECK(store.rows(job) == texts{R"({"eventList":[{"_id":"b"},{"_id":"a"},{"_id":"c"}]})"});
}

TEST_CASE("Up to 50 identities are one profile and with one more its profiles stay apart and are counted") {
    temp_profiles store;
    std::string records;
    for (int i = 1; i <= 49; ++i)
        records += knows(std::to_string(i), "hub") + "\n";
    store.profiles(records, web);
    CHECK(store.rows(linked("x")).size() == 1);
    store.profiles(knows("50", "hub"), web);
    CHECK(store.rows(linked("x")).size() == 50);
    std::size_t counted = 0;
    profile::export_scan scan({store.file()}, acme, linked("x"));
    read_all(
        scan,
        [&](const exported_row& row) {
            counted += row.too_many_identities ? 1U : 0U;
            return true;
        },
        [](std::int64_t) { return true; });
    CHECK(counted == 50);
}

TEST_CASE("What came in since a moment is found without looking at the rest") {
    temp_profiles store;
    std::string records;
    for (int i = 0; i < 100; ++i)
        records += "{\"crm\":\"" + std::to_string(i) + "\"}\n";
    store.profiles(records, crm);
    store.profiles(R"({"crm":"7","new":true})", {.dataset = "web", .ingest_time = "2024-06-01T00:00:00Z"});
    store.events(R"({"_id":"e","timestamp":"2024-01-01T00:00:00Z","crm":"only events"})",
                 {.dataset = "web", .ingest_time = "2024-06-01T00:00:00Z"});
    auto job = with_fields("new");
    job.filter.emplace().from_ingest_timestamp = "2024-05-01T00:00:00Z";
    CHECK(profile::export_scan({store.file()}, acme, job).candidates() == 1);
    CHECK(store.rows(job) == texts{R"({"new":true})"});
    job.filter->empty_profiles = true;
    CHECK(profile::export_scan({store.file()}, acme, job).candidates() == 2);
    CHECK(store.rows(job) == texts{R"({"new":true})", "{}"});
}
