#include "header_text.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace waybill::http {

namespace {

/// How many bytes the UTF-8 sequence at the front has; 0 when it is none.
std::size_t sequence_length(std::string_view text) noexcept {
    const auto byte = [text](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const unsigned lead = byte(0);
    const std::size_t length = lead < 0x80                    ? 1
                               : lead >= 0xC2 && lead <= 0xDF ? 2
                               : lead >= 0xE0 && lead <= 0xEF ? 3
                               : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                              : 0;
    if (length == 0 || length > text.size()) return 0;
    for (std::size_t at = 1; at < length; ++at)
        if ((byte(at) & 0xC0U) != 0x80U) return 0;
    // Overlong forms, surrogates, and what lies beyond U+10FFFF.
    if (lead == 0xE0 && byte(1) < 0xA0) return 0;
    if (lead == 0xED && byte(1) > 0x9F) return 0;
    if (lead == 0xF0 && byte(1) < 0x90) return 0;
    if (lead == 0xF4 && byte(1) > 0x8F) return 0;
    return length;
}

} // namespace

bool is_plain_text(std::string_view text) noexcept {
    while (!text.empty()) {
        const auto length = sequence_length(text);
        if (length == 0) return false;
        const auto first = static_cast<unsigned char>(text[0]);
        if (first < 0x20 || first == 0x7F) return false;
        text.remove_prefix(length);
    }
    return true;
}

bool is_visible_ascii(std::string_view text, std::size_t shortest, std::size_t longest) noexcept {
    return text.size() >= shortest && text.size() <= longest &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

std::optional<std::int64_t> parse_number(std::string_view text, std::int64_t least) noexcept {
    std::int64_t number = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, number);
    if (problem != std::errc{} || stop != end || number < least) return std::nullopt;
    return number;
}

} // namespace waybill::http
