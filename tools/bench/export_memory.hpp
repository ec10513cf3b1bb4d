// What an export of everything costs in memory, measured in a process of its own so that nothing else counts.
#pragma once

#include <cstdint>
#include <filesystem>

namespace waybill::bench {

struct export_memory {
    std::int64_t rows = 0;
    std::int64_t peak = 0; ///< bytes of anonymous memory, looked at every few milliseconds
};

/// Exports in this process, into a directory that is not there before and not after.
export_memory export_everything(const std::filesystem::path& profiles, const std::filesystem::path& datasets);

/// The same in a fresh process of this program, by its flag `--export-everything`.
export_memory export_everything_apart(const std::filesystem::path& profiles,
                                      const std::filesystem::path& datasets);

} // namespace waybill::bench
