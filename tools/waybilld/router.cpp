#include "router.hpp"

#include <algorithm>
#include <array>

#include "query.hpp"

namespace waybill::http {

namespace {

/// Takes the first segment off a path, which begins with its slash.
std::string_view take_segment(std::string_view& path) {
    path.remove_prefix(1);
    const auto segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    return segment;
}

std::string_view without_last_slash(std::string_view path) {
    if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
    return path;
}

/// Nothing when an escape is none.
std::optional<std::vector<std::string>> decoded_segments(std::string_view path) {
    std::vector<std::string> segments;
    for (path = without_last_slash(path); path.starts_with('/');) {
        auto text = percent_decode(take_segment(path));
        if (!text) return std::nullopt;
        segments.push_back(std::move(*text));
    }
    return segments;
}

bool stands_for_any(std::string_view segment) { return segment.starts_with('{'); }

bool matches(std::string_view pattern, const std::vector<std::string>& path) {
    for (const auto& segment : path) {
        if (pattern.empty()) return false;
        const auto expected = take_segment(pattern);
        if (stands_for_any(expected) ? segment.empty() : expected != segment) return false;
    }
    return pattern.empty();
}

/// Of a path that matches.
std::vector<std::string> arguments_of(std::string_view pattern, const std::vector<std::string>& path) {
    std::vector<std::string> arguments;
    for (const auto& segment : path)
        if (stands_for_any(take_segment(pattern))) arguments.push_back(segment);
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
    const auto segments = decoded_segments(path);
    if (!segments) return {};
    match result;
    std::vector<std::string_view> methods;
    const auto wanted = method == "HEAD" ? std::string_view("GET") : method;
    for (const auto& row : table) {
        if (!result.pattern.empty() && row.pattern != result.pattern) continue;
        if (!matches(row.pattern, *segments)) continue;
        result.pattern = row.pattern;
        if (row.method == wanted) {
            result.found = &row;
            result.arguments = arguments_of(row.pattern, *segments);
            return result;
        }
        methods.push_back(row.method);
    }
    if (!methods.empty()) result.allowed = allowed_text(methods);
    return result;
}

} // namespace waybill::http
