#include "dataset/csv_row.hpp"

#include <waybill/result.hpp>

namespace waybill::dataset {

namespace {

/// A record has up to 32 levels; the row and its `eventList` are above an event's.
constexpr std::size_t deepest_row = 64;

constexpr std::string_view line_end = "\r\n";

void append_cell(std::string& out, std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
        out += text;
        return;
    }
    out += '"';
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

/// Ends a line that began there. One cell that is empty would make it a blank line, which readers pass over.
void end_line(std::string& out, std::size_t began) {
    if (out.size() == began) out += "\"\"";
    out += line_end;
}

/// What a path selects of an array, or of what stands in one: the shape stays, what is not selected is left
/// out. False, and appends nothing, when that is nothing.
bool append_selected(std::string& out, json::value from, std::string_view path) {
    if (path.empty()) {
        out += from.raw();
        return true;
    }
    const auto start = out.size();
    if (from.is_array()) {
        out += '[';
        for (const auto element : from.children()) {
            const auto before = out.size();
            if (before != start + 1) out += ',';
            if (!append_selected(out, element, path)) out.resize(before);
        }
        const bool any = out.size() != start + 1;
        out += ']';
        if (!any) out.resize(start);
        return any;
    }
    const auto dot = path.find('.');
    const auto member = from.member(path.substr(0, dot));
    if (!member) return false;
    (out += '{').append(member.raw_key()).push_back(':');
    if (!append_selected(out, member, dot == std::string_view::npos ? "" : path.substr(dot + 1))) {
        out.resize(start);
        return false;
    }
    out += '}';
    return true;
}

} // namespace

csv_row::csv_row(std::vector<std::string> columns) : columns_(std::move(columns)) {}

void csv_row::append_header(std::string& out) const {
    const auto began = out.size();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (i > 0) out += ',';
        append_cell(out, columns_[i]);
    }
    end_line(out, began);
}

void csv_row::append(std::string& out, std::string_view row) {
    if (document_.parse(row, deepest_row) || !document_.root().is_object())
        throw store_failure(store_failure::kind::internal, "a row is no JSON object");
    const auto began = out.size();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (i > 0) out += ',';
        append_cell(out, cell(document_.root(), columns_[i]));
    }
    end_line(out, began);
}

std::string csv_row::cell(json::value from, std::string_view path) const {
    while (from && !path.empty() && !from.is_array()) {
        const auto dot = path.find('.');
        from = from.member(path.substr(0, dot));
        path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    }
    if (!from || from.is_null()) return {};
    if (from.is_string()) return from.text();
    std::string text;
    append_selected(text, from, path);
    return text;
}

} // namespace waybill::dataset
