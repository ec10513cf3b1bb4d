#include "profile/membership_choice.hpp"

#include <algorithm>

#include "profile/namespaces.hpp"

namespace waybill::profile {
namespace {

constexpr std::string_view memberships = "segmentMembership";

/// The merged profile's entry for a segment: the last ingested, unless something of another type came after
/// it.
json::value membership_in(std::span<const json::value> records, std::string_view ns_folded,
                          std::string_view segment) {
    for (auto record = records.rbegin(); record != records.rend(); ++record) {
        const auto namespaces = record->member(memberships);
        if (!namespaces) continue;
        if (!namespaces.is_object()) return {};
        json::value found;
        bool hidden = false;
        for (const auto segments : namespaces.children()) {
            if (folded(segments.key()) != ns_folded) continue;
            if (const auto entry = segments.member(segment)) found = entry;
            hidden = !segments.is_object();
            if (hidden) found = {};
        }
        if (found || hidden) return found;
    }
    return {};
}

bool lies_in(json::value membership, const moment_window& window) {
    const auto qualified = parse_rfc3339(membership.member("lastQualificationTime").text());
    return qualified && window.contains(*qualified);
}

bool matches(json::value membership, const segment_choice& choice,
             const std::optional<moment_window>& window) {
    const auto status = parse_membership_status(membership.member("status").text());
    return status &&
           std::find(choice.statuses.begin(), choice.statuses.end(), *status) != choice.statuses.end() &&
           (!window || lies_in(membership, *window));
}

bool any_lies_in(std::span<const json::value> records, const moment_window& window) {
    for (const auto record : records) {
        const auto namespaces = record.member(memberships);
        if (!namespaces.is_object()) continue;
        for (const auto segments : namespaces.children()) {
            if (!segments.is_object()) continue;
            const auto ns = folded(segments.key());
            for (const auto membership : segments.children()) {
                if (!lies_in(membership, window)) continue;
                const auto merged = membership_in(records, ns, membership.key());
                if (merged.raw().data() == membership.raw().data()) return true;
            }
        }
    }
    return false;
}

} // namespace

bool chosen(const export_plan& plan, std::span<const json::value> records,
            std::vector<std::size_t>& chosen_by) {
    chosen_by.clear();
    if (plan.segments.empty()) return !plan.qualified || any_lies_in(records, *plan.qualified);
    for (std::size_t i = 0; i < plan.segments.size(); ++i) {
        const auto& choice = plan.segments[i];
        if (matches(membership_in(records, choice.ns_folded, choice.segment_id), choice, plan.qualified))
            chosen_by.push_back(i);
    }
    return !chosen_by.empty();
}

} // namespace waybill::profile
