// What texts of a request may hold before they are kept, echoed or taken for numbers. Pure functions, any
// thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace waybill::http {

/// UTF-8 without control characters.
bool is_plain_text(std::string_view text) noexcept;

/// `shortest` to `longest` characters, each visible ASCII (without the blank).
bool is_visible_ascii(std::string_view text, std::size_t shortest, std::size_t longest) noexcept;

/// The whole text as a number of at least `least`.
std::optional<std::int64_t> parse_number(std::string_view text, std::int64_t least) noexcept;

} // namespace waybill::http
