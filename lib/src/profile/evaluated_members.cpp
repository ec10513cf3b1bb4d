#include "profile/evaluated_members.hpp"

#include <algorithm>

#include "profile/profile_table.hpp"
#include "segments/member_rows.hpp"
#include "segments/membership_entry.hpp"

namespace waybill::profile {
namespace {

/// Of 8 bytes each. Of so many a walk by all profiles is not much longer.
constexpr std::size_t most_members = 1'000'000;

} // namespace

std::optional<std::vector<std::int64_t>> evaluated_members(sql::connection& profiles,
                                                           sql::connection& segments, std::int64_t tenant_id,
                                                           const export_plan& plan,
                                                           const segment_plan& known) {
    std::vector<std::int64_t> members;
    for (const auto& choice : plan.segments) {
        if (choice.ns_folded != segments::evaluated_namespace) continue;
        for (const auto& [id, name] : known.known_segments) {
            if (name != choice.segment_id) continue;
            segments::read_identities_in(
                segments, id, choice.statuses, [&](std::string_view ns_folded, std::string_view identity) {
                    if (members.size() > most_members) return;
                    if (const auto found = find_profile(profiles, tenant_id, ns_folded, identity))
                        members.push_back(*found);
                });
        }
    }
    if (members.size() > most_members) return std::nullopt;
    std::sort(members.begin(), members.end());
    members.erase(std::unique(members.begin(), members.end()), members.end());
    return members;
}

} // namespace waybill::profile
