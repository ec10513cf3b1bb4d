// What texts from headers may hold before they are kept or echoed. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace waybill::http {

/// UTF-8 without control characters.
bool is_plain_text(std::string_view text) noexcept;

/// `shortest` to `longest` characters, each visible ASCII (without the blank).
bool is_visible_ascii(std::string_view text, std::size_t shortest, std::size_t longest) noexcept;

} // namespace waybill::http
