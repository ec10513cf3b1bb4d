// What an export has left on the disk, of ours or of a reference, counted from the files themselves: the
// proof that both did the same work. Any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace waybill::bench {

/// The files of rows that an export has left below this directory, of ours or of a reference: `part-…`, or
/// `out.ndjson`.
std::vector<std::filesystem::path> exported_files(const std::filesystem::path& folder);

struct row_count {
    std::int64_t rows = 0;
    std::int64_t bytes = 0;
};
/// Of `exported_files`, which are NDJSON. Throws when there are none.
row_count exported_rows(const std::filesystem::path& folder);

/// Throws, with both names, when not as many rows were exported into one as into the other.
void expect_as_many_rows(const std::filesystem::path& ours, const std::filesystem::path& reference);

} // namespace waybill::bench
