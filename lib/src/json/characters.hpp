// The characters of JSON strings: UTF-8 as RFC 3629 has it (shortest form, no surrogates, nothing above
// U+10FFFF) and the escapes of RFC 8259. Internal to the json folder; pure functions, any thread, nothing is
// thrown.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace waybill::json {

/// Length of the UTF-8 sequence at `at`, which is before `end`; 0 when there is none.
std::size_t utf8_length(const char* at, const char* end);

/// The four hex digits at `at`.
std::optional<unsigned> hex4(const char* at, const char* end);

/// The characters of a valid JSON string, given with its quotes.
std::string decode_string(std::string_view raw);

} // namespace waybill::json
