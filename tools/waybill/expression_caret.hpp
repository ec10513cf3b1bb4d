// Shows where in an expression something is wrong. A pure function, any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace waybill::tool {

/// The line of the text in which this byte lies, or what is near it, and below it a line with a caret; each
/// begins with two blanks and a line's end. What could steer a terminal is replaced.
std::string caret_under(std::string_view text, std::size_t position);

} // namespace waybill::tool
