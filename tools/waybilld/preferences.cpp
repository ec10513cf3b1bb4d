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

bool is_refused(std::string_view parameters) {
    while (!parameters.empty()) {
        auto value = next_piece(parameters, ';');
        const auto name = next_piece(value, '=');
        if (same_token(name, "q")) return value.find_first_not_of("0. \t") == std::string_view::npos;
    }
    return false;
}

} // namespace

bool accepts_by_name(const request& asked, std::string_view media_type) {
    return any_element(asked, "Accept", [media_type](std::string_view element) {
        const auto type = next_piece(element, ';');
        return same_token(type, media_type) && !is_refused(element);
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

bool has_already(const request& asked, std::string_view entity_tag) {
    return any_element(asked, "If-None-Match", [entity_tag](std::string_view element) {
        if (element == "*") return true;
        if (element.starts_with("W/")) element.remove_prefix(2);
        return element == entity_tag;
    });
}

bool is_media_type(std::string_view content_type, std::string_view media_type) {
    return same_token(next_piece(content_type, ';'), media_type);
}

} // namespace waybill::http
