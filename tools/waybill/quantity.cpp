#include "quantity.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace waybill::tool {

std::string size_text(std::int64_t bytes) {
    constexpr std::array units{"KiB", "MiB", "GiB", "TiB"};
    if (bytes < 1024) return std::to_string(bytes) + " B";
    std::size_t unit = 0;
    auto rest = bytes;
    for (; rest >= 1024 * 1024 && unit + 1 < units.size(); ++unit)
        rest /= 1024;
    return std::to_string(rest / 1024) + '.' + std::to_string(rest % 1024 * 10 / 1024) + ' ' + units.at(unit);
}

std::string span_text(std::chrono::milliseconds span) {
    constexpr std::array<std::pair<std::int64_t, const char*>, 4> units{
        {{86'400, " d"}, {3'600, " h"}, {60, " min"}, {1, " s"}}};
    auto seconds = std::max(std::int64_t{0}, std::chrono::duration_cast<std::chrono::seconds>(span).count());
    for (std::size_t i = 0; i + 1 < units.size(); ++i) {
        const auto [length, name] = units.at(i);
        if (seconds < length) continue;
        auto text = std::to_string(seconds / length) + name;
        const auto [next_length, next_name] = units.at(i + 1);
        if (const auto rest = seconds % length / next_length; rest > 0)
            text += " " + std::to_string(rest) + next_name;
        return text;
    }
    return std::to_string(seconds) + " s";
}

} // namespace waybill::tool
