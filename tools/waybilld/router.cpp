#include "router.hpp"

#include <algorithm>
#include <array>

#include "query.hpp"

namespace waybill::http {

namespace {

/// Splits after the leading slash; without the slash at the end.
std::vector<std::string_view> segments_of(std::string_view path) {
    std::vector<std::string_view> segments;
    if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
    while (path.starts_with('/')) {
        path.remove_prefix(1);
        segments.push_back(path.substr(0, path.find('/')));
        path.remove_prefix(segments.back().size());
    }
    return segments;
}

/// The arguments, when the path is of this pattern.
std::optional<std::vector<std::string>> matches(std::string_view pattern,
                                                const std::vector<std::string>& path) {
    const auto expected = segments_of(pattern);
    if (expected.size() != path.size()) return std::nullopt;
    std::vector<std::string> arguments;
    for (std::size_t at = 0; at < expected.size(); ++at) {
        if (expected[at].starts_with('{') && !path[at].empty())
            arguments.push_back(path[at]);
        else if (expected[at] != path[at])
            return std::nullopt;
    }
    return arguments;
}

std::string allowed_text(const std::vector<std::string_view>& methods) {
    std::string text;
    const auto offer = [&text](std::string_view method) { (text += text.empty() ? "" : ", ") += method; };
    for (const auto method : methods) {
        offer(method);
        if (method == "GET") offer("HEAD");
    }
    offer("OPTIONS");
    return text;
}

} // namespace

match find_route(std::span<const route> table, std::string_view method, std::string_view path) {
    std::vector<std::string> decoded;
    for (const auto segment : segments_of(path)) {
        auto text = percent_decode(segment);
        if (!text) return {};
        decoded.push_back(std::move(*text));
    }
    match result;
    std::vector<std::string_view> methods;
    const auto wanted = method == "HEAD" ? std::string_view("GET") : method;
    for (const auto& row : table) {
        auto arguments = matches(row.pattern, decoded);
        if (!arguments) continue;
        methods.push_back(row.method);
        result.pattern = row.pattern;
        if (row.method != wanted) continue;
        result.found = &row;
        result.arguments = std::move(*arguments);
    }
    if (!methods.empty()) result.allowed = allowed_text(methods);
    return result;
}

} // namespace waybill::http
