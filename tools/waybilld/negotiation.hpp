// What becomes of a handler's answer by what its request says of the form it wants: 304 when the client has
// it already, gzip when it takes that. Plain functions, any thread; nothing is thrown but for memory.
#pragma once

#include <cstddef>

#include "message.hpp"

namespace waybill::http {

/// JSON of fewer bytes is sent as it is.
inline constexpr std::size_t shortest_gzip = 1'024;

/// For answers of any kind. 304 is for GETs and HEADs of status 200 with an entity tag, gzip for JSON; the tag of what
/// is compressed becomes weak, so that it is still the one of the same state.
void negotiate(response& answer, const request& asked);

} // namespace waybill::http
