// How records are kept: compact, without null members, every number and text spelled as it was sent.
// Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

#include "json/document.hpp"
#include "json/field_tree.hpp"

namespace waybill::profile {

/// Appends the value; what is null inside an object is dropped, inside an array it stays.
void append_compact(std::string& out, json::value what);

/// The same for an object, but for one of its members.
void append_compact_without(std::string& out, json::value object, std::string_view left_out);

/// Appends what is selected of a value that was kept by an import. False, and appends nothing, when that is
/// nothing.
bool append_selected(std::string& out, json::value from, const json::field_tree& fields);

/// A comma, unless an object or array has just been opened.
inline void separate(std::string& out) {
    if (out.back() != '{' && out.back() != '[') out.push_back(',');
}

} // namespace waybill::profile
