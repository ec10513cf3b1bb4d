// The entries of `segmentMembership`: where a person's merged profile has one, what it says, and how one is
// written. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "segments/member_rows.hpp"
#include "segments/membership.hpp"
#include "json/document.hpp"

namespace waybill::profile {

/// Where a record tells its memberships.
inline constexpr std::string_view membership_member = "segmentMembership";

struct latest_entry {
    json::value entry{};    ///< empty: there is none
    std::size_t record = 0; ///< that it comes from
};

/// The merged profile's entry for a segment: the last ingested, unless something of another type came after
/// it. The records stand in the order of their ingest.
latest_entry latest_entry_in(std::span<const json::value> records, std::string_view ns_folded,
                             std::string_view segment);

/// How the latest record that has this namespace spells it, with quotes; folded where none has it.
std::string namespace_key_in(std::span<const json::value> records, std::string_view ns_folded);

/// What an entry says; nothing for what says nothing of a membership. Without a status it is `realized`; an
/// old entry's `timestamp` is its time.
std::optional<segments::membership> membership_in_entry(json::value entry);

/// The text of an entry with another status and time; empty when there is nothing else in it.
std::string entry_with(json::value entry, const segments::membership& what);

/// Appends the entry of an evaluated membership; `null` where it hides one.
void append_entry(std::string& out, const segments::member& what);

} // namespace waybill::profile
