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

} // namespace waybill::test
