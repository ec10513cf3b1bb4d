// The entries of `segmentMembership`: where a person's merged profile has one, what it says, and how one is
// written. Pure functions, any thread, but for what keeps memory.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "segments/member_rows.hpp"
#include "segments/membership.hpp"
#include "json/document.hpp"

namespace waybill::segments {

/// Where a record tells its memberships.
inline constexpr std::string_view membership_member = "segmentMembership";
/// The namespace of segments that have definitions, folded.
inline constexpr std::string_view evaluated_namespace = "ups";

struct latest_entry {
    json::value entry{};    ///< empty: there is none
    std::size_t record = 0; ///< that it comes from
};

/// The merged profile's entries of one namespace, which is found once for all of its segments: for each the
/// last ingested, unless something of another type came after it. One thread; keeps its memory.
class latest_entries {
  public:
    /// The records stand in the order of their ingest, and stay as they are.
    void look_at(std::span<const json::value> records, std::string_view ns_folded);
    latest_entry find(std::string_view segment) const;

  private:
    struct part {
        json::value segments;
        std::size_t record;
    };
    std::vector<part> parts_; ///< the last ingested first
};

/// How the latest record that has this namespace spells it, with quotes; folded where none has it.
std::string namespace_key_in(std::span<const json::value> records, std::string_view ns_folded);

/// What an entry says; nothing for what says nothing of a membership. Without a status it is `realized`; an
/// old entry's `timestamp` is its time.
std::optional<membership> membership_in_entry(json::value entry);

/// The text of an entry with another status and time; empty when there is nothing else in it.
std::string entry_with(json::value entry, const membership& what);

/// Appends the entry of an evaluated membership; `null` where it hides one.
void append_entry(std::string& out, const member& what);

} // namespace waybill::segments
