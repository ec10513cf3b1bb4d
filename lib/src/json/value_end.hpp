// Passes values of a text that is known to be right, without reading them. Internal to the json folder; pure
// functions, any thread, nothing is thrown.
#pragma once

namespace waybill::json {

/// Where what follows the value at `at` stands: the comma or bracket after it, or `end`.
const char* end_of_value(const char* at, const char* end);

} // namespace waybill::json
