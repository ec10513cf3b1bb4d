#include "pql/number.hpp"

#include <charconv>
#include <cmath>
#include <limits>

namespace waybill::pql {
namespace {

__extension__ using wide = __int128;

number of_wide(wide exact) {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    constexpr auto least = std::numeric_limits<std::int64_t>::min();
    if (exact >= least && exact <= most) return {.integer = static_cast<std::int64_t>(exact)};
    return {.whole = false, .real = static_cast<double>(exact)};
}

std::optional<number> of_real(double value) {
    if (std::isnan(value)) return std::nullopt;
    return number{.whole = false, .real = value};
}

bool is_zero(const number& a) { return a.whole ? a.integer == 0 : a.real == 0; }

/// Whether a text that no double can hold is too large for one, rather than too small.
bool is_large(std::string_view text) {
    const auto e = text.find_first_of("eE");
    const auto mantissa = text.substr(0, e);
    const auto point = std::min(mantissa.find('.'), mantissa.size());
    const auto digit = mantissa.find_first_of("123456789");
    if (digit == std::string_view::npos) return false;
    const auto place = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(digit);
    if (e == std::string_view::npos) return place > 0;
    auto exponent = text.substr(e + 1);
    const bool negative = exponent.starts_with('-');
    if (negative || exponent.starts_with('+')) exponent.remove_prefix(1);
    std::int64_t distance = 0;
    const auto [end, error] = std::from_chars(exponent.data(), exponent.data() + exponent.size(), distance);
    if (error != std::errc{})
        return !negative; // of more than 18 digits, beside which no text's length counts
    return (negative ? -distance : distance) + place > 0;
}

std::strong_ordering compare(std::int64_t a, double b) {
    constexpr double beyond = 9223372036854775808.0; // 2^63
    if (b >= beyond) return std::strong_ordering::less;
    if (b < -beyond) return std::strong_ordering::greater;
    const double floor = std::floor(b);
    const auto order = a <=> static_cast<std::int64_t>(floor);
    return order == 0 && floor < b ? std::strong_ordering::less : order;
}

std::strong_ordering compare(double a, double b) {
    if (a == b) return std::strong_ordering::equal;
    return a < b ? std::strong_ordering::less : std::strong_ordering::greater;
}

} // namespace

number parse_number(std::string_view text) {
    const auto* const end = text.data() + text.size();
    number out;
    const auto [stop, error] = std::from_chars(text.data(), end, out.integer);
    if (error == std::errc{} && stop == end) return out;
    out.whole = false;
    const auto read = std::from_chars(text.data(), end, out.real);
    if (read.ec == std::errc{}) return out;
    out.real = is_large(text) ? std::numeric_limits<double>::infinity() : 0.0;
    if (text.starts_with('-')) out.real = -out.real;
    return out;
}

std::strong_ordering compare(const number& a, const number& b) {
    if (a.whole && b.whole) return a.integer <=> b.integer;
    if (a.whole) return compare(a.integer, b.real);
    if (b.whole) return 0 <=> compare(b.integer, a.real);
    return compare(a.real, b.real);
}

std::optional<number> add(const number& a, const number& b) {
    if (a.whole && b.whole) return of_wide(wide{a.integer} + b.integer);
    return of_real(a.as_double() + b.as_double());
}

std::optional<number> subtract(const number& a, const number& b) {
    if (a.whole && b.whole) return of_wide(wide{a.integer} - b.integer);
    return of_real(a.as_double() - b.as_double());
}

std::optional<number> multiply(const number& a, const number& b) {
    if (a.whole && b.whole) return of_wide(wide{a.integer} * b.integer);
    return of_real(a.as_double() * b.as_double());
}

std::optional<number> divide(const number& a, const number& b) {
    if (is_zero(b)) return std::nullopt;
    return of_real(a.as_double() / b.as_double());
}

std::optional<number> remainder(const number& a, const number& b) {
    if (is_zero(b)) return std::nullopt;
    if (!a.whole || !b.whole) return of_real(std::fmod(a.as_double(), b.as_double()));
    return number{.integer =
                      b.integer == -1 ? 0 : a.integer % b.integer}; // the processor traps at least % -1
}

number negate(const number& a) {
    if (a.whole) return of_wide(-wide{a.integer});
    return {.whole = false, .real = -a.real};
}

} // namespace waybill::pql
