#include "pql/asked.hpp"

using namespace waybill::test;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE("an unexpected token is told where it begins, with what to write instead") {
    CHECK(error_of("a = 1 AND b = 2") == "syntax 6");
    CHECK(message_of("a = 1 AND b = 2") == "unexpected AND, write and");
    CHECK(has(message_of("a = 1 Or b"), "write or"));
    CHECK(has(message_of("a NOTIN [1]"), "write notIn"));
    CHECK(error_of("a == 1") == "syntax 2");
    CHECK(message_of("a == 1") == "unexpected ==, write =");
    CHECK(error_of("a = null") == "syntax 4");
    CHECK(message_of("a = null") == "unexpected null, use isNull()");
    CHECK(has(message_of("a not in [1]"), "write notIn"));
    CHECK(has(message_of("like = 1"), "$1.like"));
    CHECK(error_of("a = b = c") == "syntax 6");
    CHECK(error_of("a in [1] in [2]") == "syntax 9");
    CHECK(error_of("a = 1 b = 2") == "syntax 6");
    CHECK(error_of("exists true from a") == "syntax 7");
    CHECK(error_of("exists E from xEvent, now from a") == "syntax 20");
    CHECK(error_of("(a = 1") == "syntax 6");
    CHECK(error_of("a = 1)") == "syntax 5");
    CHECK(error_of("a.") == "syntax 2");
    CHECK(error_of("a..b") == "syntax 2");
    CHECK(error_of("a.5 = 1") == "syntax 1");
    CHECK(error_of("5a = 1") == "syntax 1");
    CHECK(error_of("a = 2e") == "syntax 5");
    CHECK(error_of("a = 2e+") == "syntax 5");
    CHECK(error_of("a[1") == "syntax 3");
    CHECK(error_of("a[b") == "syntax 3");
    CHECK(error_of("a in [1, 2") == "syntax 10");
    CHECK(error_of("a in [1, 2,]") == "syntax 11");
    CHECK(error_of("a.equals(\"x\"") == "syntax 12");
    CHECK(error_of("a.equals(\"x\" \"y\")") == "syntax 13");
    CHECK(error_of("xEvent(1)") == "syntax 6");
    CHECK(error_of("x[^ = 1]") == "syntax 4");
    CHECK(error_of("") == "syntax 0");
    CHECK(error_of("  ") == "syntax 2");
    CHECK(error_of("a = not b") == "syntax 4");
    CHECK(error_of("a and") == "syntax 5");
    CHECK(error_of("a <> 1") == "syntax 3");
    CHECK(error_of("(P) => a => b") == "syntax 9");
    CHECK(error_of("now from x") == "syntax 4");
    CHECK(error_of("exists now from x") == "syntax 7");
    CHECK(error_of("exists A from x where") == "syntax 21");
}

TEST_CASE("a character that is none of the language's is told, with what to write instead") {
    CHECK(error_of("a = 'x'") == "bad_character 4");
    CHECK(has(message_of("a = 'x'"), "write \""));
    CHECK(error_of("a = “x”") == "bad_character 4");
    CHECK(has(message_of("a = “x”"), "write \""));
    CHECK(error_of("a && b") == "bad_character 2");
    CHECK(has(message_of("a && b"), "write and"));
    CHECK(has(message_of("a || b"), "write or"));
    CHECK(error_of("a = 1; b") == "bad_character 5");
    CHECK(error_of("a = é") == "bad_character 4");
    CHECK(error_of("a = \"\xC3\"") == "bad_character 5");
    CHECK(error_of("a = \xFF") == "bad_character 4");
    CHECK(error_of(std::string("a = 1\0", 6)) == "bad_character 5");
    CHECK(error_of("$ = 1") == "bad_character 0");
    CHECK(error_of("a = 1 // why") == "syntax 7");
    CHECK(error_of("b = c } 'x'") == "bad_character 6"); // the first that is wrong
    CHECK(error_of("a AND 'x'") == "syntax 2");
}

