#include "expression_caret.hpp"

#include <algorithm>

#include "table.hpp"

namespace waybill::tool {

namespace {

constexpr std::size_t most_before = 60, most_after = 40; // bytes

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

std::string one_line(std::string_view text) {
    std::string line(text);
    std::replace(line.begin(), line.end(), '\t', ' ');
    return printable(line);
}

std::size_t width_of(std::string_view text) {
    return text.size() -
           static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues_character));
}

/// The end of the text before the caret.
std::string before_caret(std::string_view text) {
    text.remove_prefix(text.find_last_of("\r\n") + 1); // npos: 0
    if (text.size() <= most_before) return one_line(text);
    text.remove_prefix(text.size() - most_before);
    while (!text.empty() && continues_character(text.front()))
        text.remove_prefix(1);
    return "…" + one_line(text);
}

/// The beginning of the text at the caret.
std::string from_caret(std::string_view text) {
    text = text.substr(0, text.find_first_of("\r\n"));
    if (text.size() <= most_after) return one_line(text);
    auto end = most_after;
    while (end > 0 && continues_character(text[end]))
        --end;
    return one_line(text.substr(0, end)) + "…";
}

} // namespace

std::string caret_under(std::string_view text, std::size_t position) {
    position = std::min(position, text.size());
    const auto before = before_caret(text.substr(0, position));
    return "\n  " + before + from_caret(text.substr(position)) + "\n  " + std::string(width_of(before), ' ') +
           "^";
}

} // namespace waybill::tool
