// What an export asks of the profiles, read once from the request: times as moments, fields as trees,
// namespaces as they are compared. Plain values. A request whose texts no client could have sent throws
// `store_failure`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <waybill/export_job.hpp>

#include "json/field_tree.hpp"

namespace waybill::profile {

/// An entry of `filter.segments`.
struct segment_choice {
    std::string ns_folded;
    std::string segment_id;
    std::vector<membership_status> statuses; ///< distinct
};

/// Half-open.
struct moment_window {
    std::optional<timestamp> start;
    std::optional<timestamp> end;

    bool contains(timestamp moment) const { return (!start || moment >= *start) && (!end || moment < *end); }
};

struct event_plan {
    json::field_tree fields;
    std::optional<timestamp> ingested_after;
    std::optional<timestamp> ingested_before;
};

struct export_plan {
    json::field_tree fields;
    std::vector<segment_choice> segments; ///< none means all profiles
    std::optional<moment_window> qualified;
    std::optional<timestamp> ingested_after;
    bool empty_profiles = false;
    std::optional<event_plan> events;
};

export_plan plan_export(const new_export_job& request);

} // namespace waybill::profile