TEST_CASE("a text that is not closed is told at its quote, a wrong escape at its backslash") {
    CHECK(error_of("a = \"x") == "unterminated_string 4");
    CHECK(error_of("a = \"x\ny\"") == "unterminated_string 4");
    CHECK(error_of("a = \"x\\") == "unterminated_string 4");
    CHECK(error_of("a = \"x\\\"") == "unterminated_string 4");
    CHECK(error_of(R"(a = "x\w")") == "bad_escape 6");
    CHECK(error_of(R"(a = "x\'")") == "bad_escape 6");
    CHECK(error_of(R"(a = "\u12g4")") == "bad_escape 5");
    CHECK(error_of(R"(a = "\u12")") == "bad_escape 5");
    CHECK(error_of(R"(a = "\ud800")") == "bad_escape 5");
    CHECK(error_of(R"(a = "\udc00\ud800")") == "bad_escape 5");
    CHECK(error_of(R"(a = "\ud800A")") == "bad_escape 5");
    CHECK(error_of(R"(a = "\ud83d\ude00\/\b\f\n\r\t\"\\")") == "");
    CHECK(error_of("a = \"x\ty\"") == "");
}

TEST_CASE("a function that is not there is told at its name, with one that is") {
    CHECK(error_of("a.soundsLike(1)") == "unknown_function 2");
    CHECK(error_of("soundsLike(a)") == "unknown_function 0");
    CHECK(message_of("a.Equals(\"x\")") == "there is no method Equals, write equals");
    CHECK(message_of("IF(a, b, c)") == "there is no function IF, write if(…)");
    CHECK(message_of("count(a) = 1") == "there is no function count, it is a method: x.count(…)");
    CHECK(error_of("a.date(1, 2, 3)") == "unknown_function 2");
    CHECK(error_of("exists(a)") == "unknown_function 0");
    CHECK(error_of("sum(a) = 1") == "unknown_function 0");
}

TEST_CASE("the number of arguments is told at the name") {
    CHECK(error_of("a.isNull(1)") == "wrong_arguments 2");
    CHECK(error_of("a.equals()") == "wrong_arguments 2");
    CHECK(error_of("a.equals(\"x\", false, 1)") == "wrong_arguments 2");
    CHECK(error_of("a.sum(b, c) = 1") == "wrong_arguments 2");
    CHECK(error_of("a.topN(b).count() = 1") == "wrong_arguments 2");
    CHECK(error_of("a and inSegment()") == "wrong_arguments 6");
    CHECK(error_of("inSegment(\"a\", \"b\")") == "wrong_arguments 0");
    CHECK(error_of("date(2020, 1) = a") == "wrong_arguments 0");
    CHECK(error_of("if(a, 1) = 1") == "wrong_arguments 0");
    CHECK(error_of("currentYear(1) = 1") == "wrong_arguments 0");
    CHECK(has(message_of("a.equals()"), "1 or 2 arguments"));
}

TEST_CASE("what is documented elsewhere and not built is refused at its word") {
    CHECK(error_of("a.matches(\"x\")") == "unsupported 2");
    CHECK(error_of("a matches \"x\"") == "unsupported 2");
    CHECK(error_of("a.regexGroup(\"x\", 1) = b") == "unsupported 2");
    CHECK(error_of("xEvent.groupBy(p).map((K, G) => mapEntry(K, G.count()))") == "unsupported 7");
    CHECK(error_of("xEvent.map((K, G) => 1)") == "unsupported 7");
    CHECK(error_of("a = mapEntry(1, 2)") == "unsupported 4");
    CHECK(error_of("let S = a in S > 1") == "unsupported 0");
    CHECK(error_of("a and (sum X.a over X from xEvent) > 1") == "unsupported 7");
    CHECK(error_of("average (X.a * 2) over X from xEvent where X.b > 1") == "unsupported 0");
    CHECK(error_of("a occurs < 3 days from now") == "unsupported 18");
    CHECK(error_of("@{_xdm.context;version=1}.weather = 1") == "unsupported 0");
    CHECK(error_of("a = {}") == "unsupported 4");
    CHECK(error_of("(P, A) => P.a = A.a") == "unsupported 4");
    CHECK(error_of("chain(xEvent, timestamp, [A: WHAT(a) WHERE(b)])") == "unsupported 37");
    CHECK(error_of("chain(xEvent, timestamp, [A: WHAT(a) COUNT(1) WHERE(b)])") == "unsupported 46");
}

TEST_CASE("what is no condition is refused where one is needed, at its beginning") {
    for (const auto* value :
         {"5", "\"x\"", "-a", "a + 1", "a.count()", "a.sum(b)", "now", "today", "date(2020, 1, 1)", "[a, b]",
          "currentYear()", "a.getMonth()", "if(a, 1, 2)", "(5)"}) {
        INFO(value);
        const bool parentheses = *value == '(';
        const auto place = [&](std::size_t before) {
            return "not_boolean " + std::to_string(before + parentheses);
        };
        const std::string text = value;
        CHECK(error_of(text) == place(0));
        CHECK(error_of("a and " + text) == place(6));
        CHECK(error_of(text + " or b") == place(0));
        CHECK(error_of("not " + text) == place(4));
        CHECK(error_of("xEvent[" + text + "]") == place(7));
        CHECK(error_of("a.exists(" + text + ")") == place(9));
        CHECK(error_of("a.filter(" + text + ")") == place(9));
        CHECK(error_of("if(" + text + ", a, b)") == place(3));
        CHECK(error_of("exists A from b where " + text) == place(22));
        CHECK(error_of("chain(xEvent, timestamp, [A: WHAT(" + text + ")])") == place(34));
    }
    CHECK(error_of("true and if(a, true, 1) and a.distinct() and a.head() and this") == "");
}

TEST_CASE("an operand that can never fit is refused where it begins") {
    CHECK(error_of("a in \"abc\"") == "type_mismatch 5");
    CHECK(error_of("a notIn 5") == "type_mismatch 8");
    CHECK(error_of("a in (b and c)") == "type_mismatch 6");
    CHECK(error_of("inSegment(a)") == "type_mismatch 10");
    CHECK(error_of("a.startsWith(5)") == "type_mismatch 13");
    CHECK(error_of("a.contains([1])") == "type_mismatch 11");
    CHECK(error_of("a.equals(\"x\", 1)") == "type_mismatch 14");
    CHECK(error_of("a.get(1) = 1") == "type_mismatch 6");
    CHECK(error_of("a.intersects(\"x\")") == "type_mismatch 13");
    CHECK(error_of("a.subsetOf(1)") == "type_mismatch 11");
    CHECK(error_of("a.topN(b, c).count() = 1") == "type_mismatch 10");
    CHECK(error_of("a.topN(b, 1.5).count() = 1") == "type_mismatch 10");
    CHECK(error_of("a.topN(b, -1).count() = 1") == "type_mismatch 10");
    CHECK(error_of("a.topN(b = 1, 1).count() = 1") == "type_mismatch 7");
    CHECK(error_of("a.sum(\"x\") = 1") == "type_mismatch 6");
    CHECK(error_of("date(\"2020\", 1, 1) = a") == "type_mismatch 5");
    CHECK(error_of("true occurs before now") == "type_mismatch 0");
    CHECK(error_of("xEvent occurs before now") == "type_mismatch 0");
    CHECK(error_of("a occurs before true") == "type_mismatch 16");
    CHECK(error_of("a occurs on \"tomorrow\"") == "type_mismatch 12");
    CHECK(error_of("a occurs on 1.5") == "type_mismatch 12");
    CHECK(error_of("a occurs <= 1 day before [1]") == "type_mismatch 25");
    CHECK(error_of("a occurs on 1500000000000 and a occurs on b.head()") == "");
}

TEST_CASE("a date that there is not is refused at its name, when it is made of numbers only") {
    CHECK(error_of("a occurs on date(2023, 2, 29)") == "invalid_date 12");
    CHECK(error_of("a occurs on date(2023, 13, 1)") == "invalid_date 12");
    CHECK(error_of("a occurs on date(2023, 1, 0)") == "invalid_date 12");
    CHECK(error_of("a occurs on date(0, 1, 1)") == "invalid_date 12");
    CHECK(error_of("a occurs on date(10000, 1, 1)") == "invalid_date 12");
    CHECK(error_of("a occurs on date(2020 + 3, 2, -1 + 30)") == "invalid_date 12");
    CHECK(error_of("a occurs on date(2023, 1.5, 1)") == "invalid_date 12");
    CHECK(error_of("a occurs on date(2024, 4 / 2, 29)") == "");
    CHECK(error_of("a occurs on date(y, 2, 30)") == "");
}

TEST_CASE("a parameter or a level that there is not is refused") {
    CHECK(error_of("$2.a") == "unknown_variable 0");
    CHECK(error_of("a and $10.b") == "unknown_variable 6");
    CHECK(error_of("^a = 1") == "unknown_variable 0");
    CHECK(error_of("x[^^a = 1]") == "unknown_variable 2");
    CHECK(error_of("x[y[^^a = 1]]") == "");
    CHECK(error_of("exists A from x where ^a = 1") == "unknown_variable 22");
}

TEST_CASE("a chain and a distance are written exactly so") {
    CHECK(error_of("chain(xEvent, receivedAt, [A: WHAT(a)])") == "syntax 14");
    CHECK(error_of("chain(events, timestamp, [A: WHAT(a)])") == "syntax 6");
    CHECK(error_of("chain(xEvent, timestamp, A: WHAT(a))") == "syntax 25");
    CHECK(error_of("chain(xEvent, timestamp, [])") == "syntax 26");
    CHECK(error_of("chain(xEvent, timestamp, [A WHAT(a)])") == "syntax 28");
    CHECK(error_of("chain(xEvent, timestamp, [A: WHEN(today) WHAT(a)])") == "syntax 29");
    CHECK(error_of("chain(xEvent, timestamp, [A: WHAT(a) COUNT(1) WHEN(today)])") == "syntax 46");
    CHECK(error_of("chain(xEvent, timestamp, [A: WHAT(a) COUNT(0)])") == "syntax 43");
    CHECK(error_of("chain(xEvent, timestamp, [A: WHAT(a) COUNT(x)])") == "syntax 43");
    CHECK(error_of("a occurs") == "syntax 8");
    CHECK(error_of("a occurs <= 1.5 days before now") == "syntax 12");
    CHECK(error_of("a occurs <= -1 days before now") == "syntax 12");
    CHECK(error_of("a occurs <= 1 moons before now") == "syntax 14");
    CHECK(error_of("a occurs <= 1 day") == "syntax 17");
    CHECK(error_of("a occurs <= 1 Day before now") == "syntax 14");
    CHECK(error_of("a occurs <= 1 day since now") == "syntax 18");
    CHECK(error_of("a occurs between now") == "syntax 20");
    CHECK(error_of("a occurs <= 1234567890123456 days before now") == "syntax 12");
    CHECK(error_of("a occurs <= 123456789012345 days before now") == "");
}
