// Which bytes of a file a request wants: `Range` and `If-Range` (RFC 9110). Pure functions, any thread; what
// cannot be read counts as not said.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "message.hpp"

namespace waybill::http {

struct wanted_bytes {
    enum class extent { whole, part, nothing }; ///< nothing: what is asked for lies behind the end
    extent what = extent::whole;
    std::int64_t first = 0;
    std::int64_t count = 0; ///< from `first` on; within the file

    friend bool operator==(const wanted_bytes&, const wanted_bytes&) = default;
};

/// Of a file of this length. A single range is served; several, and those of another entity tag than `tag`
/// (strong, with its quotes), are answered with the whole, as is any method but `GET`.
wanted_bytes wanted_range(const request& asked, std::int64_t length, std::string_view tag);

/// `bytes 0-4/10`, for `Content-Range`.
std::string content_range(const wanted_bytes& part, std::int64_t length);

} // namespace waybill::http
