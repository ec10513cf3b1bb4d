#include "preferences.hpp"

#include <algorithm>

namespace waybill::http {

namespace {

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Cuts the text before the next separator off the front.
std::string_view next_piece(std::string_view& text, char separator) {
    const auto piece = text.substr(0, text.find(separator));
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

bool prefers(const request& asked, std::string_view preference) {
    return any_element(asked, "Prefer", [preference](std::string_view element) {
        return same_token(next_piece(element, ';'), preference);
    });
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
