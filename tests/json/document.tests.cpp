#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "json/document.hpp"
#include "json/field_tree.hpp"

using namespace waybill::json;

namespace {

/// The code of the error, or an empty text when there is none.
std::string code_of(std::string_view text, std::size_t depth = 32) {
    document read;
    const auto error = read.parse(text, depth);
    CHECK(static_cast<bool>(read.root()) == !error);
    return error ? error->code : std::string{};
}

/// A value written anew from what was read of it, without blanks.
std::string rewritten(value what) {
    if (!what.is_object() && !what.is_array()) return std::string(what.raw());
    std::string out;
    for (const auto child : what.children()) {
        if (!out.empty()) out += ',';
        if (what.is_object()) out.append(child.raw_key()) += ':';
        out += rewritten(child);
    }
    return what.is_object() ? '{' + out + '}' : '[' + out + ']';
}

} // namespace

TEST_CASE("Every text that RFC 8259 allows is read") {
    const auto* const text = GENERATE(
        "null", "true", "false", "0", "-0", "7", "-7", "0.5", "-0.5", "1e5", "1E+5", "1e-5", "0e0", "0.10",
        "123456789012345678901234567890", "1e400", "-1.5e-400", R"("")", R"("a")", "[]", "{}", "[[]]", "[{}]",
        "[1]", "[1,2]", R"({"a":1})", R"({"":0})", R"({"a":{"a":1},"b":{"a":1}})",
        " \t\r\n[ \t\r\n1 ,\n2 ] \n", R"( { "a" : [ 1 , 2 ] , "b" : null } )", R"("\"\\\/\b\f\n\r\t")",
        R"("\u0000")", R"("\u00e9")", R"("\u00E9")", R"("\ud83d\ude00")", R"("\uD83D\uDE00")", R"("\uFFFF")",
        "\"\x7f\"", "\"\xC2\x80\"", "\"\xDF\xBF\"", "\"\xE0\xA0\x80\"", "\"\xED\x9F\xBF\"",
        "\"\xEE\x80\x80\"", "\"\xEF\xBF\xBF\"", "\"\xF0\x90\x80\x80\"", "\"\xF4\x8F\xBF\xBF\"",
        "{\"\xC3\xA9\":1}", R"(["\\u0061"])", "\"\xE2\x80\xA8\"");
    INFO(text);
    CHECK(code_of(text).empty());
}

TEST_CASE("What RFC 8259 does not allow is refused") {
    const auto* const text = GENERATE(
        "", " ", "nul", "nulL", "True", "TRUE", "tru", "falsee", "nullx", "undefined", "NaN", "Infinity",
        "-Infinity", "-", "+1", "01", "-01", "00", "1.", ".5", "-.5", "1e", "1e+", "1.e1", "1e1.5", "0x10",
        "1_000", "1.2.3", "--1", "1 2", "[1 2]", "[", "]", "[1", "[1,", "[1,]", "[,1]", "[,]", "[1,,2]",
        "[1}", "{", "}", "{]", R"({"a")", R"({"a":)", R"({"a":1)", R"({"a":1,)", R"({"a":1,})", R"({,"a":1})",
        R"({"a" 1})", R"({"a":1 "b":2})", R"({"a"::1})", "{a:1}", "{'a':1}", "{1:1}", "{null:1}", "{[]:1}",
        "['a']", R"("a)", R"(")", R"("\)", R"("\")", R"("\a")", R"("\x41")", R"("\'")", R"("\u")",
        R"("\u12")", R"("\u123g")", R"("\U0041")", R"("\u 041")");
    INFO(text);
    CHECK(code_of(text) == "invalid_json");
}

TEST_CASE("Comments, a second document and a byte order mark are refused") {
    const auto* const text =
        GENERATE("[] // done", "/* a */ []", "[/**/]", "# a\n[]", "[][]", "{}{}", "[]x", "1,2", "[]]",
                 "\xEF\xBB\xBF[]", "\f[]", "[]\v", "\xC2\xA0[]", "[1,\xE2\x80\xA8 2]");
    INFO(text);
    CHECK(code_of(text) == "invalid_json");
}

