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

} // namespace waybill::profile
