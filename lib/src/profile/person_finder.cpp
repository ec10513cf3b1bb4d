#include "profile/person_finder.hpp"

#include <algorithm>
#include <array>

namespace waybill::profile {
namespace {

constexpr const char* select_primary_identity = R"(
select namespace_id, identity
from profiles
where id = :profile)";

constexpr const char* select_record_identities = R"(
select fragment_identities.namespace_id, fragment_identities.identity
from fragments
join fragment_identities on fragment_identities.fragment_id = fragments.id
where fragments.profile_id = :profile)";

constexpr const char* select_event_identities = R"(
select event_identities.namespace_id, event_identities.identity
from events
join event_identities on event_identities.event_id = events.id
where events.profile_id = :profile)";

constexpr const char* select_primary_profile = R"(
select id
from profiles
where namespace_id = :namespace and identity = :identity)";

constexpr const char* select_record_profiles = R"(
select fragments.profile_id
from fragment_identities indexed by fragment_identities_by_identity
join fragments on fragments.id = fragment_identities.fragment_id
where fragment_identities.namespace_id = :namespace and fragment_identities.identity = :identity)";

constexpr const char* select_event_profiles = R"(
select events.profile_id
from event_identities indexed by event_identities_by_identity
join events on events.id = event_identities.event_id
where event_identities.namespace_id = :namespace and event_identities.identity = :identity)";

} // namespace

person person_finder::around(std::int64_t profile_id) {
    profiles_.clear();
    identities_.clear();
    known_profiles_.clear();
    known_identities_.clear();
    add_profile(profile_id);
    bool small = true;
    // Profiles lead to their identities, and these to further profiles, until nothing new is found.
    for (std::size_t profile = 0, identity = 0; small && profile < profiles_.size(); ++profile) {
        const auto here = profiles_[profile];
        for (const auto* select :
             {select_primary_identity, select_record_identities, select_event_identities})
            small = small && add_identities_of(here, select);
        for (; small && identity < identities_.size(); ++identity) {
            const auto found = identities_[identity];
            for (const auto* select : {select_primary_profile, select_record_profiles, select_event_profiles})
                small = small && add_profiles_with(found.namespace_id, found.id, select);
        }
    }
    if (!small) profiles_.assign({profile_id});
    std::sort(profiles_.begin(), profiles_.end());
    return {profiles_, !small};
}

void person_finder::add_profile(std::int64_t profile_id) {
    if (known_profiles_.insert(profile_id).second) profiles_.push_back(profile_id);
}

/// False when it is one too many.
bool person_finder::add_identity(std::int64_t namespace_id, std::string_view id) {
    key_.assign(std::to_string(namespace_id)).append(1, ':').append(id);
    if (!known_identities_.insert(key_).second) return true;
    identities_.push_back({namespace_id, std::string(id)});
    return identities_.size() <= most_identities_of_a_person;
}

bool person_finder::add_identities_of(std::int64_t profile_id, const char* select) {
    auto rows = on_.prepare(select);
    rows.bind(":profile", profile_id);
    while (rows.step())
        if (!add_identity(rows.integer(0), rows.view(1))) return false;
    return true;
}

/// Each profile has a primary identity of its own, so too many of them are too many identities.
bool person_finder::add_profiles_with(std::int64_t namespace_id, std::string_view id, const char* select) {
    auto rows = on_.prepare(select);
    rows.bind(":namespace", namespace_id).bind(":identity", id);
    while (rows.step()) {
        add_profile(rows.integer(0));
        if (profiles_.size() > most_identities_of_a_person) return false;
    }
    return true;
}

} // namespace waybill::profile
