// What jobs and segment definitions have to do with each other.
#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

#include "a_definition.hpp"
#include "client.hpp"
#include "undriven_server.hpp"

using namespace waybill::test;
using nlohmann::json;

namespace {

json job_of(const std::vector<json>& segments) {
    return {{"destination", {{"datasetId", "people"}}},
            {"schema", {{"name", "x"}}},
            {"filter", {{"segments", segments}}},
            {"evaluationInfo", {{"segmentation", true}}}};
}

json segment(const std::string& id, const std::string& ns = "ups") {
    return {{"segmentId", id}, {"segmentNs", ns}};
}

json create(const undriven_server& host, const json& job) {
    const auto made = ask(host, "POST", jobs_path, job);
    INFO(made.body);
    REQUIRE(made.status == 200);
    return made.json();
}

} // namespace

TEST_CASE("A segment that an unfinished job evaluates is not removed") {
    undriven_server host;
    const auto remove = [&](const std::string& id) { return ask(host, "DELETE", path_of(id)).status; };
    for (const auto* const id : {"one", "two", "three", "four"}) {
        auto definition = a_definition(id);
        definition["id"] = id;
        add(host, definition);
    }
    const auto evaluating = create(host, job_of({segment("one", "UPS")}));
    create(host, job_of({segment("two", "other")}));
    auto only_exported = job_of({segment("three")});
    only_exported.erase("evaluationInfo");
    create(host, only_exported);
    auto anothers = waybill::test::a_job();
    anothers.filter.emplace().segments = {{"four", "ups", {waybill::membership_status::realized}}};
    anothers.evaluate_segments = true;
    host.opened().store->create(globex, anothers).value();
    CHECK(remove("one") == 409);
    CHECK(remove("two") == 200);
    CHECK(remove("three") == 200);
    CHECK(remove("four") == 200);
    CHECK(ask(host, "DELETE", jobs_path + "/" + std::to_string(evaluating.at("id").get<int>())).status ==
          204);
    CHECK(remove("one") == 200);
}

TEST_CASE(
    "A job that names no merge policy has that of its segments' definitions, and one that does its own") {
    const undriven_server host;
    const auto define = [&](const std::string& id, const std::string& policy) {
        auto definition = a_definition(id);
        definition["id"] = id;
        if (!policy.empty()) definition["mergePolicyId"] = policy;
        add(host, definition);
    };
    define("linked", "timestampOrdered-pdg-mp");
    define("too", "timestampOrdered-pdg-mp");
    define("other", "another-mp");
    define("none", "");
    const auto policy = [&](const std::vector<json>& segments, const json& own = {}) {
        auto body = job_of(segments);
        body.erase("evaluationInfo"); // it makes no difference
        if (!own.is_null()) body["mergePolicy"] = own;
        return create(host, body).at("mergePolicy");
    };
    const json linked{{"id", "timestampOrdered-pdg-mp"}, {"version", 1}};
    const json usual{{"id", "timestampOrdered-none-mp"}, {"version", 1}};
    CHECK(policy({segment("linked")}) == linked);
    CHECK(policy({segment("linked", "Ups")}) == linked);
    CHECK(policy({segment("linked", "UPS"), segment("too"), segment("none"), segment("unknown")}) == linked);
    CHECK(policy({segment("other")}) == json{{"id", "another-mp"}});
    CHECK(policy({segment("none"), segment("unknown")}) == usual);
    CHECK(policy({segment("linked", "AdCloud")}) == usual);
    CHECK(policy({segment("linked"), segment("other")}, usual) == usual);
    const auto differing = ask(host, "POST", jobs_path, job_of({segment("linked"), segment("other")}));
    CHECK(differing.status == 400);
    CHECK(finding_of(differing).at("code") == "required");
    CHECK(finding_of(differing).at("path") == "/mergePolicy");
}

TEST_CASE("A create that is repeated under its key is answered as it was, though definitions differ now") {
    const undriven_server host;
    for (const auto* const id : {"one", "two"}) {
        auto definition = a_definition(id);
        definition["id"] = id;
        definition["mergePolicyId"] = "same-mp";
        add(host, definition);
    }
    const auto body = job_of({segment("one"), segment("two")}).dump();
    const auto create = [&](const std::string& key) {
        return host.ask("POST", jobs_path, {{"Content-Type", "application/json"}, {"Idempotency-Key", key}},
                        body);
    };
    const auto first = create("k");
    REQUIRE(first.status == 200);
    REQUIRE(ask(host, "PATCH", path_of("two"), {{"mergePolicyId", "other-mp"}}).status == 200);
    CHECK(create("k").json() == first.json());
    CHECK(create("new").status == 400);
}

TEST_CASE("A job evaluates its segment, and the next one knows who was a member already") {
    const bool two_states = GENERATE(false, true);
    running_host host([&](auto& options) {
        if (two_states) options.memberships = waybill::membership_states::two;
    });
    host.import_profiles(R"({"identityMap":{"CRMID":[{"id":"1","primary":true}]},"city":"Oslo"}
{"identityMap":{"CRMID":[{"id":"2","primary":true}]},"city":"Rome"})");
    auto definition = a_definition("in Oslo");
    definition["id"] = "oslo";
    definition["expression"]["value"] = "city = \"Oslo\"";
    REQUIRE(host.ask("POST", "/data/core/ups/segment/definitions", {{"Content-Type", "application/json"}},
                     definition.dump())
                .status == 200);
    auto body = job_of({segment("oslo")});
    body["fields"] = "segmentMembership.ups.oslo.status";
    const auto run = [&] {
        const auto job = host.wait_for(host.create(body.dump()).at("id"), "SUCCEEDED");
        REQUIRE(job.at("status") == "SUCCEEDED");
        std::ifstream rows(host.directory() / "datasets" / "acme" / "prod" / "people" /
                           ("batch-" + job.at("destination").at("batchId").get<std::string>()) /
                           "part-00000.ndjson");
        std::stringstream text;
        text << rows.rdbuf();
        return text.str();
    };
    const auto row = [](const std::string& status) {
        return R"({"segmentMembership":{"ups":{"oslo":{"status":")" + status + "\"}}}}\n";
    };
    CHECK(run() == row("realized"));
    host.restart();
    CHECK(run() == row(two_states ? "realized" : "existing"));
}
