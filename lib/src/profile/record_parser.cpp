#include "profile/record_parser.hpp"

#include <set>

#include "model/namespaces.hpp"
#include "profile/record_text.hpp"
#include "segments/membership_entry.hpp"

namespace waybill::profile {
namespace {

/// Namespaces of segments are compared without case, so two spellings would be two entries for one segment.
bool names_a_namespace_twice(json::value namespaces) {
    if (namespaces.size() < 2) return false;
    std::set<std::string> seen;
    for (const auto segments : namespaces.children())
        if (!segments.is_null() && !seen.insert(folded(segments.key())).second) return true;
    return false;
}

std::string described(const json::parse_error& error) {
    std::string text = error.message + " (byte " + std::to_string(error.offset + 1);
    if (!error.path.empty()) text += ", " + error.path;
    return text + ")";
}

} // namespace

void record_parser::parse(std::string_view text, parsed_record& out) {
    out.identities.clear();
    out.memberships.clear();
    out.identity_map.clear();
    out.record.clear();
    out.refused = read(text, out);
}

std::optional<std::string> record_parser::read(std::string_view text, parsed_record& out) {
    if (const auto error = document_.parse(text)) return described(*error);
    const auto record = document_.root();
    if (!record.is_object()) return "expected an object";
    if (kind_ == record_kind::events)
        if (auto refused = read_event(out)) return refused;
    if (auto refused = identities_.read(record)) return refused;
    if (kind_ == record_kind::events) {
        append_compact(out.record, record);
    } else {
        if (names_a_namespace_twice(record.member(segments::membership_member)))
            return "expected each namespace once, whatever its case, at /segmentMembership";
        append_identity_map(out.identity_map, identities_.all());
        append_compact_without(out.record, record, "identityMap");
        take_memberships(out);
    }
    take_identities(out);
    return std::nullopt;
}

std::optional<std::string> record_parser::read_event(parsed_record& out) const {
    const auto record = document_.root();
    out.event_id = record.member("_id").text();
    if (out.event_id.empty()) return "expected a text at /_id";
    const auto moment = record.member("timestamp");
    const auto occurred_at = moment.is_string() ? parse_rfc3339(moment.text()) : std::nullopt;
    if (!occurred_at) return "expected an RFC 3339 time at /timestamp";
    out.occurred_at = *occurred_at;
    return std::nullopt;
}

void record_parser::take_identities(parsed_record& out) const {
    const auto take = [&](const identity& one) {
        out.identities.push_back({one.folded, std::string(one.ns), one.id});
    };
    take(identities_.primary());
    for (const auto& one : identities_.all())
        if (!identities_.is_primary(one)) take(one);
}

void record_parser::take_memberships(parsed_record& out) const {
    const auto namespaces = document_.root().member(segments::membership_member);
    if (!namespaces.is_object()) return;
    for (const auto segments : namespaces.children()) {
        if (!segments.is_object()) continue;
        const auto ns = folded(segments.key());
        for (const auto membership : segments.children())
            if (const auto status = parse_membership_status(membership.member("status").text()))
                out.memberships.push_back({ns, std::string(membership.key()), *status});
    }
}

} // namespace waybill::profile
