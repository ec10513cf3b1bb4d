// What an export has to know of segments that are evaluated here: the definitions that its job evaluates, in
// an order in which each comes after those that it asks for, and the memberships that earlier jobs have left
// (docs/segments.md). Read once, in the export's snapshot of `segments.db`; may then be looked at from any
// thread. Throws `store_failure`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <waybill/membership_states.hpp>
#include <waybill/new_export_job.hpp>
#include <waybill/tenant.hpp>
#include <waybill/timestamp.hpp>

#include "pql/expression.hpp"
#include "sql/connection.hpp"
#include "json/field_tree.hpp"

namespace waybill::profile {

/// A segment that the job evaluates.
struct segment_evaluation {
    std::string id;
    std::int64_t version = 0;
    std::string expression_sha256{};
    pql::expression condition;
    bool leaves_out_opted_out = false;
    /// For each segment that the condition asks for: its place among those that are evaluated; nothing for
    /// one that is read as it is stored.
    std::vector<std::optional<std::size_t>> asks{};
};

struct segment_plan {
    timestamp now{};
    membership_states states = membership_states::three;
    std::vector<segment_evaluation> evaluated{};

    // What conditions look at.
    json::field_tree profile_fields = json::field_tree::none();
    json::field_tree event_fields = json::field_tree::none();
    bool reads_events = false;

    // What earlier evaluations under this policy have left.
    std::optional<std::int64_t> population{};
    std::unordered_map<std::int64_t, std::string> known_segments{};
    std::unordered_map<std::string, std::int64_t> known_namespaces{};

    bool evaluates() const { return !evaluated.empty(); }
};

segment_plan plan_segments(sql::connection& on, const tenant& owner, const new_export_job& request,
                           membership_states states, timestamp now);

/// Who has opted out of everything: left out of segments that say so.
const pql::expression& opted_out();

} // namespace waybill::profile