TEST_CASE("Control characters and byte 0 are refused wherever they stand") {
    for (int c = 0; c < 0x20; ++c) {
        INFO(c);
        CHECK(code_of(std::string("\"a") + static_cast<char>(c) + "b\"") == "invalid_json");
    }
    CHECK(code_of(std::string_view("[]\0", 3)) == "invalid_json");
    CHECK(code_of(std::string_view("\0[]", 3)) == "invalid_json");
}

TEST_CASE("Lone or swapped surrogates are refused") {
    const auto* const text = GENERATE(R"("\ud800")", R"("\udc00")", R"("\ud800\ud800")", R"("\ud800x")",
                                      R"("\ud800\n\udc00")", R"("\udc00\ud800")", R"("\ud800\u0041")",
                                      R"("\ud800\u")", R"("\ud800\udc0")", R"("\udfff")", R"({"\ud800":1})");
    INFO(text);
    CHECK(code_of(text) == "invalid_json");
}

TEST_CASE("Overlong, cut off and impossible UTF-8 is refused") {
    const std::string bad = GENERATE(
        as<std::string>{}, "\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x41", "\xE0\x80\x80",
        "\xE0\x9F\xBF", "\xE2\x82", "\xE2\x28\xA1", "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x80\x80\x80",
        "\xF0\x8F\xBF\xBF", "\xF0\x9F\x98", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFE", "\xFF", "\xE9");
    CHECK(code_of('"' + bad + '"') == "invalid_json");
    CHECK(code_of("{\"" + bad + "\":1}") == "invalid_json");
    CHECK(code_of('"' + bad) == "invalid_json");
}

TEST_CASE("Objects and arrays may stand inside each other up to the limit") {
    const auto nested = [](std::size_t depth, const std::string& open, const std::string& close) {
        std::string text;
        for (std::size_t i = 0; i < depth; ++i)
            text += open;
        text += '1';
        for (std::size_t i = 0; i < depth; ++i)
            text += close;
        return text;
    };
    CHECK(code_of(nested(31, "[", "]")).empty());
    CHECK(code_of(nested(32, "[", "]")).empty());
    CHECK(code_of(nested(33, "[", "]")) == "too_deep");
    CHECK(code_of(nested(32, R"({"a":)", "}")).empty());
    CHECK(code_of(nested(33, R"({"a":)", "}")) == "too_deep");
    CHECK(code_of(nested(1, "[", "]"), 0) == "too_deep");
    CHECK(code_of("1", 0).empty());
    CHECK(code_of(std::string(1'000'000, '[')) == "too_deep");
    CHECK(code_of("[[],[],[[]]]", 3).empty());
    CHECK(code_of("[[],[],[[]]]", 2) == "too_deep");
}

TEST_CASE("A member that is there twice is refused, also when its name is spelled with escapes") {
    CHECK(code_of(R"({"a":1,"a":2})") == "duplicate_member");
    CHECK(code_of(R"({"a":1,"a":1})") == "duplicate_member");
    CHECK(code_of(R"({"a":1,"\u0061":2})") == "duplicate_member");
    CHECK(code_of(R"({"\/":1,"/":2})") == "duplicate_member");
    CHECK(code_of(R"({"":1,"":2})") == "duplicate_member");
    CHECK(code_of(R"([{"b":{"a":1,"c":2,"a":3}}])") == "duplicate_member");
    CHECK(code_of(R"({"a":1,"A":2})").empty());
}

TEST_CASE("Equal names are found in objects of every size, and only there") {
    for (std::size_t members = 2; members < 40; ++members) {
        std::string text = "{";
        for (std::size_t i = 0; i < members; ++i)
            text += (i == 0 ? "\"" : ",\"") + ("k" + std::to_string(i * 7 % members)) + "\":{\"k0\":0}";
        INFO(members);
        if (members % 7 != 0) CHECK(code_of(text + "}").empty());
        CHECK(code_of(text + R"(,"k1":0})") == "duplicate_member");
        CHECK(code_of(text + R"(,"\u006b0":0})") == "duplicate_member");
    }
}

TEST_CASE("An error tells its pointer and where in the text it is") {
    struct expected {
        const char* text;
        const char* path;
        std::size_t offset;
    };
    const auto [text, path, offset] = GENERATE(values<expected>({
        {R"({"a":[1,{"b":tru}]})", "/a/1/b", 13},
        {R"([1,2,x])", "/2", 5},
        {R"({"a":1,"b":[}})", "/b/0", 12},
        {R"({"a":1 "b":2})", "", 7},
        {R"({"a":{"b":1 "c":2}})", "/a", 12},
        {R"({"a":1,x})", "", 7},
        {R"({"a":1,"b\x":2})", "", 9},
        {R"({"a":1,"b" 2})", "", 11},
        {R"([[1],[2],[3 4]])", "/2", 12},
        {R"({"a/b":{"m~n":x}})", "/a~1b/m~0n", 14},
        {R"({"\u0061":x})", "/a", 10},
        {"[] []", "", 3},
        {"", "", 0},
    }));
    document read;
    const auto error = read.parse(text);
    INFO(text);
    REQUIRE(error);
    CHECK(error->path == path);
    CHECK(error->offset == offset);
}

TEST_CASE(
    "A text that is read again for some fields has nothing else, but every object and element on the way") {
    struct expected {
        const char* fields;
        const char* left;
    };
    const auto [fields, left] = GENERATE(values<expected>({
        {"a", R"({"a":1})"},
        {"b.c", R"({"b":{"c":"}]\"{["}})"},
        {"list.x", R"({"list":[{"x":[1,{"y":2}]},{},5,[{"x":3}]]})"},
        {"a.b", R"({"a":1})"},
        {"no", "{}"},
        {"escaped", R"({"esc\u0061ped":null})"},
        {"b,a", R"({"a":1,"b":{"c":"}]\"{[","d":{"e":[{}]}}})"},
        {"b.d.e.f", R"({"b":{"d":{"e":[{}]}}})"},
        {"last.z", R"({"last":{"z":-1.50e+3}})"},
    }));
    constexpr auto text =
        R"( { "a":1, "b":{"c":"}]\"{[","d":{"e":[{}]}}, "list":[{"x":[1,{"y":2}],"z":[]},{"z":{}},5,[{"x":3}]],
        "esc\u0061ped":null,"other":[1,[2,{"a":"\\"}],"]"], "last":{"y":{},"z":-1.50e+3 } } )";
    document read;
    REQUIRE_FALSE(read.parse_again(text, *field_tree::of(fields)));
    INFO(fields);
    CHECK(rewritten(read.root()) == left);
}

