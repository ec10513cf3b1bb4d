#include <regex>
#include <sstream>

#include "pql/asked.hpp"
#include "support/whole_file.hpp"

using namespace waybill::test;

namespace {

std::string page() { return bytes_of(WAYBILL_SEGMENTS_PAGE); }

/// The lines of its blocks in the language.
std::vector<std::string> examples() {
    std::vector<std::string> found;
    std::istringstream lines(page());
    bool within = false;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("```"))
            within = line == "```pql";
        else if (within)
            found.push_back(line);
    }
    return found;
}

} // namespace

TEST_CASE("every example of docs/segments.md is an expression") {
    CHECK(examples().size() > 20);
    for (const auto& one : examples()) {
        INFO(one);
        CHECK(error_of(one) == "");
    }
}

TEST_CASE("every error of docs/segments.md is found where it says") {
    const auto text = page();
    const std::regex row(R"(\| `(\w+)` \| [^|]* \| `([^`]+)` \| (\d+) \|)");
    int rows = 0;
    for (std::sregex_iterator at(text.begin(), text.end(), row), end; at != end; ++at, ++rows)
        CHECK(error_of((*at)[2]) == (*at)[1].str() + " " + (*at)[3].str());
    CHECK(rows == 11);
}

TEST_CASE("every function of the language is in docs/segments.md") {
    const auto text = page();
    for (const auto* name : {"equals",
                             "notEqualTo",
                             "startsWith",
                             "doesNotStartWith",
                             "endsWith",
                             "doesNotEndWith",
                             "contains",
                             "doesNotContain",
                             "isNull",
                             "isNotNull",
                             "exists",
                             "count",
                             "get",
                             "sum",
                             "average",
                             "min",
                             "max",
                             "includes",
                             "intersects",
                             "subsetOf",
                             "supersetOf",
                             "intersection",
                             "distinct",
                             "filter",
                             "keys",
                             "values",
                             "head",
                             "topN",
                             "bottomN",
                             "getMonth",
                             "getYear",
                             "getDayOfMonth",
                             "currentMonth",
                             "currentYear",
                             "currentDayOfMonth",
                             "inSegment",
                             "date",
                             "if",
                             "chain"}) {
        INFO(name);
        CHECK(std::regex_search(text, std::regex("[`.]" + std::string(name) + "[`(]|\n" + name + "\\(")));
    }
}
