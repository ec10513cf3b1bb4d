#include <catch2/catch.hpp>

#include <string>

#include "support/profile_fixture.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

const an_import first{.dataset = "first", .ingest_time = "2024-01-01T00:00:00Z"};
const an_import second{.dataset = "second", .ingest_time = "2024-01-02T00:00:00Z"};
const an_import third{.dataset = "third", .ingest_time = "2024-01-03T00:00:00Z"};

/// The `v` of the profile that these records of three datasets become, in the order of their ingest.
std::string merged(const std::string& one, const std::string& two, const std::string& three = "") {
    temp_profiles store;
    // Not in the order of their ingest: the time decides, not the order of the imports.
    if (!three.empty()) store.profiles(R"({"crm":"1","v":)" + three + "}", third);
    store.profiles(R"({"crm":"1","v":)" + one + "}", first);
    store.profiles(R"({"crm":"1","v":)" + two + "}", second);
    const auto row = store.only_row(with_fields("v"));
    return row == "{}" ? row : row.substr(5, row.size() - 6);
}

} // namespace

TEST_CASE("The last ingested value of each attribute wins, and objects merge") {
    CHECK(merged("1", "2", "3") == "3");
    CHECK(merged(R"({"a":1,"b":1,"o":{"x":1,"y":1}})", R"({"b":2,"o":{"y":2}})", R"({"c":3})") ==
          R"({"a":1,"b":2,"c":3,"o":{"x":1,"y":2}})");
}

TEST_CASE("Arrays replace") {
    CHECK(merged("[1,2,3]", "[4]") == "[4]");
    CHECK(merged(R"([{"a":1}])", "[]") == "[]");
}

TEST_CASE("On a clash of types the later value is taken whole") {
    CHECK(merged(R"({"a":1})", "[1]") == "[1]");
    CHECK(merged("\"text\"", R"({"a":1})") == R"({"a":1})");
    // What came before the clash does not shine through.
    CHECK(merged(R"({"a":1})", "\"text\"", R"({"b":2})") == R"({"b":2})");
}

TEST_CASE("A null does not take an earlier value away, an empty object neither") {
    CHECK(merged(R"({"a":1})", R"({"a":null})") == R"({"a":1})");
    CHECK(merged(R"({"a":1})", "{}") == R"({"a":1})");
    CHECK(merged("{}", "{}") == "{}");
}

TEST_CASE("Members with the same name are the same however they are spelled") {
    CHECK(merged(R"({"\u0061":1})", R"({"a":2})") == R"({"a":2})");
}

TEST_CASE("Of fragments with equal ingest times the later imported wins, also after it was replaced") {
    temp_profiles store;
    an_import other = first;
    other.dataset = "other";
    store.profiles(R"({"crm":"1","v":"first"})", first);
    store.profiles(R"({"crm":"1","v":"other"})", other);
    CHECK(store.only_row(with_fields("v")) == R"({"v":"other"})");
    store.profiles(R"({"crm":"1","v":"first again"})", first);
    CHECK(store.only_row(with_fields("v")) == R"({"v":"first again"})");
}

TEST_CASE(
    "An entry of segmentMembership is taken whole, the last ingested, whatever the case of its namespace") {
    temp_profiles store;
    store.profiles(
        R"({"crm":"1","segmentMembership":{"ups":{"a":{"status":"realized","since":1},"b":{"x":1}}}})",
        first);
    store.profiles(R"({"crm":"1","segmentMembership":{"UPS":{"a":{"status":"exited"}},"Ad":{"a":{"y":1}}}})",
                   second);
    CHECK(store.only_row(with_fields("segmentMembership")) ==
          R"({"segmentMembership":{"Ad":{"a":{"y":1}},"UPS":{"a":{"status":"exited"},"b":{"x":1}}}})");
    CHECK(store.only_row(with_fields("segmentMembership.UPS.a.status")) ==
          R"({"segmentMembership":{"UPS":{"a":{"status":"exited"}}}})");
}

TEST_CASE("The identity map is the union of all fragments, one entry per identity, the last ingested") {
    temp_profiles store;
    store.profiles(
        R"({"crm":"1","loyalty":"L2","identityMap":{"Email":[{"id":"b","v":1},{"id":"a","v":1}]}})", first);
    store.profiles(R"({"crm":"1","loyalty":"L1","identityMap":{"email":[{"id":"b","v":2}]}})", second);
    const auto job = with_fields("identityMap");
    CHECK(store.only_row(job) == R"({"identityMap":{"CRMID":[{"id":"1","primary":true}],)"
                                 R"("LOYALTYID":[{"id":"L1","primary":false},{"id":"L2","primary":false}],)"
                                 R"("email":[{"id":"a","v":1},{"id":"b","v":2}]}})");
    // The same whether the whole profile was asked for or a part.
    CHECK(in_order(store.only_row()) == R"({"crm":"1",)" +
                                            store.only_row(job).substr(1, store.only_row(job).size() - 2) +
                                            R"(,"loyalty":"L1"})");
}

TEST_CASE("Linked identities stay profiles of their own, for the policy has no graph") {
    temp_profiles store;
    store.profiles(R"({"crm":"1","loyalty":"L","v":1})", first);
    store.profiles(R"({"loyalty":"L","v":2})", second);
    CHECK(store.rows(with_fields("v")) == std::vector<std::string>{R"({"v":1})", R"({"v":2})"});
}

TEST_CASE("Numbers keep their spelling and texts every character, merged or not, projected or not") {
    const std::string values =
        R"("b":9007199254740993,"c":1e400,"d":0.10,"e":-0.0,"f":1E+2,)"
        R"("g":123456789012345678901234567890,"h":"\u00e9\ud83d\ude00\/\"\\","i":"é😀 end",)"
        "\"j\":\"\\u0000\\n\"";
    temp_profiles store;
    store.profiles("{\"a\":\"1\"," + values + "}", {.dataset = "first", .identities = {"a=ID"}});
    const auto whole =
        in_order(R"({"a":"1",)" + values + R"(,"identityMap":{"ID":[{"id":"1","primary":true}]}})");
    CHECK(store.only_row() == whole);
    CHECK(store.only_row(with_fields("b,c,d,e,f,g,h,i,j")) == "{" + values + "}");
    store.profiles(R"({"a":"1"})", {.dataset = "second", .identities = {"a=ID"}});
    CHECK(store.only_row() == whole);
    store.events(R"({"_id":"e","timestamp":"2024-01-01T00:00:00Z","a":"1","v":[0.10,1e400,"é\u00e9"]})",
                 {.identities = {"a=ID"}});
    auto job = with_fields("d");
    job.events.emplace().fields = "v";
    CHECK(store.only_row(job) == R"({"d":0.10,"eventList":[{"v":[0.10,1e400,"é\u00e9"]}]})");
}
