#include "preferences.hpp"

#include <algorithm>

#include "header_text.hpp"

namespace waybill::http {

namespace {

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// The place of the separator outside quoted strings; the length when there is none.
std::size_t find_unquoted(std::string_view text, char separator) {
    bool quoted = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '"')
            quoted = !quoted;
        else if (quoted && text[at] == '\\')
            ++at;
        else if (!quoted && text[at] == separator)
            return at;
    }
    return text.size();
}

/// Cuts the text before the next separator off the front.
std::string_view next_piece(std::string_view& text, char separator) {
    const auto piece = text.substr(0, find_unquoted(text, separator));
    text.remove_prefix(std::min(text.size(), piece.size() + 1));
    return trimmed(piece);
}

/// Whether any element of the comma-separated lists in these headers holds.
template <class Check>
bool any_element(const request& asked, std::string_view header, Check holds) {
    for (const auto& [name, value] : asked.headers) {
        if (!same_token(name, header)) continue;
        std::string_view rest = value;
        while (!rest.empty())
            if (holds(next_piece(rest, ','))) return true;
    }
    return false;
}

/// A token, or a quoted string without its quotes; nothing when the quotes do not close.
std::optional<std::string> unquoted(std::string_view word) {
    if (!word.starts_with('"')) return std::string(word);
    std::string text;
    for (std::size_t at = 1; at < word.size(); ++at) {
        if (word[at] == '"') return at + 1 == word.size() ? std::optional(text) : std::nullopt;
        if (word[at] == '\\' && at + 1 < word.size()) ++at;
        text += word[at];
    }
    return std::nullopt;
}

/// `0`, `0.7`, `1.000`: in thousandths; nothing when it is none.
std::optional<int> quality(std::string_view text) {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
    if (text.size() > 1 && text[1] != '.') return std::nullopt;
    std::string digits(text.substr(0, 1));
    if (text.size() > 2) digits += text.substr(2);
    digits.resize(4, '0');
    const auto thousandths = parse_number(digits, 0);
    return thousandths && *thousandths <= 1'000 ? std::optional(static_cast<int>(*thousandths))
                                                : std::nullopt;
}

/// What the parameters of an element of a list say of it; 1,000 when they say nothing.
std::optional<int> quality_in(std::string_view parameters) {
    while (!parameters.empty()) {
        auto value = next_piece(parameters, ';');
        const auto name = next_piece(value, '=');
        if (same_token(name, "q")) return quality(trimmed(value));
    }
    return 1'000;
}

} // namespace

bool accepts_by_name(const request& asked, std::string_view media_type) {
    return any_element(asked, "Accept", [media_type](std::string_view element) {
        const auto type = next_piece(element, ';');
        return same_token(type, media_type) && quality_in(element).value_or(0) > 0;
    });
}

std::optional<std::string> preference(const request& asked, std::string_view name) {
    std::optional<std::string> value;
    any_element(asked, "Prefer", [&](std::string_view element) {
        auto wish = next_piece(element, ';');
        if (!same_token(next_piece(wish, '='), name)) return false;
        value = unquoted(trimmed(wish));
        return true;
    });
    return value;
}

std::optional<std::chrono::seconds> preferred_wait(const request& asked, std::chrono::seconds most) {
    const auto text = preference(asked, "wait");
    if (!text || text->empty() || text->find_first_not_of("0123456789") != std::string::npos)
        return std::nullopt;
    const auto seconds = parse_number(*text, 0); // none: more than any number
    return seconds && *seconds < most.count() ? std::chrono::seconds(*seconds) : most;
}

bool prefers_gzip(const request& asked) {
    std::optional<int> gzip, other, plain;
    any_element(asked, "Accept-Encoding", [&](std::string_view element) {
        const auto coding = next_piece(element, ';');
        const auto value = quality_in(element);
        if (same_token(coding, "gzip") || same_token(coding, "x-gzip")) gzip = value;
        if (coding == "*") other = value;
        if (same_token(coding, "identity")) plain = value;
        return false;
    });
    const auto wish = gzip ? *gzip : other.value_or(0);
    return wish > 0 && wish >= plain.value_or(0);
}

bool has_already(const request& asked, std::string_view entity_tag) {
    const auto opaque = [](std::string_view tag) { return tag.starts_with("W/") ? tag.substr(2) : tag; };
    return any_element(asked, "If-None-Match", [&](std::string_view element) {
        return element == "*" || opaque(element) == opaque(entity_tag);
    });
}

bool is_media_type(std::string_view content_type, std::string_view media_type) {
    return same_token(next_piece(content_type, ';'), media_type);
}

} // namespace waybill::http
