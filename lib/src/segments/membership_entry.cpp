#include "segments/membership_entry.hpp"

#include "model/namespaces.hpp"

namespace waybill::segments {
namespace {

constexpr std::string_view time_member = "lastQualificationTime";
constexpr std::string_view old_time_member = "timestamp";

void append_state(std::string& out, const membership& what) {
    out += "\"status\":";
    json::append_string(out, to_text(what.status));
    if (!what.qualified) return;
    out += ",\"lastQualificationTime\":";
    json::append_string(out, to_rfc3339(*what.qualified));
}

json::value namespace_in(json::value namespaces, std::string_view ns_folded) {
    for (const auto segments : namespaces.children())
        if (folded(segments.key()) == ns_folded) return segments; // an import lets each through once
    return {};
}

} // namespace

void latest_entries::look_at(std::span<const json::value> records, std::string_view ns_folded) {
    parts_.clear();
    for (auto at = records.size(); at-- > 0;) {
        const auto namespaces = records[at].member(membership_member);
        if (!namespaces) continue;
        if (!namespaces.is_object()) return;
        const auto segments = namespace_in(namespaces, ns_folded);
        if (!segments) continue;
        if (!segments.is_object()) return;
        parts_.push_back({segments, at});
    }
}

latest_entry latest_entries::find(std::string_view segment) const {
    for (const auto& [segments, record] : parts_)
        if (const auto entry = segments.member(segment)) return {entry, record};
    return {};
}

std::string namespace_key_in(std::span<const json::value> records, std::string_view ns_folded) {
    for (auto at = records.size(); at-- > 0;)
        if (const auto found = namespace_in(records[at].member(membership_member), ns_folded))
            return std::string(found.raw_key());
    std::string key;
    json::append_string(key, ns_folded);
    return key;
}

std::optional<membership> membership_in_entry(json::value entry) {
    if (!entry.is_object()) return std::nullopt;
    membership found;
    if (const auto status = entry.member("status"); !status.is_null()) {
        const auto known = parse_membership_status(status.text());
        if (!known) return std::nullopt;
        found.status = *known;
    }
    for (const auto name : {time_member, old_time_member})
        if (!found.qualified) found.qualified = parse_rfc3339(entry.member(name).text());
    return found;
}

std::string entry_with(json::value entry, const membership& what) {
    std::string text = "{";
    append_state(text, what);
    const auto plain = text.size();
    for (const auto member : entry.children()) {
        const auto name = member.key();
        if (name == "status" || name == time_member || name == old_time_member) continue;
        text.append(",").append(member.raw_key()).append(":").append(member.raw());
    }
    if (text.size() == plain) return {};
    return text + '}';
}

void append_entry(std::string& out, const member& what) {
    if (!what.status) {
        out += "null";
    } else if (!what.entry.empty()) {
        out += what.entry;
    } else {
        out += '{';
        append_state(out, {*what.status, what.qualified});
        out += '}';
    }
}

} // namespace waybill::segments
