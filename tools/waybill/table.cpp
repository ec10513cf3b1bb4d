#include "table.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "terminal.hpp"

namespace waybill::tool {

namespace {

// Code points, which is close enough: combining and wide characters are rare in what these tables show.
std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

void append_cell(std::string& line, std::string_view cell, std::size_t width, table::align side, bool last) {
    const std::string padding(width - std::min(width, width_of(cell)), ' ');
    if (side == table::align::right) line += padding;
    line += cell;
    if (last) return;
    if (side == table::align::left) line += padding;
    line += "  ";
}

} // namespace

std::string printable(std::string_view text) {
    std::string shown(text);
    for (auto& c : shown)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    // C1 controls are two bytes in UTF-8, 0xC2 0x80 to 0xC2 0x9F.
    for (std::size_t i = 0; i + 1 < shown.size(); ++i)
        if (shown[i] == '\xc2' && static_cast<unsigned char>(shown[i + 1]) < 0xa0) shown.replace(i, 2, "?");
    return shown;
}

void table::add(std::vector<std::string> row) {
    row.resize(columns_.size());
    for (auto& cell : row)
        cell = printable(cell);
    rows_.push_back(std::move(row));
}

void table::print() const {
    std::vector<std::size_t> widths;
    for (const auto& shown : columns_)
        widths.push_back(width_of(shown.head));
    for (const auto& row : rows_)
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], width_of(row[i]));

    std::string text;
    std::string head;
    for (std::size_t i = 0; i < columns_.size(); ++i)
        append_cell(head, columns_[i].head, widths[i], columns_[i].side, i + 1 == columns_.size());
    text += bold(head);
    text += '\n';
    for (const auto& row : rows_) {
        for (std::size_t i = 0; i < row.size(); ++i)
            append_cell(text, row[i], widths[i], columns_[i].side, i + 1 == row.size());
        text += '\n';
    }
    std::fputs(text.c_str(), stdout);
}

void print_properties(std::initializer_list<std::pair<std::string_view, std::string>> properties) {
    std::size_t width = 0;
    for (const auto& [name, value] : properties)
        if (!value.empty()) width = std::max(width, width_of(name));
    std::string text;
    for (const auto& [name, value] : properties) {
        if (value.empty()) continue;
        append_cell(text, name, width, table::align::left, false);
        text += printable(value);
        text += '\n';
    }
    std::fputs(text.c_str(), stdout);
}

std::string grouped(std::int64_t number) {
    auto text = std::to_string(number);
    const std::size_t first = number < 0 ? 1 : 0;
    for (auto at = text.size(); at > first + 3;)
        text.insert(at -= 3, 1, ',');
    return text;
}

} // namespace waybill::tool
