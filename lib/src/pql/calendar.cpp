#include "pql/calendar.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <string>

#include <waybill/timestamp.hpp>

namespace waybill::pql {
namespace {

using namespace std::chrono;

constexpr std::int64_t milliseconds_of(sys_days day) { return milliseconds(day.time_since_epoch()).count(); }

constexpr std::int64_t earliest = milliseconds_of(sys_days{year{1} / January / 1});
constexpr std::int64_t beyond = milliseconds_of(sys_days{year{10'000} / January / 1});
constexpr std::int64_t one_day = 86'400'000;

sys_days day_around(std::int64_t time) { return floor<days>(sys_time<milliseconds>(milliseconds(time))); }

/// Of units that are as long everywhere; 0 of the others.
std::int64_t length_of(unit what) {
    switch (what) {
    case unit::millisecond: return 1;
    case unit::second: return 1'000;
    case unit::minute: return 60'000;
    case unit::hour: return 3'600'000;
    case unit::day: return one_day;
    case unit::week: return 7 * one_day;
    default: return 0;
    }
}

std::int64_t months_in(unit what) {
    switch (what) {
    case unit::year: return 12;
    case unit::decade: return 120;
    case unit::century: return 1'200;
    case unit::millennium: return 12'000;
    default: return 1;
    }
}

/// Counted from the year 0.
std::int64_t month_number(const civil_date& date) { return date.year * 12 + date.month - 1; }

std::int64_t first_of_month(std::int64_t number) {
    if (number < 12) return earliest;
    if (number >= 120'000) return beyond;
    const auto y = year{static_cast<int>(number / 12)};
    return milliseconds_of(sys_days{y / static_cast<int>(number % 12 + 1) / 1});
}

std::int64_t clamped(std::int64_t time) { return std::clamp(time, earliest, beyond - 1); }

std::int64_t moved_by_months(std::int64_t time, std::int64_t months) {
    const auto date = date_of(time);
    const auto number = month_number(date) + months;
    if (number < 12) return earliest;
    if (number >= 120'000) return beyond - 1;
    const auto first = first_of_month(number);
    const auto length = (first_of_month(number + 1) - first) / one_day;
    const auto midnight = milliseconds_of(day_around(time));
    return first + (std::min(date.day, length) - 1) * one_day + (time - midnight);
}

std::optional<int> small_whole(const number& value) {
    constexpr int most = 9'999;
    for (const int limit : {0, most}) {
        const auto order = compare(value, number{.integer = limit});
        if (limit == 0 ? order < 0 : order > 0) return std::nullopt;
    }
    const auto whole = static_cast<int>(value.as_double());
    if (compare(value, number{.integer = whole}) != 0) return std::nullopt;
    return whole;
}

std::optional<interval> day_of(int y, int m, int d) {
    const year_month_day date{year{y}, month{static_cast<unsigned>(m)}, day{static_cast<unsigned>(d)}};
    if (y < 1 || y > 9'999 || m > 12 || d > 31 || !date.ok()) return std::nullopt;
    const auto begin = milliseconds_of(sys_days{date});
    return interval{begin, begin + one_day};
}

std::optional<int> digits(std::string_view text) {
    int value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

std::optional<interval> read_day(std::string_view text) {
    if (text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto y = digits(text.substr(0, 4));
    const auto m = digits(text.substr(5, 2));
    const auto d = digits(text.substr(8, 2));
    return y && m && d ? day_of(*y, *m, *d) : std::nullopt;
}

/// With a `Z` where there is no offset.
std::optional<timestamp> read_instant(std::string_view text) {
    constexpr std::size_t time_begins = 11;
    constexpr std::size_t enough = 40;
    if (text.find_first_of("Zz+-", time_begins) != std::string_view::npos) return parse_rfc3339(text);
    if (text.size() >= enough) return parse_rfc3339(std::string(text) + "Z");
    std::array<char, enough> with_zone;
    *std::copy(text.begin(), text.end(), with_zone.begin()) = 'Z';
    return parse_rfc3339({with_zone.data(), text.size() + 1});
}

} // namespace

std::optional<interval> read_time(std::string_view text) {
    constexpr std::size_t date_length = 10;
    if (text.size() == date_length) return read_day(text);
    if (text.size() <= date_length) return std::nullopt;
    const auto instant = read_instant(text);
    return instant ? time_of(instant->time_since_epoch().count()) : std::nullopt;
}

std::optional<interval> time_of(std::int64_t milliseconds) {
    if (milliseconds < earliest || milliseconds >= beyond) return std::nullopt;
    return interval{milliseconds, milliseconds + 1};
}

std::optional<interval> day_of(const number& year, const number& month, const number& day) {
    const auto y = small_whole(year);
    const auto m = small_whole(month);
    const auto d = small_whole(day);
    return y && m && d ? day_of(*y, *m, *d) : std::nullopt;
}

civil_date date_of(std::int64_t time) {
    const year_month_day date{day_around(time)};
    return {int{date.year()}, unsigned{date.month()}, unsigned{date.day()}};
}

interval period_of(std::int64_t time, unit what, std::int64_t further) {
    if (const auto length = length_of(what); length != 0) {
        // The first day of 1970 was a Thursday.
        const std::int64_t origin = what == unit::week ? 4 * one_day : 0;
        const auto since = time - origin;
        const auto begin = time - ((since % length) + length) % length + further * length;
        return {std::max(begin, earliest), std::min(begin + length, beyond)};
    }
    const auto months = months_in(what);
    const auto number = month_number(date_of(time)) / months * months + further * months;
    return {first_of_month(number), first_of_month(number + months)};
}

std::int64_t moved(std::int64_t time, unit what, std::int64_t by) {
    constexpr auto whole = beyond - earliest;
    if (const auto length = length_of(what); length != 0) {
        if (by > whole / length) return beyond - 1;
        if (by < -(whole / length)) return earliest;
        return clamped(time + by * length);
    }
    constexpr std::int64_t all_months = 120'000;
    const auto months = std::clamp(by, -all_months, all_months) * months_in(what);
    return moved_by_months(time, months);
}

window window_of(const node& asked, const interval& first, const interval& second) {
    constexpr auto least = std::numeric_limits<std::int64_t>::min();
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    switch (asked.moment) {
    case moment::any: return {least, most};
    case moment::on: return {first.begin, first.end};
    case moment::before: return {least, first.begin};
    case moment::after: return {first.end, most};
    case moment::between: return {first.begin, second.end};
    default: break;
    }
    const bool back = asked.moment == moment::distance_before;
    const auto origin = first.begin;
    const auto bound = moved(origin, asked.unit, back ? -asked.number : asked.number);
    const window side = back ? window{least, origin} : window{origin + 1, most};
    const auto around = period_of(bound, asked.unit);
    switch (asked.relation) {
    case relation::equal: return {std::max(around.begin, side.begin), std::min(around.end, side.end)};
    case relation::not_equal: return {side.begin, side.end, around.begin, around.end};
    case relation::less_equal: return back ? window{bound, side.end} : window{side.begin, bound + 1};
    case relation::less: return back ? window{bound + 1, side.end} : window{side.begin, bound};
    case relation::greater: return back ? window{least, bound} : window{bound + 1, most};
    case relation::greater_equal:
        return back ? window{least, std::min(bound + 1, origin)} : window{std::max(bound, origin + 1), most};
    }
    return {};
}

} // namespace waybill::pql
