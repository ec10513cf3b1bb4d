#include "trace_context.hpp"

#include <algorithm>

namespace waybill::http {

namespace {

constexpr std::size_t known_length = 55; ///< of version 00: `00-<32 digits>-<16 digits>-<2 digits>`

bool is_lower_hex(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_zero(std::string_view digits) noexcept {
    return digits.find_first_not_of('0') == std::string_view::npos;
}

/// A later version may go on after what version 00 has.
bool has_length_of(std::string_view version, std::string_view header) noexcept {
    if (version == "00") return header.size() == known_length;
    return header.size() == known_length || header[known_length] == '-';
}

} // namespace

std::string_view trace_id_of(const request& asked) noexcept {
    if (asked.count("traceparent") != 1) return {};
    const auto header = *asked.header("traceparent");
    if (header.size() < known_length) return {};
    const auto version = header.substr(0, 2);
    const auto trace = header.substr(3, 32);
    const auto parent = header.substr(36, 16);
    const auto flags = header.substr(53, 2);
    if (header[2] != '-' || header[35] != '-' || header[52] != '-') return {};
    for (const auto digits : {version, trace, parent, flags})
        if (!is_lower_hex(digits)) return {};
    if (version == "ff" || !has_length_of(version, header) || is_zero(trace) || is_zero(parent)) return {};
    return trace;
}

} // namespace waybill::http
