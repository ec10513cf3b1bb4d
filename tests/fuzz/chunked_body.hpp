// A second reader of chunked bodies (RFC 9112, 7.1), written to be strict and plain rather than fast: what
// the host takes for a body must be the same to it. Pure functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace waybill::fuzz {

struct chunked_body {
    std::string text;
    std::size_t length = 0; ///< of what it took on the wire, with the trailers
};

/// The body at the front of these bytes; nothing when it is not whole, or not strictly well-formed.
std::optional<chunked_body> read_chunked_body(std::string_view bytes);

} // namespace waybill::fuzz
