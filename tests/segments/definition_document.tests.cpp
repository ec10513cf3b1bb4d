#include <catch2/catch.hpp>

#include <string>

#include <nlohmann/json.hpp>

#include <waybill/segment_document.hpp>

#include "support/temp_segments.hpp"

using namespace waybill;
using namespace waybill::test;
using nlohmann::json;

namespace {

/// As the page of the API shows it.
const json a_body = json::parse(R"({
    "name":"People who ordered in the last 30 days","profileInstanceId":"ups","description":"Last 30 days",
    "expression":{"type":"PQL","format":"pql/text","value":"workAddress.country = \"US\""},
    "evaluationInfo":{"batch":{"enabled":true},"continuous":{"enabled":false},"synchronous":{"enabled":false}},
    "schema":{"name":"_xdm.context.profile"},"payloadSchema":"string","ttlInDays":60})");

json with(const std::string& pointer, const json& value) {
    auto body = a_body;
    body[json::json_pointer(pointer)] = value;
    return body;
}

json without(const std::string& name) {
    auto body = a_body;
    body.erase(name);
    return body;
}

/// `code path` of each finding.
template <class T>
std::string findings_of(const result<T>& outcome) {
    if (outcome) return {};
    std::string all;
    for (const auto& found : outcome.error().findings)
        all += (all.empty() ? "" : ", ") + found.code + " " + found.path;
    return all;
}

std::string create_findings(const json& body) { return findings_of(parse_new_segment(body.dump())); }
std::string update_findings(const json& body) { return findings_of(parse_segment_changes(body.dump())); }
segment_changes changes_of(const json& body) { return parse_segment_changes(body.dump()).value(); }

json shown(const segment_definition& definition) {
    std::string text;
    append_json(text, definition);
    return json::parse(text);
}

} // namespace

