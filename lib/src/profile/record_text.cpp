#include "profile/record_text.hpp"

namespace waybill::profile {
namespace {

void append_member(std::string& out, json::value member) {
    if (member.is_null()) return;
    separate(out);
    out += member.raw_key();
    out.push_back(':');
    append_compact(out, member);
}

} // namespace

void append_compact(std::string& out, json::value what) {
    if (what.is_object()) {
        out.push_back('{');
        for (const auto member : what.children())
            append_member(out, member);
        out.push_back('}');
    } else if (what.is_array()) {
        out.push_back('[');
        for (const auto element : what.children()) {
            separate(out);
            append_compact(out, element);
        }
        out.push_back(']');
    } else {
        out += what.raw();
    }
}

void append_compact_without(std::string& out, json::value object, std::string_view left_out) {
    out.push_back('{');
    for (const auto member : object.children())
        if (member.key() != left_out) append_member(out, member);
    out.push_back('}');
}

bool append_selected(std::string& out, json::value from, const json::field_tree& fields) {
    if (fields.whole) {
        out += from.raw();
        return true;
    }
    if (!from.is_object() && !from.is_array()) return false;
    const auto start = out.size();
    out.push_back(from.is_object() ? '{' : '[');
    bool any = false;
    for (const auto child : from.children()) {
        const auto* const below = from.is_object() ? fields.find(child.key()) : &fields;
        if (!below) continue;
        const auto before = out.size();
        separate(out);
        if (from.is_object()) out.append(child.raw_key()).push_back(':');
        if (append_selected(out, child, *below))
            any = true;
        else
            out.resize(before);
    }
    out.push_back(from.is_object() ? '}' : ']');
    if (!any) out.resize(start);
    return any;
}

} // namespace waybill::profile
