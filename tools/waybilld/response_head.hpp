// The status line and headers of an answer as text. Pure functions, any thread.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "message.hpp"

namespace waybill::http {

/// How the body of an answer travels.
struct transfer {
    bool chunked = false; ///< its length is not known
    bool close = false;   ///< the connection ends after it
};

/// `HTTP/1.1 …` up to the empty line: the answer's own headers, then `Date`, `Content-Length` or
/// `Transfer-Encoding`, and `Connection: close`. An answer without a body by its status gets neither length.
std::string head_text(const response& answer, const transfer& how, std::chrono::system_clock::time_point now);

/// One chunk of a chunked body; nothing for an empty piece, which would end it.
std::string chunk_text(std::string_view piece);
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

} // namespace waybill::http
