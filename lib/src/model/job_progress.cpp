#include <algorithm>
#include <limits>

#include <waybill/export_job.hpp>

namespace waybill {

std::optional<int> percent_looked_at(std::optional<std::int64_t> candidates, std::int64_t looked_at) {
    if (!candidates) return std::nullopt;
    if (looked_at >= *candidates) return 100;
    const auto done = std::max<std::int64_t>(looked_at, 0);
    if (done <= std::numeric_limits<std::int64_t>::max() / 100)
        return static_cast<int>(done * 100 / *candidates);
    return static_cast<int>(std::min<std::int64_t>(done / (*candidates / 100), 99));
}

} // namespace waybill
