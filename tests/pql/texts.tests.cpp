#include "pql/asked.hpp"

using namespace waybill::test;

TEST_CASE("text methods look at the beginning, the end, within, and at all of a text") {
    const std::string joe = R"({"a":"Joe Doe"})";
    CHECK(holds(R"(a.startsWith("Joe") and a.endsWith("Doe") and a.contains("e D") and a.equals("Joe Doe"))",
                joe));
    CHECK(holds(R"(a.doesNotStartWith("Doe") and a.doesNotEndWith("Joe"))", joe));
    CHECK(holds(R"(a.doesNotContain("x") and a.notEqualTo("Joe"))", joe));
    CHECK_FALSE(
        holds(R"(a.startsWith("Doe") or a.endsWith("Joe") or a.contains("x") or a.equals("Joe"))", joe));
    CHECK_FALSE(holds(
        R"(a.startsWith("Joe Doe and more") or a.contains("Joe Doe!") or a.endsWith("a Joe Doe"))", joe));
    CHECK_FALSE(holds(R"(a.doesNotStartWith("J") or a.doesNotEndWith("e") or a.doesNotContain("o"))", joe));
    CHECK_FALSE(holds(R"(a.notEqualTo("Joe Doe"))", joe));
    CHECK(holds(R"(a.contains("") and a.startsWith("") and a.endsWith("") and a.equals(""))", R"({"a":""})"));
    CHECK(holds(R"(a.contains("b\"c"))", R"({"a":"ab\u0022cd"})"));
    CHECK(holds("a.contains(b)", R"({"a":"xyz","b":"y"})"));
}

TEST_CASE("with case unless the second argument is false") {
    const std::string joe = R"({"a":"JOE","no":false,"text":"false"})";
    CHECK_FALSE(holds(R"(a.equals("joe") or a.equals("joe", true) or a.contains("o", true))", joe));
    CHECK(holds(R"(a.equals("joe", false) and a.startsWith("jo", false) and a.endsWith("oe", false))", joe));
    CHECK(holds(R"(a.contains("o", false) and a.equals("joe", no))", joe));
    CHECK_FALSE(holds(R"(a.notEqualTo("joe", false) or a.doesNotStartWith("j", false))", joe));
    CHECK_FALSE(holds(R"(a.doesNotEndWith("e", false) or a.doesNotContain("o", false))", joe));
    CHECK_FALSE(holds(R"(a.equals("joe", missing) or a.equals("joe", text))", joe));
    CHECK(holds(R"(a.equals("JOE", missing) and a.equals("JOE", text) and a.notEqualTo("joe", missing))", joe));
}

TEST_CASE("case is folded in all scripts, one character for one") {
    CHECK(holds(R"(a.equals("ÉÜÑ", false))", R"({"a":"éüñ"})"));
    CHECK(holds(R"(a.equals("ΣΊΣΥΦΟΣ", false))", R"({"a":"σίσυφος"})"));
    CHECK(holds(R"(a.equals("k", false) and a.contains("K", false))", R"({"a":"\u212a"})")); // shorter folded
    CHECK(holds(R"(a.endsWith("ß", false))", R"({"a":"GROẞ"})"));
    CHECK(holds(R"(a.equals("ὀΔΥΣΣΕΎΣ", false))", R"({"a":"Ὀδυσσεύς"})"));
    CHECK(holds(R"(a.startsWith("𐐨", false))", R"({"a":"𐐀x"})"));
    CHECK(holds(R"(a.equals("ᾳ", false))", R"({"a":"ᾼ"})"));
    CHECK_FALSE(holds(R"(a.equals("ss", false))", R"({"a":"ß"})"));
    CHECK_FALSE(holds(R"(a.equals("i", false) or a.equals("ı", false))", R"({"a":"İ"})"));
    CHECK_FALSE(holds(R"(a.equals("@[`{", false))", R"({"a":"`{@["})"));
    CHECK_FALSE(holds(R"(a.equals("ab", false) or a.equals("a", false))", R"({"a":"abc"})"));
    CHECK_FALSE(holds(R"(a.equals("abcd", false) or a.startsWith("abcd", false))", R"({"a":"abc"})"));
}

TEST_CASE("text methods are of texts only") {
    CHECK(neither(R"(n.contains("1"))", R"(n.doesNotContain("2"))", R"({"n":123})"));
    CHECK(neither(R"(b.equals("true"))", R"(b.notEqualTo("x"))", R"({"b":true})"));
    CHECK(neither("a.contains(n)", "a.doesNotContain(n)", R"({"a":"1","n":1})"));
    CHECK(neither("a.equals(1)", "a.notEqualTo(1)", R"({"a":1})"));
}

TEST_CASE("of an array some element has to fit, and of the opposite none, but there must be one") {
    const std::string tags = R"({"a":["new","vip-gold",7,null],"none":[],"odd":[7]})";
    CHECK(holds(R"(a.startsWith("vip") and a.contains("GOLD", false) and a.equals("new"))", tags));
    CHECK_FALSE(holds(R"(a.doesNotStartWith("vip") or a.doesNotContain("e"))", tags));
    CHECK(holds(R"(a.doesNotContain("x") and odd.doesNotContain("x"))", tags));
    CHECK(neither(R"(none.contains("x"))", R"(none.doesNotContain("x"))", tags));
    CHECK(neither("s.contains(a)", "s.doesNotContain(a)", R"({"s":"x","a":["x"]})"));
}

TEST_CASE("like fits a whole text, with % for any characters and _ for one") {
    CHECK(holds(R"(a like "%es%" and a like "Buenos Aires" and a like "B_enos%" and a like "%" )",
                R"({"a":"Buenos Aires"})"));
    CHECK_FALSE(holds(R"(a like "es%" or a like "Buenos" or a like "buenos%" or a like "Buenos_Aires_")",
                      R"({"a":"Buenos Aires"})"));
    CHECK(holds(R"(a like "_" and a like "_%" and not (a like "__"))", R"({"a":"é"})"));
    CHECK(holds(R"(a like "%é_" and not (a like "%é"))", R"({"a":"éé😀"})"));
    CHECK(holds(R"(a like "%aab" and a like "%a%b%" and a like "a%%b")", R"({"a":"aaaab"})"));
    CHECK(holds(R"(a like "" and a like "%" and not (a like "_"))", R"({"a":""})"));
    CHECK(holds(R"(a like "%\u0022")", R"({"a":"\""})"));
    CHECK(holds(R"(a like "x%")", R"({"a":["y","xy"]})"));
    CHECK_FALSE(holds(R"(a like "%" or missing like "%" or a like n)", R"({"a":5,"n":5})"));
}
