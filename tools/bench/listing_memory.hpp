// What listing everything without a limit costs in memory, measured in a process of its own so that nothing
// else counts: pieces of 500 jobs, each written as text and dropped, as the host streams its answer.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include <waybill/tenant.hpp>

namespace waybill::bench {

struct listing_memory {
    std::int64_t jobs = 0;
    std::int64_t growth = 0; ///< bytes of anonymous memory above what the process had before, at the peak
};

/// Bytes, by a process's `/proc/…/status`.
std::int64_t anonymous_memory(const std::string& status = "/proc/self/status");

/// Lists in this process.
listing_memory list_everything(const std::filesystem::path& file, const tenant& owner);

/// Lists in a fresh process of this program, by its flag `--list-everything`.
listing_memory list_everything_apart(const std::filesystem::path& file);

} // namespace waybill::bench
