// The project's own files as text, for the tests that hold it to its rules.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace waybill::test {

namespace fs = std::filesystem;

inline const fs::path source_root = WAYBILL_SOURCE_DIR;

inline std::string text_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// Every regular file below a folder of the project, but for what is built.
inline std::vector<fs::path> files_below(const std::string& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(source_root / folder))
        if (entry.is_regular_file()) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

inline bool is_source(const fs::path& file) {
    return file.extension() == ".cpp" || file.extension() == ".hpp";
}

inline std::string name_of(const fs::path& file) { return fs::relative(file, source_root).string(); }

/// What a file includes, as written between the quotes or brackets.
inline std::vector<std::string> includes_of(const fs::path& file) {
    static const std::regex include(R"(#include [<"]([^>"]+)[>"])");
    const auto text = text_of(file);
    std::vector<std::string> found;
    for (std::sregex_iterator at(text.begin(), text.end(), include), end; at != end; ++at)
        found.push_back((*at)[1]);
    return found;
}

using names = std::set<std::string>;

/// The texts of the string literals that stand one after the other from here on, as the compiler joins them.
inline std::string literal_at(const std::string& text, std::size_t at) {
    std::string joined;
    for (;;) {
        at = text.find_first_not_of(" \n", at);
        if (at == std::string::npos || text[at] != '"') return joined;
        for (++at; text[at] != '"'; ++at) {
            if (text[at] == '\\') ++at;
            joined += text[at];
        }
        ++at;
    }
}

/// The names of the tests in a file.
inline names tests_in(const fs::path& file) {
    const auto begin = std::string("TEST_CASE") + "("; // for the house reads this file too
    const auto text = text_of(file);
    names found;
    for (auto at = text.find(begin); at != std::string::npos; at = text.find(begin, at))
        found.insert(literal_at(text, at += begin.size()));
    return found;
}

} // namespace waybill::test