TEST_CASE("The page's definition is read, stored and answered as the page shows it") {
    temp_segments store;
    const auto read = parse_new_segment(a_body.dump()).value();
    CHECK_FALSE(read.id);
    const auto made = store->create(acme, read.members, "s").value();
    auto expected = a_body;
    expected.update({{"id", "s"},
                     {"imsOrgId", acme.org},
                     {"sandbox", {{"sandboxName", "prod"}}},
                     {"dataGovernancePolicy", {{"excludeOptOut", true}}},
                     {"lifecycleState", "published"},
                     {"version", 1},
                     {"dependencies", json::array()},
                     {"dependents", json::array()},
                     {"creationTime", 1'700'000'000'000},
                     {"updateEpoch", 1'700'000'000},
                     {"updateTime", 1'700'000'000'000}});
    CHECK(shown(made) == expected);
}

TEST_CASE("What may be missing is shown only when it was sent, as it was sent") {
    temp_segments store;
    const auto keys_shown = [&](const json& body, const std::string& id) {
        return shown(store->create(acme, parse_new_segment(body.dump()).value().members, id).value());
    };
    const json least{{"name", "least"},
                     {"expression", {{"type", "pql"}, {"format", "pql/text"}, {"value", "a = 1"}}},
                     {"schema", {{"id", "https://example.com/x"}}}};
    const auto answer = keys_shown(least, "least");
    for (const auto* const name : {"description", "mergePolicyId", "ttlInDays", "payloadSchema"})
        CHECK_FALSE(answer.contains(name));
    CHECK(answer.at("schema") == least.at("schema"));
    CHECK(answer.at("expression").at("type") == "PQL");
    CHECK(answer.at("profileInstanceId") == "ups");
    auto more = least;
    more.update({{"name", "more"},
                 {"description", ""},
                 {"mergePolicyId", "p"},
                 {"ttlInDays", "40"},
                 {"lifecycleState", "draft"},
                 {"dataGovernancePolicy", {{"excludeOptOut", false}}}});
    const auto all = keys_shown(more, "more");
    for (const auto* const name : {"description", "mergePolicyId", "ttlInDays", "lifecycleState"})
        CHECK(all.at(name) == more.at(name));
    CHECK(all.at("dataGovernancePolicy").at("excludeOptOut") == false);
}

TEST_CASE("Whoever enables no evaluation, or says nothing of it, means in batch") {
    const auto read = [](const json& info) { return *changes_of({{"evaluationInfo", info}}).evaluation; };
    const json on{{"enabled", true}}, off{{"enabled", false}};
    using methods = evaluation_methods;
    CHECK(read(json::object()) == methods{true, false, false});
    CHECK(read({{"batch", on}}) == methods{true, false, false});
    CHECK(read({{"continuous", on}}) == methods{false, true, false});
    CHECK(read({{"synchronous", on}}) == methods{false, false, true});
    CHECK(read({{"batch", on}, {"continuous", on}}) == methods{true, true, false});
    CHECK(read({{"continuous", off}}) == methods{true, false, false});
    CHECK(read({{"batch", off}}) == methods{false, false, false});
}

TEST_CASE("A definition without what it must have, or with a wrong type, is refused at the place") {
    CHECK(create_findings(without("name")) == "required /name");
    CHECK(create_findings(without("expression")) == "required /expression");
    CHECK(create_findings(without("schema")) == "required /schema");
    CHECK(create_findings(with("/name", nullptr)) == "required /name");
    CHECK(create_findings(with("/name", 1)) == "invalid_type /name");
    CHECK(create_findings(with("/id", 1)) == "invalid_type /id");
    CHECK(create_findings(with("/id", "")) == "invalid_value /id");
    CHECK(create_findings(with("/description", true)) == "invalid_type /description");
    CHECK(create_findings(with("/expression", "a = 1")) == "invalid_type /expression");
    CHECK(create_findings(with("/expression/value", nullptr)) == "required /expression/value");
    CHECK(create_findings(with("/expression/type", nullptr)) == "required /expression/type");
    CHECK(create_findings(with("/expression/format", nullptr)) == "required /expression/format");
    CHECK(create_findings(with("/schema", "x")) == "invalid_type /schema");
    CHECK(create_findings(with("/schema", json::object())) == "required /schema/name");
    CHECK(create_findings(with("/schema/name", 1)) == "invalid_type /schema/name");
    CHECK(create_findings(with("/evaluationInfo/batch", true)) == "invalid_type /evaluationInfo/batch");
    CHECK(create_findings(with("/evaluationInfo/batch/enabled", "yes")) ==
          "invalid_type /evaluationInfo/batch/enabled");
    CHECK(create_findings(with("/dataGovernancePolicy", json{{"excludeOptOut", 1}})) ==
          "invalid_type /dataGovernancePolicy/excludeOptOut");
    CHECK(create_findings(with("/lifecycleState", "gone")) == "invalid_value /lifecycleState");
    CHECK(create_findings(with("/ttlInDays", json::array())) == "invalid_type /ttlInDays");
    CHECK(create_findings(with("/ttlInDays", std::string(256, 'x'))).empty());
    CHECK(create_findings(with("/ttlInDays", std::string(257, 'x'))) == "too_long /ttlInDays");
    CHECK(create_findings(json::array()) == "invalid_type ");
    CHECK(findings_of(parse_new_segment("{")) == "invalid_json ");
    CHECK(findings_of(parse_new_segment(R"({"name":"a","name":"b"})")) == "duplicate_member /name");
}

TEST_CASE("A language that is not spoken here is refused as unsupported") {
    for (const auto& [path, text] :
         {std::pair{"/expression/format", "pql/json"}, {"/expression/type", "ARL"}}) {
        const auto outcome = parse_new_segment(with(path, text).dump());
        REQUIRE_FALSE(outcome);
        REQUIRE(outcome.error().findings.size() == 1);
        CHECK(outcome.error().findings[0].code == "invalid_expression");
        CHECK(outcome.error().findings[0].path == path);
        CHECK(outcome.error().findings[0].reason == "unsupported");
        CHECK_FALSE(outcome.error().findings[0].position);
    }
    CHECK(create_findings(with("/expression/type", "pql")).empty());
}

TEST_CASE("All that is wrong with a body is told at once, the expression's reason with its position") {
    auto body = with("/expression/value", "a = 1 AND b = 2");
    body["name"] = 1;
    body["ttlInDays"] = false;
    const auto outcome = parse_new_segment(body.dump());
    CHECK(findings_of(outcome) == "invalid_type /name, invalid_type /ttlInDays, "
                                  "invalid_expression /expression/value");
    CHECK(outcome.error().findings.back().reason == "syntax");
    CHECK(outcome.error().findings.back().position == 6U);
}

TEST_CASE("Unknown members, and those that only an answer has, are accepted and not kept") {
    auto body = a_body;
    for (const auto* const name :
         {"imsOrgId", "sandbox", "version", "creationTime", "dependencies", "another"})
        body[name] = "anything";
    CHECK(create_findings(body).empty());
}

TEST_CASE("Of an update, what is not sent stays, and null takes away what may be missing") {
    const auto nothing = changes_of(json::object());
    CHECK_FALSE(nothing.name);
    CHECK_FALSE(nothing.description);
    CHECK_FALSE(nothing.expression);
    CHECK_FALSE(nothing.schema);
    CHECK_FALSE(nothing.evaluation);
    CHECK_FALSE(nothing.exclude_opt_out);
    CHECK_FALSE(nothing.lifecycle);
    CHECK_FALSE(nothing.profile_instance_id);
    const auto nulls = changes_of({{"description", nullptr},
                                   {"mergePolicyId", nullptr},
                                   {"ttlInDays", nullptr},
                                   {"payloadSchema", nullptr},
                                   {"lifecycleState", nullptr},
                                   {"evaluationInfo", nullptr},
                                   {"dataGovernancePolicy", nullptr},
                                   {"profileInstanceId", nullptr}});
    for (const auto& taken :
         {nulls.description, nulls.merge_policy_id, nulls.ttl_in_days, nulls.payload_schema}) {
        REQUIRE(taken.has_value());
        CHECK_FALSE(taken->has_value());
    }
    CHECK(nulls.lifecycle == segment_lifecycle::published);
    CHECK(nulls.evaluation == evaluation_methods{});
    CHECK(nulls.exclude_opt_out == true);
    CHECK(nulls.profile_instance_id == "ups");
    for (const auto* const name : {"name", "expression", "schema"})
        CHECK(update_findings({{name, nullptr}}) == std::string("required /") + name);
    CHECK(update_findings({{"expression", {{"type", "PQL"}}}}) ==
          "required /expression/format, required /expression/value");
}

TEST_CASE("A list of ids is one of texts or of objects, alone or below ids") {
    using ids = std::vector<std::string>;
    const auto read = [](const std::string& text) { return parse_segment_ids(text).value(); };
    CHECK(read(R"({"ids":[{"id":"a"},{"id":"b"}]})") == ids{"a", "b"});
    CHECK(read(R"({"ids":["a"]})") == ids{"a"});
    CHECK(read(R"(["a","b"])") == ids{"a", "b"});
    CHECK(read(R"([{"id":"a"},"b"])") == ids{"a", "b"});
    const auto refused = [](const std::string& text) { return findings_of(parse_segment_ids(text)); };
    CHECK(refused("{}") == "required /ids");
    CHECK(refused("1") == "invalid_type ");
    CHECK(refused(R"({"ids":"a"})") == "invalid_type /ids");
    CHECK(refused("[]") == "invalid_value ");
    CHECK(refused(R"({"ids":[]})") == "invalid_value /ids");
    CHECK(refused(R"(["a",1])") == "invalid_type /1");
    CHECK(refused(R"({"ids":[{}]})") == "required /ids/0/id");
    CHECK(refused(R"({"ids":[{"id":1}]})") == "invalid_type /ids/0/id");
    const json most(std::vector<std::string>(500, "a"));
    CHECK(read(most.dump()).size() == 500);
    CHECK(refused(json(std::vector<std::string>(501, "a")).dump()) == "too_many ");
}

TEST_CASE("A page of definitions tells how many there are, and on how many pages") {
    temp_segments store;
    for (const auto* const id : {"a", "b", "c"})
        store.add(a_segment(id), id);
    const auto page_of = [&](const segment_query& query) {
        std::string text;
        append_json(text, store->list(acme, query).value(), query);
        return json::parse(text);
    };
    const auto page = page_of({.by = segment_query::order::name, .descending = false, .limit = 2});
    CHECK(page.at("segments").size() == 2);
    CHECK(page.at("segments").at(0).at("id") == "a");
    CHECK(page.at("page") == json{{"totalCount", 3},
                                  {"totalPages", 2},
                                  {"sortField", "name"},
                                  {"sort", "asc"},
                                  {"pageSize", 2},
                                  {"limit", 2}});
    CHECK(page.at("link") == json::object());
    CHECK(page_of({}).at("page") == json{{"totalCount", 3},
                                         {"totalPages", 1},
                                         {"sortField", "creationTime"},
                                         {"sort", "desc"},
                                         {"pageSize", 3},
                                         {"limit", 100}});
    CHECK(page_of({.start = 9, .limit = 3}).at("page").at("totalPages") == 1);
}
