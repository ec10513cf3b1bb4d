#include "byte_range.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "header_text.hpp"

namespace waybill::http {

namespace {

using extent = wanted_bytes::extent;

/// The digits as a number, the highest there is when they are too many; nothing when it is no digits.
std::optional<std::int64_t> position(std::string_view digits) {
    if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos)
        return std::nullopt;
    return parse_number(digits, 0).value_or(std::numeric_limits<std::int64_t>::max());
}

/// `-5`: the last five.
wanted_bytes suffix(std::int64_t count, std::int64_t length) {
    if (count == 0) return {extent::nothing};
    if (length == 0) return {}; // all of an empty file, of which no part can be named
    const auto some = std::min(count, length);
    return {extent::part, length - some, some};
}

wanted_bytes from_to(std::int64_t first, std::int64_t last, std::int64_t length) {
    if (first >= length) return {extent::nothing};
    return {extent::part, first, std::min(last, length - 1) - first + 1};
}

wanted_bytes parse(std::string_view range, std::int64_t length) {
    const auto dash = range.find('-');
    if (dash == std::string_view::npos) return {};
    const auto first = position(range.substr(0, dash));
    const auto last = position(range.substr(dash + 1));
    if (dash == 0) return last ? suffix(*last, length) : wanted_bytes{};
    const bool open = dash + 1 == range.size();
    if (!first || (!last && !open) || (last && *last < *first)) return {};
    return from_to(*first, last.value_or(length), length);
}

} // namespace

wanted_bytes wanted_range(const request& asked, std::int64_t length, std::string_view tag) {
    constexpr std::string_view unit = "bytes=";
    if (!asked.is("GET") || asked.count("Range") != 1) return {};
    if (const auto same = asked.header("If-Range"); same && *same != tag) return {};
    const auto ranges = *asked.header("Range");
    if (ranges.size() < unit.size() || !same_token(ranges.substr(0, unit.size()), unit)) return {};
    return parse(ranges.substr(unit.size()), length);
}

std::string content_range(const wanted_bytes& part, std::int64_t length) {
    const auto total = '/' + std::to_string(length);
    if (part.what == extent::nothing) return "bytes *" + total;
    return "bytes " + std::to_string(part.first) + '-' + std::to_string(part.first + part.count - 1) + total;
}

} // namespace waybill::http
