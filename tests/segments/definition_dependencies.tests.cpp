#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "segments/definition_rows.hpp"
#include "sql/connection.hpp"
#include "support/temp_segments.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

std::string asking(const std::string& segment) { return "inSegment(\"" + segment + "\")"; }

} // namespace

TEST_CASE("What an expression asks for by inSegment is kept in both directions, defined or not") {
    temp_segments store;
    store.add(a_segment("b", asking("z") + " and " + asking("c")), "b");
    CHECK(store->find(acme, "b").value().dependencies == std::vector<std::string>{"c", "z"});
    store.add(a_segment("a", asking("c")), "a");
    store.add(a_segment("c"), "c");
    CHECK(store->find(acme, "c").value().dependents == std::vector<std::string>{"a", "b"});
    // Another tenant's asks for its own.
    store.add(a_segment("x", asking("c")), "x", globex);
    CHECK(store->find(acme, "c").value().dependents == std::vector<std::string>{"a", "b"});
    segment_changes changes;
    changes.expression = "true = active";
    store->update(acme, "b", changes).value();
    CHECK(store->find(acme, "b").value().dependencies.empty());
    CHECK(store->find(acme, "c").value().dependents == std::vector<std::string>{"a"});
}

TEST_CASE("A definition that would lead back to itself is refused, however long the way") {
    temp_segments store;
    const auto circular = [](const result<segment_definition>& outcome) {
        REQUIRE_FALSE(outcome);
        REQUIRE(outcome.error().findings.size() == 1);
        const auto& found = outcome.error().findings.front();
        CHECK(found.code == "invalid_expression");
        CHECK(found.path == "/expression/value");
        CHECK(found.reason == "circular");
    };
    circular(store->create(acme, a_segment("self", asking("self")), "self"));
    CHECK(store->find(acme, "self").error().code == errc::not_found);
    store.add(a_segment("a", asking("b")), "a");
    store.add(a_segment("b", asking("c")), "b");
    circular(store->create(acme, a_segment("c", asking("a")), "c"));
    store.add(a_segment("c"), "c");
    segment_changes closing;
    closing.expression = asking("a");
    circular(store->update(acme, "c", closing));
    CHECK(store->find(acme, "c").value().expression == "person.age > 17");
    // Two ways to one segment are no circle, and another tenant's definitions are none of ours.
    store.add(a_segment("d", asking("b") + " and " + asking("c")), "d");
    CHECK(store->create(globex, a_segment("z", asking("a")), "c").ok());
}

TEST_CASE("A definition that another one asks for is not removed") {
    temp_segments store;
    store.add(a_segment("a"), "a");
    store.add(a_segment("b", asking("a")), "b");
    CHECK(store->remove(acme, "a").error().code == errc::conflict);
    CHECK(store->find(acme, "a").ok());
    REQUIRE(store->remove(acme, "b").ok());
    REQUIRE(store->remove(acme, "a").ok());
    CHECK(store->find(acme, "a").error().code == errc::not_found);
    CHECK(store->remove(acme, "a").error().code == errc::not_found);
    CHECK(sql::connection(store.file(), sql::access::read)
              .integer_of("select count(*) from definition_dependencies") == 0);
}

TEST_CASE("Whoever evaluates reads what it must know of the definitions, beside their owner") {
    temp_segments store;
    auto what = a_segment("a", asking("c") + " or " + asking("b"));
    what.merge_policy_id = "p";
    what.exclude_opt_out = false;
    what.lifecycle = segment_lifecycle::inactive;
    store.add(what, "a");
    store.add(a_segment("b"), "b");
    sql::connection on(store.file(), sql::access::read);
    const std::vector<std::string> ids{"none", "b", "a", "b"};
    const auto read = segments::read_definitions(on, acme, ids);
    REQUIRE(read.size() == 2);
    CHECK(read[0].segment_id == "b");
    CHECK(read[0].exclude_opt_out);
    CHECK_FALSE(read[0].merge_policy);
    CHECK(read[1].segment_id == "a");
    CHECK(read[1].version == 1);
    CHECK(read[1].expression == asking("c") + " or " + asking("b"));
    CHECK_FALSE(read[1].exclude_opt_out);
    CHECK(read[1].lifecycle == segment_lifecycle::inactive);
    CHECK(read[1].merge_policy == "p");
    CHECK(read[1].dependencies == std::vector<std::string>{"b", "c"});
    CHECK(segments::read_definitions(on, globex, ids).empty());
}
