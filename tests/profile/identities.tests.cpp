#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "support/profile_fixture.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

/// The primary identity that an import gives a record: an event of it names a profile without records, which
/// shows it.
std::string primary_of(const std::string& members, const std::vector<std::string>& identities = {}) {
    temp_profiles store;
    const auto got = store.events(R"({"_id":"e","timestamp":"2024-01-01T00:00:00Z",)" + members + "}",
                                  {.identities = identities});
    if (!got.rejects.empty()) return got.rejects.front();
    auto job = with_fields("identityMap");
    job.filter.emplace().empty_profiles = true;
    return store.only_row(job);
}

std::string shown(const std::string& ns, const std::string& id) {
    return "{\"identityMap\":{\"" + ns + "\":[{\"id\":\"" + id + "\",\"primary\":true}]}}";
}

const std::vector<std::string> paths{"a.one=ONE", "a.two=TWO:primary", "three=THREE"};
const std::string map =
    R"("identityMap":{"Z":[{"id":"z0"}],"M":[{"id":"m0"},{"id":"m1","primary":true}],"A":[{"id":"a0"}]})";
const std::string unmarked_map = R"("identityMap":{"Z":[{"id":"z0"}],"A":[{"id":"a0"},{"id":"a1"}]})";

} // namespace

TEST_CASE("The declared path marked primary is the primary identity, whatever else there is") {
    CHECK(primary_of(R"("a":{"one":"1","two":"2"},)" + map, paths) == shown("TWO", "2"));
}

TEST_CASE("Without a value at the marked path it is the entry of identityMap that is marked") {
    CHECK(primary_of(R"("a":{"one":"1","two":null},)" + map, paths) == shown("M", "m1"));
    CHECK(primary_of(R"("a":{"one":"1","two":""},)" + map, paths) == shown("M", "m1"));
    CHECK(primary_of(R"("identityMap":{"Z":[{"id":"z","primary":true}],"M":[{"id":"m","primary":true}]})") ==
          shown("M", "m"));
}

TEST_CASE("Without a marked entry it is the first declared path that is present") {
    CHECK(primary_of(R"("three":"3","a":{"one":"1"},)" + unmarked_map, paths) == shown("ONE", "1"));
    CHECK(primary_of(R"("three":"3",)" + unmarked_map, paths) == shown("THREE", "3"));
}

TEST_CASE("Without a declared identity it is the first of identityMap by namespace, then position") {
    CHECK(primary_of(unmarked_map, paths) == shown("A", "a0"));
    CHECK(primary_of(R"("identityMap":{"A":[null,{},{"id":null},{"id":""},{"id":"a4"}]})") ==
          shown("A", "a4"));
}

TEST_CASE("A number is an identity by its spelling") {
    CHECK(primary_of(R"("three":12345678901234567890)", paths) == shown("THREE", "12345678901234567890"));
    CHECK(primary_of(R"("three":1.50)", paths) == shown("THREE", "1.50"));
    CHECK(primary_of(R"("identityMap":{"A":[{"id":7}]})") == shown("A", "7"));
}

TEST_CASE(
    "An identity of another type, or an identityMap of another shape, refuses the record and says where") {
    CHECK(primary_of(R"("a":{"one":["1"]})", paths) == "1: expected a text or a number at /a/one");
    CHECK(primary_of(R"("identityMap":[])") == "1: expected an object at /identityMap");
    CHECK(primary_of(R"("identityMap":{"a/b":{"id":"1"}})") == "1: expected an array at /identityMap/a~1b");
    CHECK(primary_of(R"("identityMap":{"A":[{"id":"1"},"2"]})") ==
          "1: expected an object at /identityMap/A/1");
    CHECK(primary_of(R"("identityMap":{"A":[{"id":false}]})") ==
          "1: expected a text or a number at /identityMap/A/0/id");
    CHECK(primary_of(R"("identityMap":{"A":[{"id":"1","primary":"yes"}]})") ==
          "1: expected a boolean at /identityMap/A/0/primary");
    CHECK(primary_of(R"("identityMap":{"":[{"id":"1"}]})") ==
          "1: expected the name of a namespace before /identityMap/");
}

