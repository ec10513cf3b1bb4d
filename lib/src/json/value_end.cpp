#include "json/value_end.hpp"

#include <array>
#include <cstddef>

namespace waybill::json {
namespace {

/// What tells where a value ends.
constexpr auto structures = [] {
    std::array<bool, 256> out{};
    for (const char c : {'"', '{', '[', ',', '}', ']'})
        out[static_cast<unsigned char>(c)] = true;
    return out;
}();

/// From the opening quote of a string to its closing one, or to the end.
const char* closing_quote(const char* at, const char* end) {
    for (++at; at < end && *at != '"'; ++at)
        if (*at == '\\') ++at;
    return at < end ? at : end;
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
