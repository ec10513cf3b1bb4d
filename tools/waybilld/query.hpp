// Percent-decoding and query parameters. Pure functions, any thread; a malformed text is nothing, never
// thrown.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace waybill::http {

/// Replaces `%XX`; nothing when two hex digits do not follow a `%`. In a query `+` is a blank.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank = false);

struct query_parameter {
    std::string name;
    std::optional<std::string> value; ///< nothing when its percent-encoding is broken
};

/// In the order of the query. A parameter without `=` has an empty value; one whose name is broken is left
/// out, for it can be none that is known.
std::vector<query_parameter> parse_query(std::string_view query);

} // namespace waybill::http
