// The memberships that an attempt's evaluation changes, as they wait in its staging directory for the
// publication of its batches: a first line that says of which evaluation they are, then a line for each
// change. Writing makes text; reading takes a line at a time, so that memory is bounded. Pure but for
// reading, which throws `store_failure`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "segments/membership.hpp"

namespace waybill::segments {

/// What the first line says.
struct staged_evaluation {
    std::string merge_policy{};
    timestamp now{};
    std::vector<std::string> segments{}; ///< that were evaluated

    friend bool operator==(const staged_evaluation&, const staged_evaluation&) = default;
};

struct membership_change {
    std::string ns_folded{};                   ///< of the profile's primary identity …
    std::string identity{};                    ///< … and that itself
    std::size_t segment = 0;                   ///< index into the evaluation's segments
    bool drop = false;                         ///< nothing is kept any more, and the rest says nothing
    std::optional<membership_status> status{}; ///< nothing: an entry that came with the profile is hidden
    timestamp qualified{};
    std::string entry{}; ///< the whole entry, where it has more than status and time

    friend bool operator==(const membership_change&, const membership_change&) = default;
};

void append_line(std::string& out, const staged_evaluation& what);
void append_line(std::string& out, const membership_change& what);

/// Calls `begin` with the first line, then `next` with each change.
void read_staged_memberships(const std::filesystem::path& file,
                             const std::function<void(const staged_evaluation&)>& begin,
                             const std::function<void(const membership_change&)>& next);

} // namespace waybill::segments
