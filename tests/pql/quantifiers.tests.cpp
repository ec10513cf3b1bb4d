#include "pql/asked.hpp"

using namespace waybill::test;

namespace {

const std::string people = R"({"kids":[{"name":"a","toys":[{"n":1},{"n":2}]},{"name":"b","toys":[{"n":3}]},
    {"name":"c"}],"limit":2,"E":{"x":9},"eventType":"profile's"})";

/// Events e1, e2, … of the given types, a day apart from 1 November on.
std::string events_of(const std::string& types) {
    std::string out = "[";
    for (std::size_t i = 0; i < types.size(); ++i)
        out += (i == 0 ? "" : ",") + std::string(R"({"_id":"e)") + std::to_string(i) +
               R"(","timestamp":"2026-11-)" + (i < 9 ? "0" : "") + std::to_string(i + 1) +
               R"(T00:00:00Z","type":")" + types[i] + R"("})";
    return out + "]";
}

bool chained(const std::string& steps, const std::string& events) {
    return holds("chain(xEvent, timestamp, [" + steps + "])", "{}", events);
}

} // namespace

TEST_CASE("exists finds one item that meets the condition, forall asks it of every item") {
    CHECK(holds("exists K from kids where K.name = \"b\"", people));
    CHECK_FALSE(holds("exists K from kids where K.name = \"x\"", people));
    CHECK(holds("exists K from kids : K.name = \"b\"", people));
    CHECK(holds("forall K from kids where K.name.isNotNull()", people));
    CHECK_FALSE(holds("forall K from kids where K.toys", people));
    CHECK(holds("exists K from kids and limit = 2", people)); // a condition that is left out takes nothing
    CHECK(holds("forall K from kids", people));
}

TEST_CASE("over nothing exists is false and forall true") {
    for (const auto* source : {"missing", "limit", "E", "kids[name = \"x\"]", "xEvent"}) {
        INFO(source);
        CHECK_FALSE(holds(std::string("exists K from ") + source, people));
        CHECK(holds(std::string("forall K from ") + source + " where K.no", people));
        CHECK_FALSE(holds(std::string("select K from ") + source, people));
    }
    CHECK_FALSE(holds("exists K from kids, T from K.no", people));
    CHECK(holds("forall K from kids, T from K.no where T.no", people));
}

TEST_CASE(
    "with several variables exists finds a combination, and forall asks every condition of every item") {
    CHECK(holds("exists K from kids where (K.name = \"a\"), T from K.toys where T.n = 2", people));
    CHECK_FALSE(holds("exists K from kids where (K.name = \"b\"), T from K.toys where T.n = 2", people));
    CHECK(holds("exists K from kids, T from K.toys where T.n = 3 and K.name = \"b\"", people));
    CHECK(holds("forall K from kids, T from K.toys where T.n > 0", people));
    CHECK_FALSE(holds("forall K from kids, T from K.toys where T.n > 1", people));
    CHECK_FALSE(holds("forall K from kids where K.name = \"a\", T from K.toys where T.n > 0", people));
    CHECK(holds("exists A from kids, B from kids, C from kids where A.name = \"a\" and B.name = \"b\" and "
                "C.name = \"c\"",
                people));
}

TEST_CASE("select gives the items, or as many combinations as there are") {
    CHECK(holds("(select K from kids where K.toys).name = [\"a\", \"b\"]", people));
    CHECK(holds("(select K from kids where K.toys).count() = 2", people));
    CHECK(holds("select K from kids where K.name = \"c\"", people));
    CHECK_FALSE(holds("select K from kids where K.name = \"x\"", people));
    CHECK(holds("(select K from kids, T from K.toys).count() = 3", people));
    CHECK(holds("(select K from kids, T from K.toys where T.n > 1).count() = 2", people));
    CHECK(holds("(select K from kids, T from K.toys).n.isNull()", people));
    CHECK(holds("(select K from kids where K.name = \"x\").count() = 0", people));
    CHECK(holds("exists S from (select K from kids where K.toys) where S.name = \"b\"", people));
    CHECK(holds("exists S from select K from kids where K.toys where S.name = \"b\"", people));
}

