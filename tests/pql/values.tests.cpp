#include "pql/asked.hpp"

using namespace waybill::test;

TEST_CASE("of values alone only null, false and an empty array are false") {
    CHECK(holds("n", R"({"n":0})"));
    CHECK(holds("t", R"({"t":""})"));
    CHECK(holds("t", R"({"t":"false"})"));
    CHECK(holds("o", R"({"o":{}})"));
    CHECK(holds("a", R"({"a":[null]})"));
    CHECK(holds("b", R"({"b":true})"));
    CHECK_FALSE(holds("b", R"({"b":false})"));
    CHECK_FALSE(holds("a", R"({"a":[]})"));
    CHECK_FALSE(holds("n", R"({"n":null})"));
    CHECK_FALSE(holds("missing"));
    CHECK(holds("not missing"));
    CHECK(holds("!missing and not not $1"));
}

TEST_CASE("a member that is null is as good as one that is not there") {
    CHECK(holds("a.isNull() and a.b.isNull() and not a.isNotNull()", R"({"a":null})"));
    CHECK(holds("n.b.isNull() and t.b.isNull()", R"({"n":1,"t":"x"})"));
    CHECK(holds("a.isNotNull()", R"({"a":[]})"));
}

TEST_CASE("a comparison with what is not there is false, and so is its opposite") {
    CHECK(neither("a = 1", "a != 1"));
    CHECK(neither("a = b", "a != b"));
    CHECK(neither("a < 1", "a >= 1"));
    CHECK(neither("a in [1]", "a notIn [1]"));
    CHECK(neither(R"(a.equals("x"))", R"(a.notEqualTo("x"))"));
    CHECK(neither(R"(a.contains("x"))", R"(a.doesNotContain("x"))"));
    CHECK(neither(R"(a.startsWith("x"))", R"(a.doesNotStartWith("x"))"));
    CHECK(neither(R"(a.endsWith("x"))", R"(a.doesNotEndWith("x"))"));
    CHECK(holds("not (a = 1)"));
    CHECK(holds("(a = 1) = false")); // as false is a value
}

TEST_CASE("numbers are equal by value, integers exactly") {
    CHECK(holds("n = 1.0", R"({"n":1})"));
    CHECK(holds("n = 1e2", R"({"n":100})"));
    CHECK(holds("n = .5 and n = 5E-1", R"({"n":0.5})"));
    CHECK_FALSE(holds("n = 9007199254740992", R"({"n":9007199254740993})"));
    CHECK_FALSE(holds("n = 9007199254740992.0", R"({"n":9007199254740993})"));
    CHECK(holds("n > 9007199254740992.0", R"({"n":9007199254740993})"));
    CHECK(holds("n > 9223372036854775807", R"({"n":9223372036854775808})"));
    CHECK(holds("n = -9223372036854775808", R"({"n":-9223372036854775808})"));
    CHECK(holds("n < 0.5 and n > -0.5", R"({"n":0})"));
    CHECK(holds("n < -1 and n > -2", R"({"n":-1.5})"));
    CHECK_FALSE(holds("n = \"1\"", R"({"n":1})"));
    CHECK(holds("n != \"1\"", R"({"n":1})"));
}

TEST_CASE("a number out of range is compared as a double, which may be infinite") {
    CHECK(holds("n > 1e300", R"({"n":1e400})"));
    CHECK(holds("n < -1e300", R"({"n":-1e400})"));
    CHECK(holds("n = 1e999", R"({"n":1e400})"));
    CHECK(holds("n = 0", R"({"n":1e-400})"));
    CHECK(holds("n = 0", R"({"n":-0.000001e-400})"));
    CHECK(holds("n > 1e300", R"({"n":123456789e99999999999999999999})"));
    CHECK(holds("n = 0", R"({"n":1e-99999999999999999999})"));
    CHECK(holds("n = 18446744073709551616", R"({"n":18446744073709551616})"));
    CHECK(holds("n > 1e300", R"({"n":0.1e400})"));
}

TEST_CASE("texts are compared by their characters, however they are spelled") {
    CHECK(holds(R"(a = "\u00e9")", R"({"a":"é"})"));
    CHECK(holds(R"(a = "é")", R"({"a":"\u00e9"})"));
    CHECK(holds(R"(a = "\ud83d\ude00")", R"({"a":"😀"})"));
    CHECK(holds(R"(a = "x\\y")", R"({"a":"x\u005cy"})"));
    CHECK(holds("na\x6d"
                "e = 1",
                R"({"na\u006de":1})"));
    CHECK_FALSE(holds(R"(a = "X")", R"({"a":"x"})"));
    CHECK(holds(R"(a < "b" and a > "B" and a < "aa" and a >= "a")", R"({"a":"a"})"));
    CHECK(holds(R"(a < "😀" and a > "z")", R"({"a":"\uffee"})")); // by code point, not by UTF-16
    CHECK_FALSE(holds(R"(a < 5 or a >= 5)", R"({"a":"4"})"));
    CHECK_FALSE(holds("a < true or a >= false", R"({"a":true})"));
}

