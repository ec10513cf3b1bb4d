// The parts of a row that do not come from merging records: the identity map, its view `identities`, and the
// events (contract 3, "What of them"). Each is appended as a member of the object that is open at the end of
// the text, as far as it is selected. One thread. Throws `store_failure` where it reads.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "profile/event_table.hpp"
#include "profile/export_plan.hpp"
#include "profile/identity_set.hpp"
#include "json/document.hpp"

namespace waybill::profile {

/// The `identityMap`.
void append_identity_map_member(std::string& out, std::span<const identity> settled,
                                const json::field_tree& fields);

/// `identities`, which no row has unless its fields ask for it.
void append_identities_member(std::string& out, std::span<const identity> settled,
                              const json::field_tree& fields);

/// `eventList`, always there.
void append_events_member(std::string& out, sql::connection& on, std::span<const std::int64_t> profiles,
                          const event_plan& asked, json::document& scratch);

} // namespace waybill::profile
