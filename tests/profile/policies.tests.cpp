#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "support/profile_fixture.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

using texts = std::vector<std::string>;

merge_policy by_precedence(std::vector<std::string> datasets) {
    merge_policy policy;
    policy.id = "crm first";
    policy.merge = attribute_merge::dataset_precedence;
    policy.datasets = std::move(datasets);
    return policy;
}

merge_policy declared(const temp_profiles& profiles, const merge_policy& what, const tenant& owner = acme) {
    return profile_store::open(profiles.file()).value().declare_policy(owner, what).value();
}

std::string refusal(const temp_profiles& profiles, const merge_policy& what) {
    auto outcome = profile_store::open(profiles.file()).value().declare_policy(acme, what);
    return outcome ? "" : outcome.error().message;
}

new_export_job under(const merge_policy& policy, std::string fields) {
    auto job = with_fields(std::move(fields));
    job.merge_policy = merge_policy_ref{policy.id, policy.version};
    return job;
}

} // namespace

TEST_CASE("Under dataSetPrecedence the dataset that is named first wins, whenever it was ingested") {
    temp_profiles store;
    store.profiles(R"({"crm":"1","v":"crm","o":{"x":"crm"},"clash":{"a":1}})", {.dataset = "crm"});
    store.profiles(R"({"crm":"1","v":"web","w":"web","o":{"x":"web","y":"web"},"clash":"text"})",
                   {.dataset = "web", .ingest_time = "2024-09-01T00:00:00Z"});
    store.profiles(R"({"crm":"1","v":"other","u":"other"})",
                   {.dataset = "other", .ingest_time = "2024-10-01T00:00:00Z"});
    const auto crm_first = declared(store, by_precedence({"crm", "web", "never_imported"}));
    CHECK(store.rows(under(crm_first, "v,w,u,o,clash")) ==
          texts{R"({"clash":{"a":1},"o":{"x":"crm","y":"web"},"v":"crm","w":"web"})"});
    const auto web_first = declared(store, by_precedence({"web", "crm"}));
    CHECK(web_first.version == 2);
    CHECK(store.rows(under(web_first, "v,o,clash")) ==
          texts{R"({"clash":"text","o":{"x":"web","y":"web"},"v":"web"})"});
    CHECK(store.rows(under(crm_first, "v")) == texts{R"({"v":"crm"})"}); // a version never changes
}

TEST_CASE("Of two records of one dataset the last ingested wins, under dataSetPrecedence as well") {
    temp_profiles store;
    const auto record = [](const char* id, const char* v) {
        return std::string(R"({"identityMap":{"A":[{"id":")") + id +
               R"(","primary":true}],"B":[{"id":"x"}]},"v":")" + v + "\"}";
    };
    store.profiles(record("1", "late"),
                   {.dataset = "crm", .ingest_time = "2024-05-01T00:00:00Z", .identities = {}});
    store.profiles(record("2", "early"),
                   {.dataset = "crm", .ingest_time = "2024-04-01T00:00:00Z", .identities = {}});
    auto policy = by_precedence({"crm"});
    policy.graph = identity_graph::pdg;
    CHECK(store.rows(under(declared(store, policy), "v")) == texts{R"({"v":"late"})"});
}

TEST_CASE("Memberships and identities are the last ingested, whatever the precedence of datasets") {
    temp_profiles store;
    const auto member = [](const char* status) {
        return std::string(R"({"crm":"1","identityMap":{"Email":[{"id":"a","by":")") + status +
               R"("}]},"segmentMembership":{"ups":{"s":{"status":")" + status + R"("}}}})";
    };
    store.profiles(member("realized"), {.dataset = "crm", .ingest_time = "2024-04-01T00:00:00Z"});
    store.profiles(member("exited"), {.dataset = "web", .ingest_time = "2024-05-01T00:00:00Z"});
    auto job =
        under(declared(store, by_precedence({"crm", "web"})), "segmentMembership,identityMap.Email.by");
    const auto row = R"({"identityMap":{"Email":[{"by":"exited"}]},)"
                     R"("segmentMembership":{"ups":{"s":{"status":"exited"}}}})";
    CHECK(store.rows(job) == texts{row});
    job.filter.emplace().segments = {{"s", "ups", {membership_status::realized}}};
    CHECK(store.rows(job).empty());
    job.filter->segments.front().statuses = {membership_status::exited};
    CHECK(store.rows(job) == texts{row});
}

TEST_CASE("A dataset that the policy does not name gives links and events only") {
    temp_profiles store;
    store.profiles(R"({"crm":"1","v":1})", {.dataset = "crm"});
    store.profiles(R"({"identityMap":{"ECID":[{"id":"e","primary":true}],"CRMID":[{"id":"1"}]},"v":2})",
                   {.dataset = "web", .ingest_time = "2024-05-01T00:00:00Z", .identities = {}});
    store.profiles(R"({"crm":"2","v":3})", {.dataset = "web", .ingest_time = "2024-05-01T00:00:00Z"});
    store.events(R"({"_id":"a","timestamp":"2024-01-01T00:00:00Z","identityMap":{"ECID":[{"id":"e"}]}})",
                 {.dataset = "web", .identities = {}});
    auto policy = by_precedence({"crm"});
    policy.graph = identity_graph::pdg;
    auto job = under(declared(store, policy), "v,identities.id");
    job.events = event_list{"_id", std::nullopt};
    // The second profile has no record that counts.
    const auto first = R"({"eventList":[{"_id":"a"}],"identities":[{"id":"1"},{"id":"e"}],"v":1})";
    CHECK(store.rows(job) == texts{first});
    job.filter.emplace().empty_profiles = true;
    CHECK(store.rows(job) == texts{first, R"({"eventList":[],"identities":[{"id":"2"}]})"});
}

TEST_CASE("Policies are a tenant's own, and known beside those that are built in") {
    temp_profiles store;
    CHECK(known_policies(store.file(), acme)->size() == 2);
    const auto mine = declared(store, by_precedence({"crm"}));
    CHECK(mine.version == 1);
    CHECK(known_policies(store.file(), acme)->back() == mine);
    CHECK(known_policies(store.file(), globex)->size() == 2);
    CHECK(*latest_policy_version(store.file(), acme, "crm first") == 1);
    CHECK(*latest_policy_version(store.file(), acme, "timestampOrdered-pdg-mp") == 1);
    CHECK(*latest_policy_version(store.file(), globex, "crm first") == std::nullopt);
    declared(store, by_precedence({"web"}));
    CHECK(*latest_policy_version(store.file(), acme, "crm first") == 2);
}

TEST_CASE("A policy that breaks a rule is refused, and says which") {
    temp_profiles store;
    auto policy = by_precedence({"crm"});
    policy.id = "timestampOrdered-none-mp";
    CHECK(refusal(store, policy) == "the merge policy timestampOrdered-none-mp is built in");
    policy.id = std::string(257, 'x');
    CHECK(refusal(store, policy) == "expected a policy's id of 1 to 256 characters");
    CHECK(refusal(store, by_precedence({})).starts_with("expected datasets in their order"));
    CHECK(refusal(store, by_precedence({"a", "b/c"})) == "'b/c' is no dataset id");
    CHECK(refusal(store, by_precedence({"a", "b", "a"})) == "the dataset a is named twice");
    policy = by_precedence({"a"});
    policy.merge = attribute_merge::timestamp_ordered;
    CHECK(refusal(store, policy).starts_with("expected datasets in their order"));
    CHECK(known_policies(store.file(), acme)->size() == 2);
}
