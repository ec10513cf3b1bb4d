#include "json/value_end.hpp"

#include <array>
#include <cstddef>

#include "json/characters.hpp"

namespace waybill::json {
namespace {

/// What tells where a value ends.
constexpr auto structures = [] {
    std::array<bool, 256> out{};
    for (const char c : {'"', '{', '[', ',', '}', ']'})
        out[static_cast<unsigned char>(c)] = true;
    return out;
}();

/// The next quote or backslash.
const char* quote_or_escape(const char* at, const char* end) {
    if constexpr (eight_characters::usable)
        for (; end - at >= eight_characters::size; at += eight_characters::size) {
            const eight_characters next(at);
            const auto found = next.equal_to('"') | next.equal_to('\\');
            if (found != 0) return at + eight_characters::before_first(found);
        }
    while (at != end && *at != '"' && *at != '\\')
        ++at;
    return at;
}

/// From the opening quote of a string to its closing one, or to the end.
const char* closing_quote(const char* at, const char* end) {
    for (at = quote_or_escape(at + 1, end); at != end && *at == '\\'; at = quote_or_escape(at + 2, end))
        if (end - at < 2) return end;
    return at;
}

} // namespace

const char* end_of_value(const char* at, const char* end) {
    std::size_t open = 0;
    for (; at != end; ++at) {
        while (at != end && !structures[static_cast<unsigned char>(*at)])
            ++at;
        if (at == end) return end;
        switch (*at) {
        case '"':
            at = closing_quote(at, end);
            if (at == end) return end;
            break;
        case '{':
        case '[': ++open; break;
        case ',':
            if (open == 0) return at;
            break;
        default:
            if (open == 0) return at;
            --open;
        }
    }
    return end;
}

} // namespace waybill::json