TEST_CASE("a quantifier's variable hides a field, is known to its right only, and changes no bare name") {
    CHECK(holds("exists E from kids where E.name = \"a\"", people));
    CHECK(holds("(exists E from kids where E.name = \"a\") and E.x = 9", people));
    CHECK(holds("exists K from kids where limit = 2 and name.isNull()", people));
    CHECK(holds("exists K from kids where K.toys[n = 1 and K.name = \"a\"]", people));
    CHECK(holds("exists K from kids where exists K from K.toys where K.n = 3", people));
    CHECK(holds("kids.exists(exists T from toys where T.n = 3 and name = \"b\")", people));
    CHECK_FALSE(holds("exists A from B.x, B from kids where true", people)); // B is a field on the left
    CHECK(holds("exists T from kids.toys where T.n = limit", people));
    CHECK(holds("exists K from kids where K.name = \"a\" and (exists L from kids where L.name = \"b\" and "
                "K.name = \"a\")",
                people));
}

TEST_CASE("a quantifier takes all to its right") {
    CHECK_FALSE(holds("exists K from kids where K.name = \"x\" or limit = 3", people));
    CHECK(holds("exists K from kids where K.name = \"x\" or limit = 2", people));
    CHECK_FALSE(holds("exists K from missing where K.name = \"x\" or limit = 2", people));
    CHECK(holds("(exists K from missing where K.name = \"x\") or limit = 2", people));
}

TEST_CASE("events are items like others, in the order of their times and ids") {
    const std::string events = R"([{"_id":"b","timestamp":"2026-11-02T00:00:00Z","k":3},
        {"_id":"a","timestamp":"2026-11-02T00:00:00.000Z","k":2},{"_id":"z","timestamp":"2026-11-01T00:00:00Z","k":1}])";
    CHECK(holds("xEvent.head().k = 1 and xEvent[k > 1].head().k = 2 and xEvent.count() = 3", "{}", events));
    CHECK(holds("xEvent", "{}", events));
    CHECK_FALSE(holds("xEvent"));
    CHECK(holds("xEvent.count() = 0 and xEvent.k.isNull() and xEvent.isNotNull()"));
    CHECK(holds("xEvent[timestamp occurs on date(2026, 11, 2)].k = [2, 3]", "{}", events));
    CHECK(holds("xEvent.topN(timestamp, 1).head().k = 2", "{}", events));
    CHECK(holds("xEvent._id = \"z\" and xEvent.timestamp = \"2026-11-02T00:00:00.000Z\"", "{}", events));
    CHECK(holds("k.isNull() and $1.xEvent.isNull()", "{}", events));
    CHECK(holds("xEvent.exists(timestamp occurs >= 22 days before date(2026, 11, 24) and k > 1)", "{}",
                events));
    CHECK_FALSE(holds("xEvent.exists(timestamp occurs < 22 days before date(2026, 11, 24))", "{}", events));
    CHECK(holds("(select A from xEvent, B from xEvent where A.timestamp occurs < 1 day before "
                "B.timestamp).count() = 0",
                "{}", events));
    CHECK(holds("xEvent = xEvent and xEvent.distinct().count() = 3", "{}", events));
}

TEST_CASE("a chain's steps find events in strictly increasing time") {
    const std::string a = R"(A: WHAT(type = "a"))";
    const std::string b = R"(B: WHAT(type = "b"))";
    CHECK(chained(a + "," + b, events_of("ab")));
    CHECK_FALSE(chained(a + "," + b, events_of("ba")));
    CHECK(chained(a + "," + b, events_of("bab")));
    CHECK_FALSE(chained(a + "," + a, events_of("a")));
    CHECK(chained(a + "," + a, events_of("aa")));
    CHECK(chained(a + "," + b + "," + a, events_of("aabba")));
    CHECK_FALSE(chained(a + "," + b + "," + a, events_of("aabb")));
    const std::string together = R"([{"_id":"1","timestamp":"2026-11-01T00:00:00Z","type":"a"},
        {"_id":"2","timestamp":"2026-11-01T01:00:00+01:00","type":"b"}])";
    CHECK_FALSE(chained(a + "," + b, together));
    CHECK(chained(a, together));
    CHECK_FALSE(chained(a, "[]"));
}

