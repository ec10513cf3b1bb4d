// The documents that name a test for each rule name tests that there are.
#include <map>

#include <catch2/catch.hpp>

#include "house/source_tree.hpp"

using namespace waybill::test;

namespace {

/// The tests that CMake names itself, by part.
void add_named_by_cmake(const std::string& text, std::map<std::string, names>& parts) {
    static const std::regex named("add_test\\(NAME \"([a-z]+):([^\"$]+)\"");
    for (std::sregex_iterator at(text.begin(), text.end(), named), end; at != end; ++at)
        parts[(*at)[1]].insert((*at)[2]);
}

/// The tests of each part, by the lists of sources that the parts are built from.
std::map<std::string, names> tests_by_part() {
    static const std::regex source("[a-z0-9_]+/[a-z0-9_]+\\.tests\\.cpp");
    static const std::regex part_name("waybill_tests\\(([a-z]+)");
    std::map<std::string, names> parts;
    for (const auto& file : files_below("tests")) {
        if (file.extension() != ".cmake") continue;
        const auto text = text_of(file);
        add_named_by_cmake(text, parts);
        for (std::sregex_iterator at(text.begin(), text.end(), part_name), end; at != end; ++at) {
            const auto next = std::next(at);
            const auto list =
                text.substr(static_cast<std::size_t>(at->position()),
                            next == end ? std::string::npos
                                        : static_cast<std::size_t>(next->position() - at->position()));
            for (std::sregex_iterator one(list.begin(), list.end(), source); one != end; ++one)
                parts[(*at)[1]].merge(tests_in(source_root / "tests" / one->str()));
        }
    }
    return parts;
}

/// `…` stands for anything, with or without the blanks around it.
std::string pattern_of(const std::string& text) {
    static const std::regex gap(" *… *");
    return std::regex_replace(text, gap, "…");
}

bool fits(std::string_view name, std::string_view pattern) {
    constexpr std::string_view dots = "…";
    const auto gap = pattern.find(dots);
    if (gap == std::string_view::npos) return name == pattern;
    if (!name.starts_with(pattern.substr(0, gap))) return false;
    const auto rest = pattern.substr(gap + dots.size());
    for (auto at = gap; at <= name.size(); ++at)
        if (fits(name.substr(at), rest)) return true;
    return false;
}

struct named_test {
    std::string part;
    std::string name;
};

/// What stands between backticks in a cell; a name without a part is of the part before it.
std::vector<named_test> tests_named_in(const std::string& cell) {
    static const std::regex quoted("`([^`]+)`");
    static const std::regex with_part("([a-z]+): ?(.*)");
    std::vector<named_test> named;
    std::string part;
    for (std::sregex_iterator at(cell.begin(), cell.end(), quoted), end; at != end; ++at) {
        auto text = (*at)[1].str();
        if (std::smatch found; std::regex_match(text, found, with_part)) {
            part = found[1];
            text = found[2];
        }
        // A part as a whole, a file or a command is no name: each test's is a sentence.
        if (text.find(' ') != std::string::npos) named.push_back({part, text});
    }
    return named;
}

/// The second cells of the tables whose second column has tests.
std::vector<std::string> test_cells(const fs::path& document) {
    static const std::regex head("\\| (promise|rule|limit) \\| tests? \\|");
    std::ifstream lines(document);
    std::vector<std::string> cells;
    bool within = false;
    for (std::string line; std::getline(lines, line);) {
        if (std::regex_match(line, head))
            within = true;
        else if (line.empty())
            within = false;
        else if (within && line.starts_with("| "))
            cells.push_back(line.substr(line.find(" | ") + 3));
    }
    return cells;
}

} // namespace

TEST_CASE("every test that a document names for a rule exists") {
    const auto parts = tests_by_part();
    CHECK(parts.size() >= 15);
    for (const auto* const document : {"docs/rules.md", "docs/reliability.md"}) {
        std::size_t seen = 0;
        for (const auto& cell : test_cells(source_root / document))
            for (const auto& [part, name] : tests_named_in(cell)) {
                const auto pattern = pattern_of(name);
                INFO(document << " names " << part << ": " << name);
                ++seen;
                const auto found = parts.find(part);
                if (part == "fuzz") continue; // its tests are named by CMake
                REQUIRE(found != parts.end());
                CHECK(std::any_of(found->second.begin(), found->second.end(),
                                  [&](const auto& each) { return fits(each, pattern); }));
            }
        CHECK(seen > 50);
    }
}

TEST_CASE("every rule of docs/rules.md names a test, and in full") {
    const auto cells = test_cells(source_root / "docs/rules.md");
    CHECK(cells.size() > 100);
    for (const auto& cell : cells) {
        INFO(cell);
        CHECK_FALSE(tests_named_in(cell).empty());
        CHECK(cell.find("…") == std::string::npos);
    }
}
