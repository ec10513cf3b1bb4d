#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "json/document.hpp"

using namespace waybill::json;
using namespace std::string_literals;

namespace {

constexpr std::string_view sample =
    R"({"id":100,"neg":-7,"price":0.10,"huge":1e400,"big":9007199254740993,"text":"a\"\\\u00e9\ud83d\ude00\n",)"
    R"("list":[1,[],{},[true,false,null],{"a":{"b":"c"}}],"":"empty","k\u0065y":" utf8 \u20ac" , "deep":[[[[]]]]})";

/// Writes a value anew from its parts.
void rewrite(std::string& out, const value& from) {
    if (from.is_string()) return append_string(out, from.text());
    if (!from.is_object() && !from.is_array()) {
        out += from.raw();
        return;
    }
    const auto begin = out.size();
    for (const auto child : from.children()) {
        if (out.size() > begin) out += ',';
        if (from.is_object()) {
            append_string(out, child.key());
            out += ':';
        }
        rewrite(out, child);
    }
    out.insert(begin, from.is_object() ? "{" : "[");
    out += from.is_object() ? '}' : ']';
}

} // namespace

TEST_CASE("A document gives its values, their kinds and their spelling") {
    document read;
    REQUIRE_FALSE(read.parse(sample));
    const auto root = read.root();
    CHECK(root.is_object());
    CHECK(root.size() == 10);
    CHECK(root.raw() == sample);
    CHECK(root.member("id").integer() == 100);
    CHECK(root.member("neg").integer() == -7);
    CHECK(root.member("price").raw() == "0.10");
    CHECK_FALSE(root.member("price").integer());
    CHECK(root.member("huge").raw() == "1e400");
    CHECK(root.member("big").integer() == 9007199254740993);
    CHECK(root.member("text").text() == "a\"\\\xC3\xA9\xF0\x9F\x98\x80\n");
    CHECK(root.member("").text() == "empty");
    CHECK(root.member("key").text() == " utf8 \xE2\x82\xAC");
    CHECK(root.member("key").raw_key() == R"("k\u0065y")");
    CHECK(root.member("key").key() == "key");

    const auto list = root.member("list");
    CHECK(list.is_array());
    std::vector<std::size_t> sizes;
    for (const auto element : list.children())
        sizes.push_back(element.size());
    CHECK(sizes == std::vector<std::size_t>{0, 0, 0, 3, 1});
}

TEST_CASE("What is not there is an empty value that reads as null") {
    document read;
    CHECK_FALSE(read.root());
    REQUIRE_FALSE(read.parse(R"({"a":[],"b":"x"})"));
    const auto missing = read.root().member("c");
    CHECK_FALSE(missing);
    CHECK(missing.is_null());
    CHECK(missing.raw().empty());
    CHECK(missing.text().empty());
    CHECK_FALSE(missing.integer());
    CHECK_FALSE(missing.member("d"));
    CHECK_FALSE(missing.first());
    CHECK_FALSE(missing.next());
    CHECK_FALSE(read.root().member("a").first());
    CHECK_FALSE(read.root().member("b").member("x"));
    CHECK_FALSE(read.root().member("b").next());
}

TEST_CASE("Integers outside 64 bits are numbers, but no integers") {
    document read;
    REQUIRE_FALSE(read.parse("[9223372036854775807,-9223372036854775808,9223372036854775808,1.0,1e2,-0]"));
    std::vector<std::optional<std::int64_t>> read_numbers;
    for (const auto element : read.root().children())
        read_numbers.push_back(element.integer());
    CHECK(read_numbers == std::vector<std::optional<std::int64_t>>{
                              9223372036854775807, INT64_MIN, std::nullopt, std::nullopt, std::nullopt, 0});
}

TEST_CASE("A document can be parsed anew, also after an error") {
    document read;
    REQUIRE_FALSE(read.parse(R"({"\u0061":1})"));
    REQUIRE(read.parse(R"({"b":)"));
    CHECK_FALSE(read.root());
    REQUIRE_FALSE(read.parse(R"(["c"])"));
    CHECK(read.root().first().text() == "c");
}

TEST_CASE("A document written anew means what it meant") {
    const std::string_view text =
        R"({"a":[1,-2.5,"x\u0000\u001f\u007f\"\\\/\b\f\n\r\t\ud83d\ude00\uffff",null,true],)"
        R"("\u00e9/~\"":{"":[[],{}]}})";
    document read;
    REQUIRE_FALSE(read.parse(text));
    std::string again;
    rewrite(again, read.root());
    CHECK(nlohmann::json::parse(again) == nlohmann::json::parse(text));
}

TEST_CASE("A text cut off at any byte is refused") {
    for (std::size_t length = 0; length < sample.size(); ++length) {
        const std::string cut(
            sample.substr(0, length)); // of its own, so that a sanitizer sees a step too far
        document read;
        const auto error = read.parse(cut);
        INFO(cut);
        REQUIRE(error);
        CHECK(error->code == "invalid_json");
        CHECK(error->offset <= length);
    }
}

TEST_CASE("A changed byte is refused exactly where a second reader refuses it") {
    std::string text(sample);
    text.replace(text.find("1e400"), 5, "1e3"); // the second reader knows only doubles
    text.replace(text.find("9007199254740993"), 16, "42");
    std::size_t refused = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        for (const char c : "\0\x1f \"\\,:[]{}019-+.eEunt\x7f\x80\xC3\xE2\xFF"s) {
            auto changed = text;
            changed[i] = c;
            document read;
            const auto error = read.parse(changed);
            if (error && error->code == "duplicate_member") continue;
            INFO(changed);
            const bool accepted = nlohmann::json::accept(changed);
            if (!error != accepted) CHECK(!error == accepted);
            if (error) ++refused;
        }
    }
    CHECK(refused > 1'000);
}

TEST_CASE("A text that is not UTF-8 is written with replacement characters") {
    std::string out;
    append_string(out, "/tmp/caf\xE9\xFF/\xE2\x82");
    CHECK(out == "\"/tmp/caf\xEF\xBF\xBD\xEF\xBF\xBD/\xEF\xBF\xBD\xEF\xBF\xBD\"");
    out.clear();
    append_string(out, std::string_view("\0\x1f", 2));
    CHECK(out == R"("\u0000\u001f")");
}

TEST_CASE("A pointer escapes tilde and slash") {
    std::string out;
    append_pointer(out, "a/b~c");
    CHECK(out == "/a~1b~0c");
}