TEST_CASE("a chain's step takes the earliest events of its COUNT, which is at least so many") {
    CHECK(chained(R"(A: WHAT(type = "a") COUNT(3))", events_of("aaaa")));
    CHECK_FALSE(chained(R"(A: WHAT(type = "a") COUNT(3))", events_of("aba")));
    CHECK(chained(R"(A: WHAT(type = "a") COUNT(2), B: WHAT(type = "b"))", events_of("abab")));
    CHECK_FALSE(chained(R"(A: WHAT(type = "a") COUNT(2), B: WHAT(type = "b"))", events_of("aba")));
    CHECK_FALSE(chained(R"(A: WHAT(true) COUNT(999999999999999))", events_of("a")));
    const std::string together = R"([{"_id":"1","timestamp":"2026-11-01T00:00:00Z"},
        {"_id":"2","timestamp":"2026-11-01T00:00:00Z"}])";
    CHECK(chained("A: WHAT(true) COUNT(2)", together)); // events of one step may be of one moment
}

TEST_CASE("a chain's WHEN bounds the events of its own step") {
    CHECK(chained(R"(A: WHAT(type = "a") WHEN(on date(2026, 11, 2)))", events_of("aaa")));
    CHECK_FALSE(chained(R"(A: WHAT(type = "a") WHEN(on date(2026, 11, 2)))", events_of("aba")));
    CHECK(chained(R"(A: WHAT(true) WHEN(<= 20 days before today))", events_of("aaa")));
    CHECK_FALSE(chained(R"(A: WHAT(true) WHEN(< 20 days before today))", events_of("aaa")));
    CHECK_FALSE(chained(R"(A: WHAT(true) WHEN(before date(2026, 11, 2)), B: WHAT(true) WHEN(last month))",
                        events_of("aaa")));
    CHECK(chained(R"(A: WHAT(true) WHEN(between date(2026, 11, 2) and date(2026, 11, 3)) COUNT(2))",
                  events_of("aaaa")));
    CHECK_FALSE(chained(R"(A: WHAT(true) WHEN(between date(2026, 11, 2) and date(2026, 11, 3)) COUNT(3))",
                        events_of("aaaa")));
    CHECK(chained(R"(A: WHAT(type = "a") WHEN(!= 20 days before today))", events_of("aab")));
    CHECK_FALSE(chained(R"(A: WHAT(type = "a") WHEN(!= 20 days before today))", events_of("bba")));
    CHECK(holds("chain(xEvent, timestamp, [A: WHAT(true) WHEN(on due)])", R"({"due":"2026-11-02"})",
                events_of("aaa")));
    CHECK_FALSE(
        holds("chain(xEvent, timestamp, [A: WHAT(true) WHEN(on due)])", R"({"due":"x"})", events_of("aaa")));
    CHECK_FALSE(chained(R"(A: WHAT(true) WHEN(before date(currentYear(), 2, 30)))", events_of("aaa")));
}

TEST_CASE("in a chain's WHAT bare names are the event's, and the label names it") {
    CHECK(holds(
        R"(chain(xEvent, timestamp, [A: WHAT(A.type = "a" and type = "a" and this.type = ^kind and $1.kind = "a")]))",
        R"({"kind":"a"})", events_of("a")));
    CHECK(holds(R"(chain(xEvent, timestamp, [A: WHAT(true), B: WHAT(A.type.isNull())]))", "{}",
                events_of("ab")));
    CHECK(holds(
        R"(Chain(xEvent, timestamp, [A: what(type = "a") When(today) cOUNT(1)]) or CHAIN(xEvent, timestamp, [C0: WHAT(type = "b")]))",
        "{}", events_of("ab")));
    CHECK(holds("chain(xEvent, timestamp, [A: WHAT(list.exists(n = ^n and n = 1))])", "{}",
                R"([{"_id":"1","timestamp":"2026-01-01T00:00:00Z","n":1,"list":[{"n":1}]}])"));
}

TEST_CASE("inSegment asks the memberships that the caller knows") {
    segment_case asked{.expression = R"(inSegment("a") and not inSegment("b") or inSegment("c\u0064"))"};
    CHECK_FALSE(holds(asked));
    asked.segments = {"a"};
    CHECK(holds(asked));
    asked.segments = {"a", "b"};
    CHECK_FALSE(holds(asked));
    asked.segments = {"b", "cd"};
    CHECK(holds(asked));
}
