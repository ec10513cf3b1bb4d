#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "support/evaluated_profiles.hpp"

using namespace waybill;
using namespace waybill::test;
using namespace std::chrono_literals;

namespace {

using rows = std::vector<std::string>;

} // namespace

TEST_CASE("Who has opted out is in no segment that leaves such profiles out") {
    evaluated_profiles store;
    store.profiles.profiles(
        R"({"crm":"1","vip":true,"privacyOptOuts":[{"optOutType":"general_opt_out","optOutValue":"out"}]})"
        "\n"
        R"({"crm":"2","vip":true,"privacyOptOuts":[{"optOutType":"sales_sharing_opt_out","optOutValue":"out"}]})");
    store.define("s", "vip = true");
    store.define("all", "vip = true", false);
    const auto names = [&](const std::string& id) {
        auto job = evaluating({id});
        job.fields = "crm";
        return store.run(job).rows;
    };
    CHECK(names("s") == rows{R"({"crm":"2"})"});
    CHECK(names("all") == rows{R"({"crm":"1"})", R"({"crm":"2"})"});
    const auto both = store.run(evaluating({"s", "all"})).report.value();
    CHECK(both.segments[0].existing + both.segments[0].realized == 1);
    CHECK(both.segments[1].existing + both.segments[1].realized == 2);
}

TEST_CASE("A segment that asks for another sees its evaluation of this run, in whatever order they stand") {
    evaluated_profiles store;
    store.profiles.profiles(vip("1") + vip("2", false));
    store.define("base", "vip = true");
    store.define("above", R"(inSegment("base"))");
    store.define("not", R"(not inSegment("base") and not inSegment("unknown"))");
    auto job = shown(evaluating({"above", "not", "base"}));
    job.fields = "crm";
    const auto done = store.run(job);
    CHECK(done.rows == rows{R"({"crm":"1"})", R"({"crm":"2"})"});
    const auto counted = [&](const std::string& id) {
        for (const auto& one : done.report->segments)
            if (one.id == id) return one.realized;
        return std::int64_t{-1};
    };
    CHECK(counted("base") == 1);
    CHECK(counted("above") == 1);
    CHECK(counted("not") == 1);
}

TEST_CASE("A segment that the job does not evaluate is asked for as it is stored") {
    evaluated_profiles store;
    store.profiles.profiles(vip("1") +
                            R"({"crm":"2","segmentMembership":{"UPS":{"base":{"status":"existing"}}}})");
    store.define("base", "vip = true");
    store.define("above", R"(inSegment("base"))");
    auto job = evaluating({"above"});
    job.fields = "crm";
    CHECK(store.run(job).rows == rows{R"({"crm":"2"})"});
    store.run(evaluating({"base"}));
    CHECK(store.run(job).rows == rows{R"({"crm":"1"})"}); // 2 has left the one that was evaluated
}

TEST_CASE("Conditions see the merged profile with its events, whatever the job exports") {
    evaluated_profiles store;
    store.profiles.profiles(R"({"crm":"1","a":{"x":1}})");
    store.profiles.profiles(R"({"crm":"1","a":{"y":2}})", {.dataset = "other"});
    store.profiles.events(R"({"_id":"e","timestamp":"2026-11-20T00:00:00Z","crm":"1","eventType":"order"})");
    store.profiles.events(R"({"_id":"f","timestamp":"2026-11-20T00:00:00Z","crm":"2","eventType":"order"})");
    store.define("s", R"(a.x = 1 and a.y = 2 and xEvent[eventType = "order"].count() = 1 and
        identityMap.CRMID.id = "1")");
    store.define("events", R"(xEvent.eventType = "order")");
    auto job = evaluating({"s"});
    job.fields = "crm";
    CHECK(store.run(job).rows == rows{R"({"crm":"1"})"});
    auto events_only = evaluating({"events"});
    events_only.fields = "identities.id";
    events_only.filter->empty_profiles = true;
    const auto done = store.run(events_only);
    CHECK(done.rows == rows{R"({"identities":[{"id":"1"}]})", R"({"identities":[{"id":"2"}]})"});
    CHECK(done.report->profiles == 2);
}

