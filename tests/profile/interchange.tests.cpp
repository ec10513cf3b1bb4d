// What the profiles' interchange form says: its lines against what was imported and what the embedded engine
// makes of it.
#include <catch2/catch.hpp>

#include <deque>

#include "profile/interchange_lines.hpp"
#include "sql/transaction.hpp"
#include "support/written_form.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

const an_import of_web{"web", "2024-02-01T00:00:00.250Z", {}, acme};

void change(const temp_profiles& store, const std::string& sql) {
    sql::connection(store.file(), sql::access::write).execute(sql);
}

/// Of the statements that have been prepared.
std::vector<std::string> plans_of(sql::connection& on) {
    static std::deque<std::string> explained; // a connection knows statements by their addresses
    std::vector<std::string> plans;
    for (const auto* const statement : on.prepared()) {
        auto& plan = plans.emplace_back();
        auto rows =
            on.prepare(explained.emplace_back("explain query plan " + std::string(statement)).c_str());
        while (rows.step())
            plan += rows.text(3) + "\n";
    }
    return plans;
}

std::vector<std::string> in_order_of_text(std::vector<std::string> rows) {
    std::sort(rows.begin(), rows.end());
    return rows;
}

} // namespace

TEST_CASE(
    "A fragment is written as it is stored: every spelling, declared identities, nothing that is null") {
    temp_profiles store;
    store.profiles(
        R"({"crm": "1", "n": 0.10, "huge": 1e400, "none": null, "o": {"none": null, "b": true}, "a": [null],)"
        R"( "text": "\u00e9\n\/é", "identityMap": {"Phone": [{"id": 7.0, "authenticatedState": "loggedOut"}]}})");
    const written_form form(store.file());
    CHECK(form.written.fragments == 1);
    CHECK(
        form.fragments() ==
        std::vector<std::string>{
            R"({"org":"1BD6382559DF0C130A49422D@AdobeOrg","sandbox":"prod","datasetId":"crm","ingestTime":1704067200000,"sequence":1,)"
            R"("primary":{"namespace":"CRMID","id":"1"},)"
            R"("identityMap":{"CRMID":[{"id":"1","primary":true}],)"
            R"("Phone":[{"id":7.0,"authenticatedState":"loggedOut"}]},)"
            R"("record":{"crm":"1","n":0.10,"huge":1e400,"o":{"b":true},"a":[null],"text":"\u00e9\n\/é"}})"});
}

TEST_CASE(
    "An event is written with its moments in milliseconds and all its identities, the primary one first") {
    temp_profiles store;
    store.events(
        R"({"_id":"e\"1","timestamp":"1969-12-31T23:59:59.999Z","n":1.0,"none":null,)"
        R"("identityMap":{"ECID":[{"id":"z"}],"AAID":[{"id":"a"}],"Email":[{"id":"m","primary":true}]}})",
        of_web);
    store.events(
        R"({"_id":"e2","timestamp":"2024-01-01T01:00:00+01:00","identityMap":{"ECID":[{"id":"z"}]}})",
        of_web);
    const written_form form(store.file());
    CHECK(form.written.events == 2);
    CHECK(
        form.events() ==
        std::vector<std::string>{
            R"({"org":"1BD6382559DF0C130A49422D@AdobeOrg","sandbox":"prod","datasetId":"web","ingestTime":1706745600250,"sequence":1,)"
            R"("eventId":"e\"1","timestamp":-1,"primary":{"namespace":"Email","id":"m"},)"
            R"("identities":[{"namespace":"Email","id":"m"},{"namespace":"AAID","id":"a"},)"
            R"({"namespace":"ECID","id":"z"}],)"
            R"("record":{"_id":"e\"1","timestamp":"1969-12-31T23:59:59.999Z","n":1.0,)"
            R"("identityMap":{"ECID":[{"id":"z"}],"AAID":[{"id":"a"}],"Email":[{"id":"m","primary":true}]}}})",
            R"({"org":"1BD6382559DF0C130A49422D@AdobeOrg","sandbox":"prod","datasetId":"web","ingestTime":1706745600250,"sequence":2,)"
            R"("eventId":"e2","timestamp":1704067200000,"primary":{"namespace":"ECID","id":"z"},)"
            R"("identities":[{"namespace":"ECID","id":"z"}],)"
            R"("record":{"_id":"e2","timestamp":"2024-01-01T01:00:00+01:00",)"
            R"("identityMap":{"ECID":[{"id":"z"}]}}})"});
}

