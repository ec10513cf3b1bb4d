// Numbers as the language has them: an exact 64-bit integer, or a double, which may be infinite. Internal to
// the pql folder; pure functions, any thread, nothing is thrown.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace waybill::pql {

struct number {
    bool whole = true; ///< `integer` counts, else `real`
    std::int64_t integer = 0;
    double real = 0;

    double as_double() const { return whole ? static_cast<double>(integer) : real; }
};

/// Of a number's text as JSON or the language has it. An integer beyond 64 bits is a double, and so is what
/// has a fraction or exponent; out of range it is infinite, or 0.
number parse_number(std::string_view text);

/// By value, also of an integer and a double; no number here is NaN.
std::strong_ordering compare(const number& a, const number& b);

/// An integer that does not fit becomes a double. Nothing where the result would be no number.
std::optional<number> add(const number& a, const number& b);
std::optional<number> subtract(const number& a, const number& b);
std::optional<number> multiply(const number& a, const number& b);
std::optional<number> divide(const number& a, const number& b);    ///< always a double
std::optional<number> remainder(const number& a, const number& b); ///< with the sign of `a`
number negate(const number& a);

} // namespace waybill::pql
