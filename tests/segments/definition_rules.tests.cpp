#include <catch2/catch.hpp>

#include <string>

#include "support/temp_segments.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

/// The code of the one finding, with its path; empty when the definition was made.
std::string refusal(temp_segments& store, const segment_changes& what) {
    const auto outcome = store->create(acme, what);
    if (outcome) {
        store->remove(acme, outcome->id).value();
        return {};
    }
    REQUIRE(outcome.error().code == errc::invalid);
    REQUIRE(outcome.error().findings.size() == 1);
    const auto& found = outcome.error().findings.front();
    return found.code + " " + found.path;
}

std::string text_of(std::size_t characters) {
    std::string text;
    for (std::size_t at = 0; at < characters; ++at)
        text += "\xC3\xA9"; // two bytes each
    return text;
}

} // namespace

TEST_CASE("A definition's texts are as long as they may be, counted in characters") {
    temp_segments store;
    const auto with = [](const auto& change) {
        auto what = a_segment("n");
        change(what);
        return what;
    };
    const auto name = [&](std::size_t length) { return with([&](auto& to) { to.name = text_of(length); }); };
    CHECK(refusal(store, name(0)) == "invalid_value /name");
    CHECK(refusal(store, name(1)).empty());
    CHECK(refusal(store, name(255)).empty());
    CHECK(refusal(store, name(256)) == "too_long /name");
    const auto about = [&](std::size_t length) {
        return with([&](auto& to) { to.description = text_of(length); });
    };
    CHECK(refusal(store, about(0)).empty());
    CHECK(refusal(store, about(4'096)).empty());
    CHECK(refusal(store, about(4'097)) == "too_long /description");
    const auto policy = [&](std::size_t length) {
        return with([&](auto& to) { to.merge_policy_id = text_of(length); });
    };
    CHECK(refusal(store, policy(0)) == "invalid_value /mergePolicyId");
    CHECK(refusal(store, policy(256)).empty());
    CHECK(refusal(store, policy(257)) == "too_long /mergePolicyId");
    CHECK(refusal(store, with([](auto& to) { to.ttl_in_days = std::string(3'075, '1'); })) ==
          "too_long /ttlInDays");
    CHECK(refusal(store, with([](auto& to) { to.payload_schema = std::string(257, 'x'); })) ==
          "too_long /payloadSchema");
    CHECK(refusal(store, with([](auto& to) { to.profile_instance_id = ""; })) ==
          "invalid_value /profileInstanceId");
    CHECK(refusal(store, with([](auto& to) { to.profile_instance_id = std::string(257, 'x'); })) ==
          "too_long /profileInstanceId");
}

TEST_CASE("A schema has a name or an id, or both") {
    temp_segments store;
    const auto with = [](segment_schema schema) {
        auto what = a_segment("n");
        what.schema = std::move(schema);
        return what;
    };
    CHECK(refusal(store, with({"x", std::nullopt})).empty());
    CHECK(refusal(store, with({std::nullopt, "x"})).empty());
    CHECK(refusal(store, with({"x", "y"})).empty());
    CHECK(refusal(store, with({})) == "required /schema/name");
    CHECK(refusal(store, with({"", std::nullopt})) == "invalid_value /schema/name");
    CHECK(refusal(store, with({std::nullopt, std::string(257, 'x')})) == "too_long /schema/id");
}

TEST_CASE("A name, an expression and a schema must be there, and all that is wrong is told at once") {
    temp_segments store;
    segment_changes nothing;
    nothing.profile_instance_id = "";
    const auto outcome = store->create({"", "prod"}, nothing);
    REQUIRE_FALSE(outcome);
    std::string paths;
    for (const auto& found : outcome.error().findings)
        paths += found.code + " " + found.path + "\n";
    CHECK(paths == "invalid_value /imsOrgId\nrequired /name\nrequired /expression\nrequired /schema\n"
                   "invalid_value /profileInstanceId\n");
}

TEST_CASE("An expression that is none is refused with reason and position, and nothing is changed") {
    temp_segments store;
    const auto id = store.add(a_segment("n"));
    segment_changes wrong;
    wrong.expression = "a = 1 AND b = 2";
    for (const auto& outcome :
         {store->create(acme, a_segment("m", "a = 1 AND b = 2")), store->update(acme, id, wrong)}) {
        REQUIRE_FALSE(outcome);
        REQUIRE(outcome.error().findings.size() == 1);
        const auto& found = outcome.error().findings.front();
        CHECK(found.code == "invalid_expression");
        CHECK(found.path == "/expression/value");
        CHECK(found.reason == "syntax");
        CHECK(found.position == 6U);
        CHECK(found.message.starts_with("syntax at byte 6: "));
    }
    CHECK(store->find(acme, id).value().expression == "person.age > 17");
    CHECK(store->list(acme, {}).value().total == 1);
}

TEST_CASE("An expression has at most 32,768 bytes") {
    temp_segments store;
    const auto long_one = [](std::size_t bytes) {
        const std::string begin = "a = \"", end = "\"";
        return a_segment("n", begin + std::string(bytes - begin.size() - end.size(), 'x') + end);
    };
    CHECK(refusal(store, long_one(32'768)).empty());
    CHECK(refusal(store, long_one(32'769)) == "invalid_expression /expression/value");
    CHECK(refusal(store, a_segment("n", "")) == "invalid_expression /expression/value");
}
