// What makes two readers of one connection disagree about where a request ends, or which of two headers
// counts, is refused before anything else is looked at (contract 1, "framing"). Pure functions, any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <waybill/result.hpp>

#include "message.hpp"

namespace waybill::http {

struct head_limits {
    std::size_t target = std::size_t{8} << 10U; ///< bytes of the request target
    std::size_t header_block = std::size_t{16}
                               << 10U; ///< bytes of the header lines with their ends, the empty one too
};

/// What the bytes at the beginning of a request come to.
struct head_scan {
    enum class verdict { incomplete, complete, malformed, target_too_long, block_too_long };
    verdict what = verdict::incomplete;
    std::size_t length = 0; ///< when complete: up to and with the empty line
    std::string message;    ///< when malformed
};

/// Looks at raw bytes for what a lenient parser would let pass: lines that do not end with CR LF, zero bytes,
/// folded headers; and for the limits.
head_scan scan_head(std::string_view bytes, const head_limits& limits);

/// Looks at the headers of a parsed request; nothing when they are sound.
std::optional<finding> check_framing(const request& parsed);

/// Path and query of a request target in origin or absolute form, or `*`; nothing when it is neither.
std::optional<std::string> origin_form(std::string_view target);

} // namespace waybill::http