TEST_CASE("A primary identity's namespace is spelled as its own record or event spells it") {
    temp_profiles store;
    store.profiles(R"({"identityMap":{"email":[{"id":"a"}]}})"
                   "\n"
                   R"({"identityMap":{"EMAIL":[{"id":"b"}],"eMail2":[{"id":"b"}]}})");
    store.events(R"({"_id":"1","timestamp":"2024-01-01T00:00:00Z","identityMap":{"eMail":[{"id":"c"}]}})"
                 "\n"
                 R"({"_id":"2","timestamp":"2024-01-01T00:00:00Z","identityMap":{"EMail":[{"id":"c"}]}})",
                 of_web);
    {
        const written_form form(store.file());
        CHECK(form.members(form.fragments(), "primary") ==
              std::vector<std::string>{R"({"namespace":"email","id":"a"})",
                                       R"({"namespace":"EMAIL","id":"b"})"});
        CHECK(form.members(form.events(), "primary") ==
              std::vector<std::string>{R"({"namespace":"eMail","id":"c"})",
                                       R"({"namespace":"EMail","id":"c"})"});
    }
    change(store, "update events set namespace = null"); // as a store that an older Waybill wrote has them
    const written_form form(store.file());
    CHECK(form.members(form.events(), "primary") ==
          std::vector<std::string>{R"({"namespace":"email","id":"c"})", R"({"namespace":"email","id":"c"})"});
}

TEST_CASE("Of what has one ingest time, the highest sequence is what the embedded engine takes as the last") {
    temp_profiles store;
    store.profiles(R"({"crm":"1","v":"first"})", {"a"});
    store.profiles(R"({"crm":"1","v":"second"})", {"b"});
    const auto winner = [&] {
        const written_form form(store.file());
        std::pair<std::int64_t, std::string> last;
        for (const auto& line : form.fragments()) {
            json::document document;
            REQUIRE(!document.parse(line));
            last = std::max(last, {*document.root().member("sequence").integer(),
                                   document.root().member("record").member("v").text()});
        }
        return R"({"v":")" + last.second + R"("})";
    };
    CHECK(winner() == R"({"v":"second"})");
    CHECK(store.only_row(with_fields("v")) == winner());
    store.profiles(R"({"crm":"1","v":"third"})", {"a"}); // in the place of the first
    CHECK(winner() == R"({"v":"third"})");
    CHECK(store.only_row(with_fields("v")) == winner());
}

TEST_CASE("What was replaced is not written, and an event is written once") {
    temp_profiles store;
    store.profiles(R"({"crm":"1","v":1})");
    store.profiles(R"({"crm":"1","v":2})");
    const std::string event = R"({"_id":"1","timestamp":"2024-01-01T00:00:00Z","crm":"1"})";
    store.events(event + "\n" + event);
    const written_form form(store.file());
    CHECK(form.members(form.fragments(), "record") == std::vector<std::string>{R"({"crm":"1","v":2})"});
    CHECK(form.events().size() == 1);
}

TEST_CASE("Declared merge policies are written in all their versions, with the order of their datasets") {
    temp_profiles store;
    store.profiles("");
    {
        auto open = profile_store::open(store.file());
        merge_policy policy{
            "mine", 0, identity_graph::pdg, attribute_merge::dataset_precedence, {"web", "crm"}};
        REQUIRE(open->declare_policy(acme, policy));
        policy.merge = attribute_merge::timestamp_ordered;
        policy.datasets.clear();
        REQUIRE(open->declare_policy(acme, policy));
        REQUIRE(open->declare_policy({"zenith", "dev"}, policy));
    }
    const written_form form(store.file());
    CHECK(form.written.policies == 3);
    CHECK(
        form.text("policies.json") ==
        R"([{"org":"1BD6382559DF0C130A49422D@AdobeOrg","sandbox":"prod","id":"mine","version":1,"identityGraph":"pdg",)"
        R"("attributeMerge":"dataSetPrecedence","order":["web","crm"]},)"
        R"({"org":"1BD6382559DF0C130A49422D@AdobeOrg","sandbox":"prod","id":"mine","version":2,"identityGraph":"pdg",)"
        R"("attributeMerge":"timestampOrdered","order":[]},)"
        R"({"org":"zenith","sandbox":"dev","id":"mine","version":1,"identityGraph":"pdg",)"
        R"("attributeMerge":"timestampOrdered","order":[]}])"
        "\n");
}

