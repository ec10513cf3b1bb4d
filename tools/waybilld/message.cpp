#include "message.hpp"

#include <algorithm>
#include <charconv>

namespace waybill::http {

namespace {

constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::optional<std::string_view> first_of(const header_list& headers, std::string_view name) noexcept {
    for (const auto& [key, value] : headers)
        if (same_token(key, name)) return value;
    return std::nullopt;
}

} // namespace

bool same_token(std::string_view one, std::string_view other) noexcept {
    return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                      [](char a, char b) { return lower(a) == lower(b); });
}

std::optional<std::string_view> request::header(std::string_view name) const noexcept {
    return first_of(headers, name);
}

std::optional<std::string_view> response::header(std::string_view name) const noexcept {
    return first_of(headers, name);
}

std::size_t request::count(std::string_view name) const noexcept {
    return static_cast<std::size_t>(std::count_if(
        headers.begin(), headers.end(), [name](const auto& field) { return same_token(field.first, name); }));
}

std::string_view request::path() const noexcept {
    return std::string_view(target).substr(0, target.find('?'));
}

std::string_view request::query() const noexcept {
    const auto mark = target.find('?');
    return mark == std::string::npos ? std::string_view{} : std::string_view(target).substr(mark + 1);
}

bool request::announces_body() const noexcept {
    if (header("Transfer-Encoding")) return true;
    const auto length = announced_length();
    return length && *length > 0;
}

std::optional<std::size_t> request::announced_length() const noexcept {
    const auto text = header("Content-Length");
    if (!text) return std::nullopt;
    std::size_t length = 0;
    const auto* const end = text->data() + text->size();
    const auto [stop, problem] = std::from_chars(text->data(), end, length);
    if (problem != std::errc{} || stop != end) return std::nullopt;
    return length;
}

} // namespace waybill::http
