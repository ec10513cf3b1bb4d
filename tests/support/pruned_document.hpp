// A document with nothing but some of its fields, as whoever evaluates an expression may hand it over: arrays
// are passed through, what stands on the way stays.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pql/expression.hpp"
#include "json/document.hpp"

namespace waybill::test {

using field_names = std::vector<std::string>;

inline void append_pruned(std::string& out, json::value from, const std::vector<field_names>& paths,
                          std::size_t depth) {
    if (!from.is_object() && !from.is_array()) {
        out += from.raw();
        return;
    }
    const bool object = from.is_object();
    bool first = true;
    out.push_back(object ? '{' : '[');
    for (const auto child : from.children()) {
        std::vector<field_names> below;
        bool whole = false;
        for (const auto& path : paths)
            if (!object || path[depth] == child.key()) {
                below.push_back(path);
                whole = whole || (object && path.size() == depth + 1);
            }
        if (object && below.empty()) continue;
        if (!std::exchange(first, false)) out.push_back(',');
        if (object) out.append(child.raw_key()).push_back(':');
        if (whole)
            out += child.raw();
        else
            append_pruned(out, child, below, object ? depth + 1 : depth);
    }
    out.push_back(object ? '}' : ']');
}

inline std::string pruned(json::value from, const pql::field_set& fields) {
    std::string out;
    if (fields.whole)
        out += from.raw();
    else
        append_pruned(out, from, fields.paths, 0);
    return out;
}

/// Of an event, which keeps its id and its timestamp.
inline std::string pruned_event(json::value from, pql::field_set fields) {
    fields.paths.push_back({"_id"});
    fields.paths.push_back({"timestamp"});
    return pruned(from, fields);
}

} // namespace waybill::test
