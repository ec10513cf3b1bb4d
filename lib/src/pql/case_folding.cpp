#include "pql/case_folding.hpp"

#include <algorithm>

namespace waybill::pql {
namespace {

constexpr std::uint32_t ascii = 0x80;

char32_t folded(char32_t code) {
    if (code < ascii) return code >= U'A' && code <= U'Z' ? code + 32 : code;
    const auto* const found =
        std::lower_bound(foldings.begin(), foldings.end(), code,
                         [](const folding& one, char32_t wanted) { return one.from < wanted; });
    return found != foldings.end() && found->from == code ? found->to : code;
}

/// Takes a character from the front of valid UTF-8.
char32_t take_character(std::string_view& text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const char32_t first = byte(0);
    if (first < ascii || text.size() < 2) {
        text.remove_prefix(1);
        return first;
    }
    const std::size_t length = std::min<std::size_t>(first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4, text.size());
    char32_t code = first & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i)
        code = (code << 6U) | (byte(i) & 0x3FU);
    text.remove_prefix(length);
    return code;
}

void append_character(std::string& out, char32_t code) {
    const auto put = [&](char32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (code < ascii) return put(code);
    if (code < 0x800) {
        put(0xC0U | (code >> 6U));
    } else {
        if (code < 0x10000) {
            put(0xE0U | (code >> 12U));
        } else {
            put(0xF0U | (code >> 18U));
            put(0x80U | ((code >> 12U) & 0x3FU));
        }
        put(0x80U | ((code >> 6U) & 0x3FU));
    }
    put(0x80U | (code & 0x3FU));
}

} // namespace

void fold_case(std::string_view text, std::string& out) {
    out.clear();
    while (!text.empty())
        append_character(out, folded(take_character(text)));
}

bool starts_without_case(std::string_view text, std::string_view with) {
    while (!with.empty()) {
        if (text.empty() || folded(take_character(text)) != folded(take_character(with))) return false;
    }
    return true;
}

bool equal_without_case(std::string_view a, std::string_view b) {
    while (!a.empty() && !b.empty())
        if (folded(take_character(a)) != folded(take_character(b))) return false;
    return a.empty() && b.empty();
}

} // namespace waybill::pql
