// Times of the language: intervals in milliseconds since 1970, in UTC, of the years 1 to 9999; and the
// windows that `occurs` asks for. Internal to the pql folder; pure functions, any thread, nothing is thrown.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "pql/number.hpp"
#include "pql/tree.hpp"

namespace waybill::pql {

/// An instant is one millisecond long, a date a day.
struct interval {
    std::int64_t begin = 0;
    std::int64_t end = 0; ///< the first millisecond behind it
};

/// RFC 3339 with or without an offset (then UTC), or `YYYY-MM-DD`.
std::optional<interval> read_time(std::string_view text);
/// Milliseconds since 1970.
std::optional<interval> time_of(std::int64_t milliseconds);
std::optional<interval> day_of(const number& year, const number& month, const number& day);

/// The `what` that a time lies in, and so many further.
interval period_of(std::int64_t time, unit what, std::int64_t further = 0);
/// So many units later, or earlier; months and longer by the calendar, not behind a month's last day. Ends at
/// the first and last moment that there are.
std::int64_t moved(std::int64_t time, unit what, std::int64_t by);

struct civil_date {
    std::int64_t year = 0;
    std::int64_t month = 0;
    std::int64_t day = 0;
};
civil_date date_of(std::int64_t time);

/// The beginnings of the times that are asked for.
struct window {
    std::int64_t begin = 0;
    std::int64_t end = 0;
    std::int64_t hole_begin = 0; ///< what lies in the hole is not asked for
    std::int64_t hole_end = 0;

    bool contains(std::int64_t time) const {
        return time >= begin && time < end && !(time >= hole_begin && time < hole_end);
    }
};

/// As `moment`, `relation`, `unit` and `number` of the node say, of one time or two.
window window_of(const node& asked, const interval& first, const interval& second);

} // namespace waybill::pql
