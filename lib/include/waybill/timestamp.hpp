// The one type for moments on the wall clock, and its RFC 3339 text. Pure functions, any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace waybill {

/// Milliseconds since 1970-01-01T00:00:00Z, without leap seconds, as `creationTime` and `updateTime` are.
using timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

/// Reads an RFC 3339 `date-time` with any offset: `2018-01-01T00:00:00Z`, `2018-01-01t01:00:00.5+01:00`.
/// Digits beyond milliseconds are cut off; second 60 is read as the first moment of the next minute.
/// Nothing when the text is anything else, a date that does not exist, or a year outside 0000 to 9999.
std::optional<timestamp> parse_rfc3339(std::string_view text);

/// The same, or a plain decimal: milliseconds since the epoch.
std::optional<timestamp> parse_moment(std::string_view text);

/// `2018-01-01T00:00:00.000Z`, always with milliseconds and in UTC.
std::string to_rfc3339(timestamp moment);

/// The system clock, cut to milliseconds.
timestamp wall_clock();

} // namespace waybill
