// The characters of JSON strings: UTF-8 as RFC 3629 has it (shortest form, no surrogates, nothing above
// U+10FFFF) and the escapes of RFC 8259. Internal to the json folder; pure functions, any thread, nothing is
// thrown.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace waybill::json {

/// By byte: quote, backslash, control characters, and all of a UTF-8 sequence.
inline constexpr auto plain_run_ends = [] {
    std::array<bool, 256> ends{};
    for (std::size_t i = 0; i < ends.size(); ++i)
        ends[i] = i < 0x20 || i == '"' || i == '\\' || i >= 0x80;
    return ends;
}();
/// Whether the character ends a run of a string that stands there as it is.
constexpr bool ends_plain_run(char c) { return plain_run_ends[static_cast<unsigned char>(c)]; }

/// Length of the UTF-8 sequence at `at`, which is before `end`; 0 when there is none.
std::size_t utf8_length(const char* at, const char* end);

/// The four hex digits at `at`.
std::optional<unsigned> hex4(const char* at, const char* end);

/// The characters of a valid JSON string, given with its quotes.
std::string decode_string(std::string_view raw);

} // namespace waybill::json
