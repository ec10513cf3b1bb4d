// Which allocations of a run fail, as the environment says.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>

namespace waybill::test {

/// Asks `run` for some of the points of a run that makes so many allocations, spread evenly:
/// `WAYBILL_MEMORY_POINTS` of them (`all`: every one), or the one that `WAYBILL_MEMORY_FIRST` says.
inline void at_memory_points(std::int64_t usually, std::int64_t allocations,
                             const std::function<void(std::int64_t)>& run) {
    if (const char* const only = std::getenv("WAYBILL_MEMORY_FIRST")) return run(std::stoll(only));
    if (const char* const given = std::getenv("WAYBILL_MEMORY_POINTS"))
        usually = std::string(given) == "all" ? allocations : std::stoll(given);
    const auto stride = std::max<std::int64_t>(allocations / std::max<std::int64_t>(usually, 1), 1);
    const auto offset = std::random_device{}() % static_cast<std::uint64_t>(stride);
    for (auto first = 1 + static_cast<std::int64_t>(offset); first <= allocations; first += stride)
        run(first);
}

} // namespace waybill::test
