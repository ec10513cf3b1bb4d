// How records are kept: compact, without null members, every number and text spelled as it was sent.
// Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

#include "json/document.hpp"

namespace waybill::profile {

/// Appends the value; what is null inside an object is dropped, inside an array it stays.
void append_compact(std::string& out, json::value what);

/// The same for an object, but for one of its members.
void append_compact_without(std::string& out, json::value object, std::string_view left_out);

/// A comma, unless an object or array has just been opened.
inline void separate(std::string& out) {
    if (out.back() != '{' && out.back() != '[') out.push_back(',');
}

} // namespace waybill::profile
