#include <array>
#include <string_view>

#include <sys/random.h>

#include <waybill/segment_store.hpp>

namespace waybill {

std::string random_uuid() {
    std::array<unsigned char, 16> bytes{};
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
        throw store_failure(store_failure::kind::io, "getrandom failed");
    bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0FU) | 0x40U); // version 4
    bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3FU) | 0x80U); // the variant of the RFC
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        if (at == 4 || at == 6 || at == 8 || at == 10) text += '-';
        text += digits[bytes[at] >> 4U];
        text += digits[bytes[at] & 0x0FU];
    }
    return text;
}

} // namespace waybill