TEST_CASE("Profiles in a row are evaluated each with its own records and events, also where some have none") {
    evaluated_profiles store;
    const auto events = [&](const std::string& crm, int count, const tenant& owner = acme) {
        for (int i = 0; i < count; ++i)
            store.profiles.events(R"({"_id":")" + crm + "-" + std::to_string(i) +
                                      R"(","timestamp":"2026-11-20T00:00:00Z","crm":")" + crm + "\"}",
                                  {.owner = owner});
    };
    const auto record = [&](const std::string& crm, int events_of_it, const tenant& owner = acme) {
        store.profiles.profiles(R"({"crm":")" + crm + R"(","n":)" + std::to_string(events_of_it) + '}',
                                {.owner = owner});
    };
    record("1", 0);
    record("2", 2);
    events("3", 1); // without a record
    events("4", 3);
    record("5", 1);
    store.profiles.profiles(R"({"crm":"5","also":true})", {.dataset = "other"});
    record("x", 2, globex);
    record("6", 1);
    record("7", 0);
    record("8", 1);
    for (const auto* crm : {"8", "5", "6"})
        events(crm, 1);
    events("x", 2, globex);
    events("2", 2);
    store.define("right", "xEvent.count() = n");
    store.define("merged", "also = true and n = 1");
    store.define("without", "n.isNull() and xEvent.count() > 0");
    auto job = evaluating({"right"});
    job.fields = "crm";
    CHECK(store.attempt(job).rows == rows{R"({"crm":"1"})", R"({"crm":"2"})", R"({"crm":"5"})",
                                          R"({"crm":"6"})", R"({"crm":"7"})", R"({"crm":"8"})"});
    CHECK(store.attempt(evaluating({"merged"})).report->segments[0].realized == 1);
    const auto without = store.attempt(evaluating({"without"})).report.value();
    CHECK(without.segments[0].realized == 2);
    CHECK(without.profiles == 8);
}

TEST_CASE("Conditions see events of one time by their id") {
    evaluated_profiles store;
    for (const auto* crm : {"1", "2"}) // the second is read on from the first
        for (const auto* id : {"d", "a", "c"})
            store.profiles.events(R"({"_id":")" + std::string(id) + crm +
                                  R"(","timestamp":"2026-11-20T00:00:00Z","crm":")" + crm + R"(","v":")" +
                                  id + "\"}");
    store.define("s", R"(xEvent.v.head() = "a" and xEvent[v != "a"].head().v = "c")");
    CHECK(store.attempt(evaluating({"s"})).report->segments[0].realized == 2);
}

TEST_CASE("Linked profiles are evaluated as one, under their smallest identity") {
    evaluated_profiles store;
    auto job = shown(evaluating({"s"}));
    job.fields = "segmentMembership";
    job.merge_policy = merge_policy_ref{std::string(linking_merge_policy), 1};
    store.profiles.profiles(vip("2"));
    store.profiles.profiles(vip("1"));
    store.define("s", "vip = true");
    const auto first = store.run(job);
    CHECK(first.rows.size() == 2);
    // A later link makes them one: who is in counts, and stands under the smaller identity from then on.
    store.now += 1h;
    store.profiles.profiles(R"({"crm":"1","loyalty":"L"})",
                            {.dataset = "link", .ingest_time = "2026-11-23T12:30:00Z"});
    store.profiles.profiles(R"({"crm":"2","loyalty":"L"})",
                            {.dataset = "link", .ingest_time = "2026-11-23T12:30:00Z"});
    const auto second = store.run(job);
    CHECK(second.rows == rows{R"({"segmentMembership":{"ups":{"s":)" +
                              in_order(entry("existing", "2026-11-23T12:00:00.000Z")) + "}}}"});
    CHECK(second.staged.find(R"(["crmid","2",0])") != std::string::npos);
    CHECK(second.report->profiles == 1);
    store.now += 1h;
    const auto third = store.run(job);
    CHECK(third.rows == second.rows);
    CHECK(third.staged == third.staged.substr(0, third.staged.find('\n') + 1)); // nothing changes any more
}