TEST_CASE("All tenants are written, or the one that is asked for, each event with its own identities") {
    temp_profiles store;
    const tenant other{"acme", "dev"};
    for (const auto* id : {"1", "2", "3"})
        for (const auto& owner : {acme, other}) {
            an_import how;
            how.owner = owner;
            const std::string identities =
                std::string(R"("crm":"x","identityMap":{"N":[{"id":")") + id + owner.sandbox + R"("}]})";
            store.profiles(std::string(R"({"_n":)") + id + "," + identities + "}", how);
            store.events(std::string(R"({"_id":")") + id + R"(","timestamp":"2024-01-01T00:00:00Z",)" +
                             identities + "}",
                         how);
        }
    interchange_options one;
    one.owner = other;
    const written_form all(store.file()), part(store.file(), one);
    CHECK(all.fragments().size() == 2); // `crm` is the primary identity, so one replaces the other
    CHECK(all.events().size() == 6);
    CHECK(part.fragments().size() == 1);
    CHECK(part.members(part.events(), "sandbox") == std::vector<std::string>(3, R"("dev")"));
    CHECK(part.members(part.events(), "identities") ==
          std::vector<std::string>{R"([{"namespace":"CRMID","id":"x"},{"namespace":"N","id":"1dev"}])",
                                   R"([{"namespace":"CRMID","id":"x"},{"namespace":"N","id":"2dev"}])",
                                   R"([{"namespace":"CRMID","id":"x"},{"namespace":"N","id":"3dev"}])"});
}

TEST_CASE("A store that is imported anew from its form exports the same rows") {
    temp_profiles store;
    const an_import later{"loyalty", "2024-03-01T00:00:00Z"}, same{"web"};
    store.profiles(
        R"({"crm":"1","a":{"x":1,"y":2},"loyalty":"L","segmentMembership":{"ups":{"s":{"status":"realized"}}}})"
        "\n"
        R"({"crm":"2","a":{"x":1.50},"identityMap":{"email":[{"id":"m"}]}})");
    store.profiles(R"({"loyalty":"L","a":{"y":3},"identityMap":{"EMAIL":[{"id":"n"}]}})", later);
    store.profiles(R"({"crm":"1","a":{"x":"web"},"b":[1]})", same);
    store.profiles(R"({"crm":"1","a":{"x":9},"c":1})");
    const std::vector<std::string> moments{"2024-01-02T00:00:00Z", "2024-01-01T00:00:00Z"};
    for (const auto& moment : moments)
        store.events(R"({"_id":")" + moment + R"(","timestamp":")" + moment +
                     R"(","identityMap":{"eMail":[{"id":"m"},{"id":"only events"}]},"v":1.0})");
    const written_form form(store.file());
    temp_profiles again;
    form.import_into(again);
    for (const auto policy : {default_merge_policy, linking_merge_policy}) {
        auto job = a_job();
        job.merge_policy = merge_policy_ref{std::string(policy), std::nullopt};
        job.events = event_list{};
        job.filter.emplace().empty_profiles = true;
        const auto rows = in_order_of_text(store.rows(job));
        CHECK(rows.size() >= 2);
        CHECK(in_order_of_text(again.rows(job)) == rows);
    }
}

TEST_CASE("The form is read in the order in which rows lie, and nothing is sorted for it") {
    for (const int records : {1, 100}) {
        temp_profiles store;
        for (int i = 0; i < records; ++i)
            store.profiles(R"({"crm":")" + std::to_string(i) + "\"}");
        for (const auto* const statistics : {"", "analyze"}) {
            change(store, statistics);
            sql::connection on(store.file(), sql::access::read);
            profile::fragment_lines fragments(on, 1);
            profile::event_lines events(on, std::nullopt);
            for (const auto& plan : plans_of(on)) {
                INFO(records << " records\n" << plan);
                CHECK(plan.find("TEMP B-TREE") == std::string::npos);
                CHECK((records == 1 || plan.find("SCAN profiles") == std::string::npos));
            }
        }
    }
}
