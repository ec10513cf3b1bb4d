#include "exported_rows.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <string>

namespace waybill::bench {

namespace fs = std::filesystem;

std::vector<fs::path> exported_files(const fs::path& folder) {
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const auto name = entry.path().filename().string();
        if (entry.is_regular_file() && (name.starts_with("part-") || name == "out.ndjson"))
            found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

row_count exported_rows(const fs::path& folder) {
    const auto files = exported_files(folder);
    if (files.empty()) throw std::runtime_error("nothing was exported into " + folder.string());
    row_count count;
    std::vector<char> piece(std::size_t{1} << 20U);
    for (const auto& file : files) {
        std::ifstream in(file, std::ios::binary);
        while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0) {
            count.bytes += in.gcount();
            count.rows += std::count(piece.begin(), piece.begin() + in.gcount(), '\n');
        }
    }
    return count;
}

void expect_as_many_rows(const fs::path& ours, const fs::path& reference) {
    const auto expected = exported_rows(ours).rows;
    const auto found = exported_rows(reference).rows;
    if (expected != found)
        throw std::runtime_error("a reference did not do the same work: " + std::to_string(expected) +
                                 " rows were exported, and " + std::to_string(found) + " by it");
}

} // namespace waybill::bench
