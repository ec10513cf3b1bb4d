#include <waybill/field_paths.hpp>

#include <algorithm>
#include <cstddef>

namespace waybill {
namespace {

std::string_view trimmed(std::string_view text) {
    static constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool has_empty_member(std::string_view path) {
    return path.empty() || path.front() == '.' || path.back() == '.' ||
           path.find("..") != std::string_view::npos;
}

/// Gives each path to `take`; false when one is none.
template <class Take>
bool walk_paths(std::string_view fields, Take take) {
    if (trimmed(fields).empty()) return true;
    for (std::size_t begin = 0; begin <= fields.size();) {
        const auto comma = std::min(fields.find(',', begin), fields.size());
        const auto path = trimmed(fields.substr(begin, comma - begin));
        if (has_empty_member(path)) return false;
        take(path);
        begin = comma + 1;
    }
    return true;
}

} // namespace

std::optional<std::vector<std::string>> split_fields(std::string_view fields) {
    std::vector<std::string> paths;
    if (!walk_paths(fields, [&](std::string_view path) { paths.emplace_back(path); })) return std::nullopt;
    return paths;
}

bool is_field_list(std::string_view fields) {
    return walk_paths(fields, [](std::string_view) {});
}

} // namespace waybill