TEST_CASE("A text that breaks off in what is passed over is refused") {
    const std::string whole = R"({"a":["\\",{"b":"long enough for eight\"and more"}],"c":1})";
    document read;
    for (std::size_t size = 0; size < whole.size(); ++size) {
        INFO(size);
        const auto error = read.parse_again(std::string_view(whole).substr(0, size), field_tree::none());
        REQUIRE(error);
        CHECK(error->offset <= size); // nothing behind it is looked at
    }
    CHECK_FALSE(read.parse_again(whole, field_tree::none()));
}

TEST_CASE("A string ends at its closing quote, and is refused at a control character, however far that is") {
    const auto before = GENERATE(range(std::size_t{0}, std::size_t{20}));
    const auto after = GENERATE(values<std::size_t>({0, 1, 7, 8, 9}));
    const std::string_view inside =
        GENERATE(values<std::string_view>({"", R"(\")", R"(\\)", R"(\\\")", "}", "\x7F", "\xC3\xA9",
                                           "\xF0\x9F\xA7\xAD", "\x1F", std::string_view("\0", 1)}));
    const std::string plain = std::string(before, ' ') + std::string(inside) + std::string(after, '!');
    const auto text = "{\"a\":\"" + plain + "\",\"b\":2,\"" + plain + "\":3}";
    INFO(text);
    document read;
    const auto error = read.parse(text);
    if (!inside.empty() && static_cast<unsigned char>(inside.front()) < 0x20U) {
        REQUIRE(error);
        CHECK(error->offset == 6 + before);
        return;
    }
    REQUIRE_FALSE(error);
    CHECK(read.root().member("a").raw() == '"' + plain + '"');
    CHECK(read.root().size() == 3);
    REQUIRE_FALSE(read.parse_again(text, *field_tree::of("b")));
    CHECK(rewritten(read.root()) == R"({"b":2})");
}

TEST_CASE("A doubled member and what is too deep are pointed at") {
    document read;
    CHECK(read.parse(R"({"x":[0,{"a":1,"b":2,"a":3}]})")->path == "/x/1/a");
    CHECK(read.parse(R"({"x":[0,{"a":[1]}]})", 3)->path == "/x/1/a");
}
