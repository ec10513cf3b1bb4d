#include "fuzz/chunked_body.hpp"

#include <charconv>

namespace waybill::fuzz {

namespace {

/// Cuts a line off without its CR LF; nothing when none ends, or when a lone CR or LF stands in it.
std::optional<std::string_view> take_line(std::string_view& bytes) {
    const auto end = bytes.find("\r\n");
    if (end == std::string_view::npos) return std::nullopt;
    const auto line = bytes.substr(0, end);
    if (line.find_first_of("\r\n") != std::string_view::npos) return std::nullopt;
    bytes.remove_prefix(end + 2);
    return line;
}

std::optional<std::size_t> size_in(std::string_view line) {
    const auto digits = line.substr(0, line.find_first_not_of("0123456789abcdefABCDEF"));
    const auto rest = line.substr(digits.size());
    const auto extension = rest.find_first_not_of(" \t");
    if (extension != std::string_view::npos && rest[extension] != ';') return std::nullopt;
    std::size_t size = 0;
    const auto [stop, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), size, 16);
    if (problem != std::errc{}) return std::nullopt;
    return size;
}

} // namespace

std::optional<chunked_body> read_chunked_body(std::string_view bytes) {
    const auto whole = bytes.size();
    chunked_body body;
    for (;;) {
        const auto line = take_line(bytes);
        const auto size = line ? size_in(*line) : std::nullopt;
        if (!size) return std::nullopt;
        if (*size == 0) break;
        if (bytes.size() < *size || bytes.substr(*size).substr(0, 2) != "\r\n") return std::nullopt;
        body.text += bytes.substr(0, *size);
        bytes.remove_prefix(*size + 2);
    }
    for (;;) {
        const auto trailer = take_line(bytes);
        if (!trailer) return std::nullopt;
        if (trailer->empty()) break;
    }
    body.length = whole - bytes.size();
    return body;
}

} // namespace waybill::fuzz