TEST_CASE("A record without any identity is refused") {
    const std::string none = "1: the record has no identity, neither in identityMap nor at a declared path";
    CHECK(primary_of(R"("a":{"one":null,"two":""},"three":null)", paths) == none);
    CHECK(primary_of(R"("a":"text")", paths) == none);
    CHECK(primary_of(R"("identityMap":null)") == none);
    CHECK(primary_of(R"("identityMap":{"A":[],"B":null})") == none);
}

TEST_CASE("Namespaces are compared without case, identities with it") {
    temp_profiles store;
    store.profiles(R"({"identityMap":{"Email":[{"id":"x"}]},"v":1})");
    const auto again = store.profiles(R"({"identityMap":{"eMAIL":[{"id":"x"}]},"v":2})");
    CHECK(again.summary.replaced == 1);
    const auto other = store.profiles(R"({"identityMap":{"Email":[{"id":"X"}]},"v":3})");
    CHECK(other.summary.added == 1);
    CHECK(store.rows(a_job()) == std::vector<std::string>{R"({"identityMap":{"eMAIL":[{"id":"x"}]},"v":2})",
                                                          R"({"identityMap":{"Email":[{"id":"X"}]},"v":3})"});
}

TEST_CASE("A profile shows the identities that its import declared beside those it was sent with") {
    temp_profiles store;
    store.profiles(
        R"({"crm":"1","loyalty":22,"identityMap":{"ECID":[{"id":"e","authenticatedState":"ambiguous"}],)"
        R"("LOYALTYID":[{"id":"22","since":2020}]}})");
    CHECK(store.only_row(with_fields("identityMap")) ==
          R"({"identityMap":{"CRMID":[{"id":"1","primary":true}],)"
          R"("ECID":[{"authenticatedState":"ambiguous","id":"e"}],"LOYALTYID":[{"id":"22","since":2020}]}})");
}

TEST_CASE("An identity path is read from PATH=NAMESPACE with an optional mark") {
    const auto plain = parse_identity_path("_acme.systemIdentifier.crmId=CRMID");
    REQUIRE(plain);
    CHECK(plain->path == "_acme.systemIdentifier.crmId");
    CHECK(plain->ns == "CRMID");
    CHECK_FALSE(plain->primary);
    const auto marked = parse_identity_path("crmId=CRMID:primary");
    REQUIRE(marked);
    CHECK(marked->ns == "CRMID");
    CHECK(marked->primary);
    for (const auto* const bad : {"", "a", "=NS", "a=", "a=:primary", ".a=NS", "a.=NS", "a..b=NS"})
        CHECK_FALSE(parse_identity_path(bad));
}

TEST_CASE("An identity may be any text") {
    temp_profiles store;
    const std::string odd = R"(["\u0000"," ","\u0000a","'; drop table profiles","é😀"])";
    json::document ids;
    REQUIRE_FALSE(ids.parse(odd));
    for (const auto id : ids.root().children())
        CHECK(store.profiles("{\"crm\":" + std::string(id.raw()) + "}").summary.added == 1);
    std::string got;
    for (const auto& row : store.rows(with_fields("crm")))
        got += row;
    CHECK(got ==
          R"({"crm":"\u0000"}{"crm":" "}{"crm":"\u0000a"}{"crm":"'; drop table profiles"}{"crm":"é😀"})");
    const auto of_view = store.rows(with_fields("identities.id"));
    const auto of_map = store.rows(with_fields("identityMap.CRMID.id"));
    REQUIRE(of_view.size() == ids.root().size());
    auto id = ids.root().first();
    for (std::size_t i = 0; i < of_view.size(); ++i, id = id.next()) {
        CHECK(of_view[i] == R"({"identities":[{"id":)" + std::string(id.raw()) + "}]}");
        CHECK(of_map[i] == R"({"identityMap":{"CRMID":[{"id":)" + std::string(id.raw()) + "}]}}");
    }
}
