#include "profile/membership_choice.hpp"

#include <algorithm>
#include <string>
#include <unordered_set>

#include "model/namespaces.hpp"

namespace waybill::profile {
namespace {

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
    std::unordered_set<std::string> decided; // segments, and whole namespaces, that a later record has
    for (auto record = records.rbegin(); record != records.rend(); ++record) {
        const auto namespaces = record->member(segments::membership_member);
        if (!namespaces) continue;
        if (!namespaces.is_object()) return false;
        for (const auto segments : namespaces.children()) {
            const auto ns = folded(segments.key());
            const auto stem = std::to_string(ns.size()) + ':' + ns;
            if (decided.contains(stem)) continue;
            if (!segments.is_object()) decided.insert(stem);
            for (const auto membership : segments.children()) {
                const bool latest = decided.insert(stem + '/' + std::string(membership.key())).second;
                if (latest && lies_in(membership, window)) return true;
            }
        }
    }
    return false;
}

} // namespace

bool chosen(const export_plan& plan, std::span<const json::value> records, segments::latest_entries& entries,
            std::vector<std::size_t>& chosen_by) {
    chosen_by.clear();
    if (plan.segments.empty()) return !plan.qualified || any_lies_in(records, *plan.qualified);
    for (std::size_t i = 0; i < plan.segments.size(); ++i) {
        const auto& choice = plan.segments[i];
        if (i == 0 || choice.ns_folded != plan.segments[i - 1].ns_folded)
            entries.look_at(records, choice.ns_folded);
        if (matches(entries.find(choice.segment_id).entry, choice, plan.qualified)) chosen_by.push_back(i);
    }
    return !chosen_by.empty();
}

} // namespace waybill::profile
