// The document of segment definitions on the wire (docs/segment_definitions.md): reading requests with all
// findings at once, writing answers straight to text. Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/json.hpp>
#include <waybill/result.hpp>
#include <waybill/segment_definition.hpp>

namespace waybill {

struct new_segment {
    std::optional<std::string> id{}; ///< when one was given
    segment_changes members{};
};

/// Reads the body of a create. `null` is the same as absent. On failure `findings` has every place that
/// breaks a rule, the expression's among them.
result<new_segment> parse_new_segment(std::string_view body, const json_limits& limits = {});

/// Reads the body of an update: members that are there replace, `null` takes away. Likewise.
result<segment_changes> parse_segment_changes(std::string_view body, const json_limits& limits = {});

/// Reads `{"ids":[{"id":"…"}]}`, or the list alone, of objects or of texts: 1 to `limits.segments` ids.
result<std::vector<std::string>> parse_segment_ids(std::string_view body, const json_limits& limits = {});

/// Appends the definition.
void append_json(std::string& out, const segment_definition& definition);

/// Appends the page document: `segments`, `page`, `link`.
void append_json(std::string& out, const segment_page& page, const segment_query& asked);

} // namespace waybill
