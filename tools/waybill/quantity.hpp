// Sizes and spans of time as people say them. Pure functions, any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace waybill::tool {

/// `512 B`, `1.5 KiB`, `64.0 MiB`
std::string size_text(std::int64_t bytes);

/// In the two largest units that fit: `45 s`, `3 min 20 s`, `2 h 5 min`, `4 d 7 h`. Less than nothing is `0
/// s`.
std::string span_text(std::chrono::milliseconds span);

} // namespace waybill::tool
