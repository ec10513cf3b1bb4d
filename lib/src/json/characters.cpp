#include "json/characters.hpp"

#include <array>
#include <cstring>

#include "json/document.hpp"

namespace waybill::json {
namespace {

void append_utf8(std::string& out, unsigned code) {
    const auto put = [&](unsigned byte) { out.push_back(static_cast<char>(byte)); };
    if (code < 0x80U) {
        put(code);
    } else if (code < 0x800U) {
        put(0xC0U | (code >> 6U));
        put(0x80U | (code & 0x3FU));
    } else if (code < 0x10000U) {
        put(0xE0U | (code >> 12U));
        put(0x80U | ((code >> 6U) & 0x3FU));
        put(0x80U | (code & 0x3FU));
    } else {
        put(0xF0U | (code >> 18U));
        put(0x80U | ((code >> 12U) & 0x3FU));
        put(0x80U | ((code >> 6U) & 0x3FU));
        put(0x80U | (code & 0x3FU));
    }
}

/// Appends the escape at `at`, which is just behind the backslash; answers where it ends.
const char* append_escape(std::string& out, const char* at, const char* end) {
    switch (*at) {
    case 'b': out.push_back('\b'); return at + 1;
    case 'f': out.push_back('\f'); return at + 1;
    case 'n': out.push_back('\n'); return at + 1;
    case 'r': out.push_back('\r'); return at + 1;
    case 't': out.push_back('\t'); return at + 1;
    case 'u': break;
    default: out.push_back(*at); return at + 1;
    }
    unsigned code = hex4(at + 1, end).value_or(0xFFFDU);
    at += 5;
    if (code >= 0xD800U && code <= 0xDBFFU) { // the reader has seen to it that the other half follows
        code = 0x10000U + ((code - 0xD800U) << 10U) + (hex4(at + 2, end).value_or(0xDC00U) - 0xDC00U);
        at += 6;
    }
    append_utf8(out, code);
    return at;
}

void append_escaped(std::string& out, char c) {
    static constexpr char hex[] = "0123456789abcdef";
    switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += "\\u00";
    out.push_back(hex[byte >> 4U]);
    out.push_back(hex[byte & 0xFU]);
}

} // namespace

std::size_t utf8_length(const char* at, const char* end) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(at[i]); };
    const auto left = static_cast<std::size_t>(end - at);
    const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    const unsigned first = byte(0);
    if (first < 0x80U) return 1;
    if (first >= 0xC2U && first <= 0xDFU) return left >= 2 && follows(1) ? 2 : 0;
    if (first >= 0xE0U && first <= 0xEFU) {
        if (left < 3 || !follows(1) || !follows(2)) return 0;
        if (first == 0xE0U && byte(1) < 0xA0U) return 0;
        if (first == 0xEDU && byte(1) > 0x9FU) return 0;
        return 3;
    }
    if (first >= 0xF0U && first <= 0xF4U) {
        if (left < 4 || !follows(1) || !follows(2) || !follows(3)) return 0;
        if (first == 0xF0U && byte(1) < 0x90U) return 0;
        if (first == 0xF4U && byte(1) > 0x8FU) return 0;
        return 4;
    }
    return 0;
}

std::optional<unsigned> hex4(const char* at, const char* end) {
    if (end - at < 4) return std::nullopt;
    unsigned number = 0;
    for (int i = 0; i < 4; ++i) {
        const char c = at[i];
        unsigned digit = 0;
        if (c >= '0' && c <= '9')
            digit = static_cast<unsigned>(c - '0');
        else if (c >= 'a' && c <= 'f')
            digit = static_cast<unsigned>(c - 'a') + 10U;
        else if (c >= 'A' && c <= 'F')
            digit = static_cast<unsigned>(c - 'A') + 10U;
        else
            return std::nullopt;
        number = number * 16U + digit;
    }
    return number;
}

std::string decode_string(std::string_view raw) {
    std::string out;
    if (raw.size() < 2) return out;
    const char* at = raw.data() + 1;
    const char* const end = raw.data() + raw.size() - 1;
    out.reserve(static_cast<std::size_t>(end - at));
    for (;;) {
        const auto left = static_cast<std::size_t>(end - at);
        const auto* const escape =
            left == 0 ? nullptr : static_cast<const char*>(std::memchr(at, '\\', left));
        out.append(at, escape ? escape : end);
        if (!escape) return out;
        at = append_escape(out, escape + 1, end);
    }
}

void append_string(std::string& out, std::string_view text) {
    const char* at = text.data();
    const char* const end = at + text.size();
    const char* plain = at;
    out.push_back('"');
    while (at != end) {
        if (!ends_plain_run(*at)) {
            ++at;
        } else if (static_cast<unsigned char>(*at) < 0x80U) {
            out.append(plain, at);
            append_escaped(out, *at);
            plain = ++at;
        } else if (const auto length = utf8_length(at, end); length != 0) {
            at += length;
        } else { // a path or a system's message may be in any encoding; an answer is UTF-8 whatever happens
            out.append(plain, at);
            append_utf8(out, 0xFFFDU);
            plain = ++at;
        }
    }
    out.append(plain, end);
    out.push_back('"');
}

} // namespace waybill::json
