// The digits that store and batch ids are written in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace waybill::store {

/// `width` lower-case hex digits.
inline std::string hex(std::uint64_t number, std::size_t width) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text(width, '0');
    for (auto at = text.rbegin(); at != text.rend(); ++at, number >>= 4U)
        *at = digits[number & 0xFU];
    return text;
}

} // namespace waybill::store
