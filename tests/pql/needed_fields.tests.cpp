#include <catch2/catch.hpp>

#include "pql/expression.hpp"

using namespace waybill;

namespace {

std::string shown(const pql::field_set& fields) {
    std::string out = fields.whole ? "whole" : "";
    for (const auto& path : fields.paths) {
        if (!out.empty()) out += " ";
        for (std::size_t i = 0; i < path.size(); ++i)
            out += (i == 0 ? "" : ".") + path[i];
    }
    return out;
}

/// Of the profile; of events.
std::string fields_of(const std::string& expression) {
    const auto read = pql::parse(expression);
    REQUIRE(std::holds_alternative<pql::expression>(read));
    const auto& found = std::get<pql::expression>(read);
    return shown(found.profile_fields()) + "; " + shown(found.event_fields());
}

bool reads_events(const std::string& expression) {
    return std::get<pql::expression>(pql::parse(expression)).reads_events();
}

} // namespace

TEST_CASE("an expression needs the fields that it names") {
    CHECK(fields_of("a.b = 1 and c and a.d.isNull()") == "a.b a.d c; ");
    CHECK(fields_of("$1.a = 1 or (P.b = 1)") == "a P.b; ");
    CHECK(fields_of("(P) => P.a + P.b * -P.c > 1") == "a b c; ");
    CHECK(fields_of("a.b = 1 and a = c") == "a c; ");
    CHECK(fields_of("a.b.c and a.b") == "a.b; ");
    CHECK(fields_of("if(a, b, c).d in [e, 1]") == "a b.d c.d e; ");
    CHECK(fields_of("true") == "; ");
}

TEST_CASE("what is said of an array's items needs their fields only") {
    CHECK(fields_of(R"(xEvent[productListItems[SKU="PS" or ^^.person.gender="female"]])") ==
          "person.gender; productListItems.SKU");
    CHECK(fields_of("exists A from items where A.b = 1, B from A.c where B.d = 2") == "items.b items.c.d; ");
    CHECK(fields_of("a.exists(b = 1) and a[c].d = 1 and a[e].count() = 1") == "a.b a.c a.d a.e; ");
    CHECK(fields_of("xEvent.sum(n) > 1 and xEvent.topN(k, 1).head().v = 1") == "; n k v");
    CHECK(fields_of("(select A from xEvent where A.x).y = 1") == "; x y");
    CHECK(fields_of("chain(xEvent, timestamp, [A: WHAT(a.b = 1 and A.c) WHEN(before due)])") == "due; a.b c");
    CHECK(fields_of("items[$1.x = 1]") == "items x; ");
    CHECK(fields_of("exists A from items") == "items; ");
}

TEST_CASE("what depends on whole values needs all below") {
    CHECK(fields_of("a.keys().includes(\"x\") and b.values().c = 1") == "a b; ");
    CHECK(fields_of("a.get(k).b = 1") == "a k; ");
    CHECK(fields_of("a.get(\"x\").b = 1") == "a.x.b; ");
    CHECK(fields_of("a.b.distinct().c = 1 and d.includes(e)") == "a.b d e; ");
    CHECK(fields_of("a[this = 1]") == "a; ");
    CHECK(fields_of("a.count() = 1 and a.b = 1") == "a; ");
    CHECK(fields_of("a.intersection(b).count() = 1 and c.sum() = 1") == "a b c; ");
    CHECK(fields_of("$1 = a") == "whole; ");
    CHECK(fields_of("xEvent = a") == "a; whole");
    CHECK(fields_of("xEvent.exists(this = ^a)") == "a; whole");
    CHECK(fields_of("xEvent.distinct().count() = 1") == "; whole");
    CHECK(fields_of("xEvent.head().keys().count() = 1") == "; whole");
}

TEST_CASE("that there are events, their ids and their timestamps are known without their fields") {
    CHECK(fields_of("xEvent") == "; ");
    CHECK(fields_of("xEvent.count() > 1 and xEvent[timestamp occurs today]") == "; ");
    CHECK(fields_of("exists A from xEvent, B from xEvent where A and A._id != B._id") == "; ");
    CHECK(fields_of("$1.timestamp occurs today and $1") == "timestamp; ");
    CHECK(reads_events("a[xEvent]"));
    CHECK(reads_events("chain(xEvent, timestamp, [A: WHAT(true)])"));
    CHECK_FALSE(reads_events("$1.xEvent"));
}

TEST_CASE("however an expression is written the fields it needs stay few and short") {
    std::string deep = "a";
    for (int i = 0; i < 10'000; ++i)
        deep += ".a";
    const auto found = fields_of(deep + " = 1");
    CHECK(found.size() < 100);
    std::string wide = "[a";
    for (int i = 0; i < 900; ++i)
        wide += ",a" + std::to_string(i);
    wide += "]";
    for (int i = 0; i < 5'000; ++i)
        wide += ".b";
    CHECK(fields_of(wide + " = 1").size() < 10'000);
}

TEST_CASE("an expression tells each segment that it asks for once, in the order of its text") {
    const auto read =
        pql::parse(R"(inSegment("b") and (inSegment("a") or not inSegment("b")) and inSegment("c\u0064"))");
    CHECK(std::get<pql::expression>(read).segments() == std::vector<std::string>{"b", "a", "cd"});
    CHECK(pql::expression().segments().empty());
}
