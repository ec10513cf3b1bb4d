#include <catch2/catch.hpp>

#include <sstream>
#include <string>
#include <vector>

#include "profile/record_reader.hpp"

using waybill::profile::record_reader;

namespace {

struct seen {
    std::int64_t line = 0;
    std::string text;
    bool operator==(const seen&) const = default;
};

std::ostream& operator<<(std::ostream& out, const seen& one) { return out << one.line << ": " << one.text; }

struct reading {
    std::vector<seen> records;
    std::vector<std::string> problems;
    std::optional<std::string> broken;
};

reading read(const std::string& input, std::size_t longest = record_reader::longest_record) {
    std::istringstream stream(input);
    record_reader reader(stream, longest);
    reading got;
    while (const auto record = reader.next()) {
        if (record->problem)
            got.problems.emplace_back(record->problem);
        else
            got.records.push_back({record->line, std::string(record->text)});
    }
    got.broken = reader.broken();
    CHECK(reader.bytes() <= static_cast<std::int64_t>(input.size()));
    return got;
}

} // namespace

TEST_CASE("NDJSON gives one record a line, with its number, and skips blank lines") {
    const auto got = read("{\"a\":1}\r\n\n   \n {\"b\":2} \n{\"c\":3}");
    CHECK(got.records == std::vector<seen>{{1, "{\"a\":1}"}, {4, "{\"b\":2}"}, {5, "{\"c\":3}"}});
    CHECK_FALSE(got.broken);
}

TEST_CASE("An array gives its elements, each with the line where it begins") {
    const auto got = read("\n[ {\"a\":[1,{\"x\":\"],}\\\"\"}]},\n\n  {\n\"b\":2\n} , 3\n]\n");
    CHECK(got.records ==
          std::vector<seen>{{2, "{\"a\":[1,{\"x\":\"],}\\\"\"}]}"}, {4, "{\n\"b\":2\n}"}, {6, "3"}});
    CHECK_FALSE(got.broken);
}

TEST_CASE("Input without records has none") {
    CHECK(read("").records.empty());
    CHECK(read(" \n\n").records.empty());
    CHECK(read("[]").records.empty());
    CHECK(read("[ \n ]\n").records.empty());
    CHECK_FALSE(read("[ ]").broken);
}

TEST_CASE("A byte order mark at the start is no part of the first record") {
    CHECK(read("\xEF\xBB\xBF{\"a\":1}\n").records == std::vector<seen>{{1, "{\"a\":1}"}});
    CHECK(read("\xEF\xBB\xBF[{\"a\":1}]").records == std::vector<seen>{{1, "{\"a\":1}"}});
    CHECK(read("\xEF\xBB\xBF").records.empty());
}

TEST_CASE("A place between commas that is empty is a record of its own, to be refused") {
    CHECK(read("[1,,2,]").records == std::vector<seen>{{1, "1"}, {1, ""}, {1, "2"}, {1, ""}});
}

TEST_CASE("An array that breaks off says where, and hands over what was whole") {
    const auto inside = read("[{\"a\":1},\n{\"b\":\"x");
    CHECK(inside.records == std::vector<seen>{{1, "{\"a\":1}"}});
    CHECK(inside.problems == std::vector<std::string>{"the array breaks off inside this record"});
    CHECK(inside.broken == "the array breaks off in line 2");

    const auto between = read("[{\"a\":1},\n");
    CHECK(between.records.size() == 1);
    CHECK(between.problems.empty());
    CHECK(between.broken == "the array breaks off in line 2");

    CHECK(read("[").broken);
}

TEST_CASE("Text after the end of an array is told") {
    const auto got = read("[{\"a\":1}]\n{\"b\":2}\n");
    CHECK(got.records.size() == 1);
    CHECK(got.broken);
}

TEST_CASE("A record may be as long as the limit and no longer, and the next one is read as if nothing were") {
    const std::string whole = "\"12345678\"";
    CHECK(read(whole + "\n2\n", 10).records == std::vector<seen>{{1, whole}, {2, "2"}});
    CHECK(read("[" + whole + ",2]", 10).records == std::vector<seen>{{1, whole}, {1, "2"}});

    const auto line = read(whole + "\n2\n", 9);
    CHECK(line.records == std::vector<seen>{{2, "2"}});
    CHECK(line.problems == std::vector<std::string>{"the record is too long"});
    const auto element = read("[" + whole + ",\n2]", 9);
    CHECK(element.records == std::vector<seen>{{2, "2"}});
    CHECK(element.problems == std::vector<std::string>{"the record is too long"});
}

TEST_CASE("A record is read whole wherever the blocks of the input end") {
    // Blocks are 256 KiB: every alignment of a string with escapes and brackets to the border of the first.
    const std::string tricky = R"({"t":"a\\\"]},[{","n":[1,{"o":"\\"}]})";
    for (std::size_t shift = 0; shift <= tricky.size() + 2; ++shift) {
        const std::string filler(262'144 - tricky.size() - 6 + shift, 'x');
        const std::vector<seen> expected{{1, '"' + filler + '"'}, {2, tricky}, {3, "7"}};
        CHECK(read('"' + filler + "\"\n" + tricky + "\n7\n").records == expected);
        CHECK(read("[\"" + filler + "\",\n" + tricky + ",\n7]").records == expected);
    }
}
