// The proof that a floor did the same work: every table of both files has as many rows, and every column as
// many values that are not null. One thread at a time.
#pragma once

#include <filesystem>

namespace waybill::bench {

/// Throws `std::runtime_error` that names the first difference.
void expect_same_rows(const std::filesystem::path& ours, const std::filesystem::path& floor);

} // namespace waybill::bench
