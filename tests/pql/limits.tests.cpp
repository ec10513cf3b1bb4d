#include "pql/asked.hpp"

using namespace waybill::test;

namespace {

constexpr std::size_t most_bytes = 32'768;

std::string repeated(const std::string& what, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i)
        out += what;
    return out;
}

std::string many_events(std::size_t count) {
    std::string out = "[";
    for (std::size_t i = 0; i < count; ++i)
        out += (i == 0 ? "" : ",") + std::string(R"({"_id":")") + std::to_string(i) +
               R"(","timestamp":"2026-11-01T00:00:00Z","n":)" + std::to_string(i) + "}";
    return out + "]";
}

std::string answer(const std::string& expression, const std::string& profile,
                   const std::string& events = "[]") {
    return answer_of({.expression = expression, .profile = profile, .events = events}).error;
}

} // namespace

TEST_CASE("an expression has at most 32,768 bytes") {
    const auto of_length = [](std::size_t bytes) { return "a = 1" + repeated(" ", bytes - 5); };
    CHECK(error_of(of_length(most_bytes - 1)) == "");
    CHECK(error_of(of_length(most_bytes)) == "");
    CHECK(error_of(of_length(most_bytes + 1)) == "too_long 32768");
}

TEST_CASE("an array has at most 1,000 elements") {
    const auto of_size = [](std::size_t count) { return "a in [" + repeated("1,", count - 1) + "1]"; };
    CHECK(error_of(of_size(999)) == "");
    CHECK(error_of(of_size(1'000)) == "");
    CHECK(error_of(of_size(1'001)) == "too_long 2006");
}

TEST_CASE("64 levels may stand inside each other, of whatever kind") {
    struct nesting {
        std::string open;
        std::string close;
        std::size_t place = 0; ///< of what opens the level, in `open`
        std::string inner = "a = 1";
    };
    const std::vector<nesting> kinds{
        {"(", ")"},
        {"not ", ""},
        {"!", ""},
        {"a[", "]", 1},
        {"a.exists(", ")", 8},
        {"exists A from a where ", "", 16},
        {"a in [", "]", 5, "1"},
        {"-", " = 1", 0, "a"},
        {"if(", ", a, b)", 2, "a"},
    };
    for (const auto& [open, close, place, inner] : kinds) {
        INFO(open);
        const bool once = close == " = 1" || open == "a in [";
        const auto of_depth = [&, open = open, close = close, inner = inner](std::size_t depth) {
            if (open == "-") return repeated(open, depth) + "a = 1";
            if (once) return "a in " + repeated("[", depth) + inner + repeated("]", depth);
            return repeated(open, depth) + inner + repeated(close, depth);
        };
        CHECK(error_of(of_depth(63)) == "");
        CHECK(error_of(of_depth(64)) == "");
        const auto where = open == "-" ? 64 : once ? 5 + 64 : 64 * open.size() + place;
        CHECK(error_of(of_depth(65)) == "too_deep " + std::to_string(where));
        CHECK(answer_of({.expression = of_depth(64)}).error == "");
    }
    CHECK(error_of("not (" + repeated("(", 62) + "a" + repeated(")", 62) + ")") == "");
    CHECK(error_of("not (" + repeated("(", 63) + "a" + repeated(")", 63) + ")") == "too_deep 67");
    CHECK(error_of("exists A from " + repeated("exists A from ", 70) + "a") == "too_deep 910");
}

TEST_CASE("levels beside each other count once") {
    CHECK(error_of(repeated("(a) and ", 100) + "(a)") == "");
    CHECK(error_of("a" + repeated("[b]", 100)) == "");
    CHECK(error_of(repeated("not a and ", 100) + "a") == "");
}

TEST_CASE("long chains are loops and need no depth") {
    const auto length = most_bytes / 2 - 10;
    CHECK(holds("a" + repeated("+a", length) + " = " + std::to_string(length + 1), R"({"a":1})"));
    CHECK(holds("a" + repeated("*a", length) + " = 1", R"({"a":1})"));
    CHECK(holds("a" + repeated(".a", length) + ".b.isNull()", R"({"a":{"a":1}})"));
    CHECK(holds(repeated("a or ", 6'500) + "b", R"({"b":1})"));
    CHECK_FALSE(holds(repeated("b and ", 5'400) + "a", R"({"b":1})"));
    CHECK(holds("a" + repeated("[n>0]", 6'500) + ".n = 1", R"({"a":[{"n":1},{"n":0}]})"));
    CHECK(holds("a" + repeated(".distinct()", 2'900) + " = 1", R"({"a":[1,1]})"));
    CHECK_FALSE(holds("exists a0 from a" + repeated(", b from a0.a", 2'000), R"({"a":[{"a":[1]}]})") ==
                false);
}

TEST_CASE("a profile that takes more than ten million visits ends in an error of its own") {
    const auto events = many_events(1'000);
    CHECK(answer("exists A from xEvent, B from xEvent, C from xEvent where A.n + B.n + C.n < 0", "{}",
                 events) == "budget");
    CHECK(answer("xEvent[xEvent[xEvent[n < 0]]]", "{}", events) == "budget");
    CHECK(
        answer(
            "forall A from xEvent where not (exists B from xEvent where exists C from xEvent where C.n < 0)",
            "{}", events) == "budget");
    CHECK(answer("(select A from xEvent, B from xEvent, C from xEvent).count() > 0", "{}", events) ==
          "budget");
    CHECK(answer("xEvent.sum(xEvent.sum(xEvent.sum(n))) > 0", "{}", events) == "budget");
    CHECK(answer("xEvent.topN($1.xs.topN($1.xs.distinct().count(), 1).count(), 1)", R"({"xs":[1]})",
                 events) == "");
    CHECK(answer("exists A from xEvent, B from xEvent where A.n + B.n < 0", "{}", many_events(900)) == "");
}

TEST_CASE("comparisons of large arrays and texts count towards the budget") {
    std::string many = "[0";
    for (int i = 1; i < 20'000; ++i)
        many += "," + std::to_string(i);
    many += "]";
    CHECK(answer("a.distinct().count() = 1", R"({"a":)" + many + "}") == "budget");
    CHECK(answer("a.subsetOf(a)", R"({"a":)" + many + "}") == "budget");
    const auto text = repeated("a", 1'000'000);
    CHECK(answer("n.exists($1.a like \"%" + repeated("a", 5'000) + "b\")",
                 R"({"n":[1],"a":")" + text + "\"}") == "budget");
    std::string items = "[1" + repeated(",1", 20'000) + "]";
    CHECK(answer("n.exists($1.a.contains(\"b\"))", R"({"n":)" + items + R"(,"a":")" + text + "\"}") ==
          "budget");
}

TEST_CASE("the budget is each profile's own") {
    const auto events = many_events(700);
    const std::string half = "(exists A from xEvent, B from xEvent where A.n + B.n < 0)";
    CHECK(answer(half, "{}", events) == "");
    CHECK(answer(half + " or " + half, "{}", events) == "budget");
}
