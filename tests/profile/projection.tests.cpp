#include <catch2/catch.hpp>

#include <string>

#include "support/profile_fixture.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

/// What `fields` select of a profile, once from a single record and once from a merge: both must agree.
std::string selected(const std::string& fields, const std::string& members) {
    temp_profiles single;
    single.profiles(R"({"crm":"1",)" + members + "}");
    temp_profiles merge;
    merge.profiles(R"({"crm":"1"})", {.dataset = "other"});
    merge.profiles(R"({"crm":"1",)" + members + "}");
    const auto row = single.only_row(with_fields(fields));
    CHECK(merge.only_row(with_fields(fields)) == row);
    return row;
}

} // namespace

TEST_CASE("A path keeps the shape of the document, and one to an object takes all below it") {
    CHECK(selected("a.b.c", R"("a":{"b":{"c":1,"d":2},"e":3},"f":4)") == R"({"a":{"b":{"c":1}}})");
    CHECK(selected("a.b", R"("a":{"b":{"c":1,"d":[2]},"e":3})") == R"({"a":{"b":{"c":1,"d":[2]}}})");
    CHECK(selected("a", R"("a":{})") == R"({"a":{}})");
}

TEST_CASE("Overlapping paths unite, in whichever order they are given") {
    const std::string members = R"("a":{"b":{"c":1,"d":2},"e":3})";
    CHECK(selected("a.b,a.b.c", members) == R"({"a":{"b":{"c":1,"d":2}}})");
    CHECK(selected("a.b.c,a.b", members) == R"({"a":{"b":{"c":1,"d":2}}})");
    CHECK(selected("a.e , a.b.d", members) == R"({"a":{"b":{"d":2},"e":3}})");
}

TEST_CASE("A path through an array selects in every element, several paths in the same element") {
    const std::string members = R"("a":[{"x":1,"y":2,"z":3},{"x":4},{"z":5},6,null,[{"y":7}]])";
    CHECK(selected("a.x", members) == R"({"a":[{"x":1},{"x":4}]})");
    CHECK(selected("a.x,a.y", members) == R"({"a":[{"x":1,"y":2},{"x":4},[{"y":7}]]})");
}

TEST_CASE("A path goes through arrays in arrays of objects") {
    CHECK(
        selected(
            "orders.items.sku",
            R"("orders":[{"id":1,"items":[{"sku":"a","n":1},{"sku":"b"}]},{"items":[{"n":2}]},{"items":[]}])") ==
        R"({"orders":[{"items":[{"sku":"a"},{"sku":"b"}]}]})");
}

TEST_CASE("What is missing is left out, and so is an object or element in which nothing was selected") {
    CHECK(selected("a.x,b", R"("a":{"y":1},"b":2)") == R"({"b":2})");
    CHECK(selected("a.b.x,c", R"("a":{"b":{"y":1}},"c":[])") == R"({"c":[]})");
    CHECK(selected("a.x", R"("a":[{"y":1}])") == "{}");
    CHECK(selected("a.x", R"("a":"text")") == "{}");
}

TEST_CASE("A profile of which nothing is selected is an empty row and counts") {
    CHECK(selected("nothing.here", R"("a":1)") == "{}");
}

TEST_CASE("Blank fields select everything, as absent ones do") {
    CHECK(selected(" ", R"("a":1)") ==
          R"({"a":1,"crm":"1","identityMap":{"CRMID":[{"id":"1","primary":true}]}})");
}

TEST_CASE("Paths name members by their characters, not by their spelling") {
    CHECK(selected("café", R"("caf\u00e9":1)") == R"({"caf\u00e9":1})");
}

TEST_CASE("identities is a view of the identity map, sorted by namespace, then id") {
    const std::string members =
        R"("loyalty":"L","identityMap":{"Email":[{"id":"b"},{"id":"a","primary":false}],"B":[{"id":7}]})";
    CHECK(selected("identities", members) ==
          R"({"identities":[{"id":"7","namespace":{"code":"B"},"primary":false},)"
          R"({"id":"1","namespace":{"code":"CRMID"},"primary":true},)"
          R"({"id":"a","namespace":{"code":"Email"},"primary":false},)"
          R"({"id":"b","namespace":{"code":"Email"},"primary":false},)"
          R"({"id":"L","namespace":{"code":"LOYALTYID"},"primary":false}]})");
    CHECK(selected("identities.id", R"("loyalty":"L")") == R"({"identities":[{"id":"1"},{"id":"L"}]})");
    CHECK(selected("identities.namespace.code", R"("loyalty":"L")") ==
          R"({"identities":[{"namespace":{"code":"CRMID"}},{"namespace":{"code":"LOYALTYID"}}]})");
    CHECK(selected("identities.namespace,identities.primary", R"("a":1)") ==
          R"({"identities":[{"namespace":{"code":"CRMID"},"primary":true}]})");
    CHECK(selected("identities.name,identities.id.x", R"("a":1)") == "{}");
}

TEST_CASE("The identity map is projected as any other attribute") {
    const std::string members = R"("loyalty":"L","identityMap":{"Email":[{"id":"b","x":1},{"id":"a"}]})";
    CHECK(selected("identityMap.Email.x", members) == R"({"identityMap":{"Email":[{"x":1}]}})");
    CHECK(selected("identityMap.CRMID.id", members) == R"({"identityMap":{"CRMID":[{"id":"1"}]}})");
    CHECK(selected("identityMap.None", members) == "{}");
}

TEST_CASE("An attribute of a record's own that is called identities does not hide the view") {
    CHECK(selected("identities.id", R"("identities":[{"id":"own"}])") == R"({"identities":[{"id":"1"}]})");
}