TEST_CASE("the texts true and false stand for the booleans") {
    CHECK(holds(R"(a = "true" and "true" = a and a != "false" and a != "yes")", R"({"a":true})"));
    CHECK(holds(R"(t = true and true = t and t != false)", R"({"t":"true"})"));
    CHECK_FALSE(holds(R"(a = "True" or a = 1)", R"({"a":true})"));
    CHECK(holds("a != 1", R"({"a":true})"));
}

TEST_CASE("objects are equal member by member") {
    CHECK(holds("a = b", R"({"a":{"x":1,"y":{"z":"t"}},"b":{"y":{"z":"\u0074"},"x":1.0}})"));
    CHECK_FALSE(holds("a = b", R"({"a":{"x":1},"b":{"x":1,"y":2}})"));
    CHECK_FALSE(holds("a = b", R"({"a":{"x":1,"y":2},"b":{"x":1}})"));
    CHECK_FALSE(holds("a = b", R"({"a":{"x":1},"b":{"y":1}})"));
    CHECK(holds("a = b", R"({"a":{"x":1,"n":null},"b":{"x":1}})"));
    CHECK(holds("a != b", R"({"a":{"x":1},"b":{"x":2}})"));
    CHECK(holds("a = a", R"({"a":{"x":[1,{"y":null}]}})"));
}

TEST_CASE("arithmetic is of numbers, and of anything else null") {
    CHECK(holds("a + b * 2 - 1 = 6", R"({"a":1,"b":3})"));
    CHECK(holds("(a + b) * 2 = 8", R"({"a":1,"b":3})"));
    CHECK(holds("10 - 4 - 3 = 3 and 24 / 4 / 2 = 3 and 7 % 4 % 2 = 1"));
    CHECK(holds("7 / 2 = 3.5 and -7 % 3 = -1 and 7 % -3 = 1 and 7.5 % 2 = 1.5"));
    CHECK(holds("- -3 = 3 and -a = -1 and --a = 1 and (-b).isNull()", R"({"a":1})"));
    CHECK(holds("(a / 0).isNull() and (a % 0).isNull() and (a / 0.0).isNull()", R"({"a":1})"));
    CHECK(holds(R"((a + "1").isNull() and (a + missing).isNull() and (-t).isNull())", R"({"a":1,"t":"x"})"));
    CHECK(holds("(a + b).isNull()", R"({"a":[1],"b":1})"));
    CHECK(holds("a + 1 = 9223372036854775808.0", R"({"a":9223372036854775807})"));
    CHECK(holds("a - 1 = -9223372036854775808.0", R"({"a":-9223372036854775808})"));
    CHECK(holds("a * a = 9.223372036854775807e18 * 9.223372036854775807e18", R"({"a":9223372036854775807})"));
    CHECK(holds("a % -1 = 0 and -a = 9223372036854775808.0", R"({"a":-9223372036854775808})"));
    CHECK(holds("(a - a).isNull() and (a * 0).isNull()", R"({"a":1e400})"));
}

TEST_CASE("if gives one of two values, and looks at that one only") {
    CHECK(holds("if(a, 1, 2) = 1", R"({"a":true})"));
    CHECK(holds("if(a = 1, \"x\", b) = \"y\"", R"({"b":"y"})"));
    CHECK(holds("if(a, b, c)", R"({"c":true})"));
    CHECK(holds("if(a, o, p).x = 2", R"({"o":{"x":1},"p":{"x":2}})"));
}

TEST_CASE("not binds tighter than and, and tighter than or") {
    CHECK(holds("a = 1 or b = 1 and c = 1", R"({"a":1})"));
    CHECK_FALSE(holds("(a = 1 or b = 1) and c = 1", R"({"a":1})"));
    CHECK_FALSE(holds("not a = 1 and b = 1", R"({"a":1,"b":1})"));
    CHECK(holds("not (a = 1 and b = 1)", R"({"a":1})"));
    CHECK(holds("not a = 1 or b", R"({"a":1,"b":1})"));
}

TEST_CASE("a word that is a keyword elsewhere is a field behind a dot, and where nothing else makes it one") {
    CHECK(holds("x.and = 1 and x.xEvent = 2 and $1.like = 3", R"({"x":{"and":1,"xEvent":2},"like":3})"));
    CHECK(holds("exists = 1 and date = 2 and last = 3 and chain = 4 and from = 5 and where = 6",
                R"({"exists":1,"date":2,"last":3,"chain":4,"from":5,"where":6})"));
    CHECK(holds("count = 1 and sum < 3 and let = 2", R"({"count":1,"sum":2,"let":2})"));
    CHECK(holds("t occurs before on and t occurs on $1.before",
                R"({"t":"2026-01-01","on":"2026-01-02","before":"2026-01-01"})"));
}

TEST_CASE("the profile is what a lambda calls it, and $1") {
    CHECK(holds("(P) => P.a = 1 and a = 1 and $1.a = P.a", R"({"a":1})"));
    CHECK(holds("(a) = 1", R"({"a":1})"));
    CHECK(holds("items[P.limit = 1].isNull() and (P) = 2", R"({"P":2})"));
    CHECK(holds("(P) => items[P.limit < n]", R"({"limit":1,"items":[{"n":2}]})"));
}