TEST_CASE("A profile that takes too much work ends the job and is named") {
    evaluated_profiles store;
    std::string list = "[";
    for (int i = 0; i < 6'000; ++i)
        list += (i == 0 ? "" : ",") + std::to_string(i);
    store.profiles.profiles(R"({"crm":"1","list":)" + list + "]}");
    store.define("s", "exists A from list, B from list where A = B and A < 0");
    CHECK_THROWS_MATCHES(store.run(evaluating({"s"})), export_refused,
                         Catch::Matchers::Predicate<export_refused>([](const export_refused& refused) {
                             return refused.why.code == "0080000002" &&
                                    refused.why.msg.find("'s'") != std::string::npos &&
                                    refused.why.call_stack.find("crmid 1") != std::string::npos;
                         }));
}

TEST_CASE(
    "Of profiles that became one, the membership that does not count is dropped by the next evaluation") {
    evaluated_profiles store;
    auto job = shown(evaluating({"s"}));
    job.fields = "segmentMembership";
    job.merge_policy = merge_policy_ref{std::string(linking_merge_policy), 1};
    store.profiles.profiles(vip("1") + vip("2"));
    store.define("s", "vip = true");
    store.run(job);
    store.now += 1h;
    const an_import link{.dataset = "link", .ingest_time = "2026-11-23T12:30:00Z"};
    store.profiles.profiles(R"({"crm":"1","loyalty":"L"})", link);
    store.profiles.profiles(R"({"crm":"2","loyalty":"L"})", link);
    const auto second = store.run(job);
    CHECK(second.staged.find(R"(["crmid","2",0])") != std::string::npos);
    CHECK(second.staged.find(R"(["crmid","1",0,"existing",)") != std::string::npos);
    store.now += 1h;
    const auto third = store.run(job).staged;
    CHECK(third.find('\n') == third.size() - 1); // nothing changes any more
}

TEST_CASE("A condition that asks for memberships sees what earlier evaluations have left") {
    evaluated_profiles store;
    store.profiles.profiles(vip("1") + vip("2", false));
    store.profiles.profiles(R"({"crm":"1","segmentMembership":{"ups":{"old":{"status":"realized"}}}})",
                            {.dataset = "other"});
    store.define("s", "vip = true");
    store.define("asks", R"(segmentMembership.get("ups").get("s").status = "realized" and
        segmentMembership.get("ups").get("old").status = "realized")");
    auto job = evaluating({"asks"});
    job.fields = "crm";
    CHECK(store.run(job).rows.empty());
    store.run(evaluating({"s"}));
    CHECK(store.run(job).rows == rows{R"({"crm":"1"})"});
    auto whole = evaluating({"asks"}); // memberships of the row are those of the records and the evaluations
    whole.fields =
        "segmentMembership.ups.asks.status,segmentMembership.ups.s.status,segmentMembership.ups.old.status";
    CHECK(
        store.run(whole).rows ==
        rows{in_order(
            R"({"segmentMembership":{"ups":{"asks":{"status":"existing"},"old":{"status":"realized"},"s":{"status":"realized"}}}})")});
}

TEST_CASE("A whole profile of one record shows what was evaluated") {
    evaluated_profiles store;
    store.profiles.profiles(vip("1"));
    store.define("s", "vip = true");
    const auto now = entry("realized", "2026-11-23T12:00:00.000Z");
    const auto row = in_order(R"({"crm":"1","vip":true,"segmentMembership":{"ups":{"s":)" + now +
                              R"(}},"identityMap":{"CRMID":[{"id":"1","primary":true}]}})");
    CHECK(store.run(evaluating({"s"})).rows == rows{row});
    CHECK(store.attempt(a_job()).rows == rows{row});
}

TEST_CASE("An exit that is forgotten stays forgotten when the record no longer tells of the segment") {
    evaluated_profiles store;
    const std::string left =
        R"({"crm":"1","segmentMembership":{"ups":{"s":{"status":"exited","lastQualificationTime":"2026-01-01T00:00:00Z"},"t":{"status":"realized"}}}})";
    store.profiles.profiles(left);
    store.define("s", "vip = true");
    store.run(evaluating({"s"}));
    CHECK(store.attempt(shown(a_job())).rows == rows{row_of("1", R"({"ups":{"t":{"status":"realized"}}})")});
    store.profiles.profiles(R"({"crm":"1","vip":false})");
    CHECK(store.attempt(shown(a_job())).rows == rows{R"({"crm":"1"})"});
}
