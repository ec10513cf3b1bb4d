// Tries an expression on one profile, for whoever writes segments. A pure function, any thread.
#pragma once

#include <string_view>

#include <waybill/result.hpp>
#include <waybill/timestamp.hpp>

namespace waybill {

/// Whether the expression holds of a profile, a JSON object, with events as NDJSON or one JSON array. Of
/// segments it is in those that its own `segmentMembership` says. `invalid`: a finding `invalid_expression`
/// with reason and position, or `invalid_json` at `/profile` or `/events/<n>`.
result<bool> try_expression(std::string_view expression, std::string_view profile,
                            std::string_view events = {}, timestamp now = wall_clock());

} // namespace waybill
