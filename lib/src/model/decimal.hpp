// Numbers inside the texts that clients and directories name things by: plain decimals, so that one number
// has no second spelling with a sign or a blank. Pure functions, any thread; what is no such number is
// nothing.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>

namespace waybill {

/// The whole text as a number of 0 to 2^63 - 1, digits only; leading zeros are fine.
inline std::optional<std::int64_t> parse_decimal(std::string_view text) {
    if (text.empty() || text.front() < '0' || text.front() > '9')
        return std::nullopt; // from_chars takes a minus
    std::int64_t number = 0;
    const auto* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, number);
    if (error != std::errc{} || end != last) return std::nullopt;
    return number;
}

} // namespace waybill
