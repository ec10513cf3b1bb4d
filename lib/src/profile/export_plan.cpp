#include "profile/export_plan.hpp"

#include <algorithm>

#include <waybill/result.hpp>

#include "model/namespaces.hpp"

namespace waybill::profile {
namespace {

// The job store takes no request with such a text; one that reaches an export is a defect.
[[noreturn]] void refuse(const char* what, const std::string& text) {
    throw store_failure(store_failure::kind::internal,
                        std::string("an export job has ") + what + ": " + text);
}

std::optional<timestamp> moment_of(const std::optional<std::string>& text) {
    if (!text) return std::nullopt;
    const auto moment = parse_rfc3339(*text);
    if (!moment) refuse("a time that is not RFC 3339", *text);
    return moment;
}

json::field_tree tree_of(const std::optional<std::string>& fields) {
    auto tree = json::field_tree::of(fields);
    if (!tree) refuse("malformed fields", *fields);
    return *std::move(tree);
}

segment_choice choice_of(const segment_filter& filter) {
    segment_choice choice{folded(filter.segment_ns), filter.segment_id, {}};
    for (const auto status : filter.statuses)
        if (std::find(choice.statuses.begin(), choice.statuses.end(), status) == choice.statuses.end())
            choice.statuses.push_back(status);
    return choice;
}

event_plan plan_events(const event_list& asked, std::optional<timestamp> ingested_after) {
    event_plan plan{tree_of(asked.fields), ingested_after, std::nullopt};
    if (!asked.filter) return plan;
    if (const auto from = moment_of(asked.filter->from_ingest_timestamp))
        plan.ingested_after = std::max(*from, ingested_after.value_or(*from));
    plan.ingested_before = moment_of(asked.filter->to_ingest_timestamp);
    return plan;
}

} // namespace

export_plan plan_export(const new_export_job& request) {
    export_plan plan;
    plan.fields = tree_of(request.fields);
    if (const auto& filter = request.filter) {
        for (const auto& segment : filter->segments)
            plan.segments.push_back(choice_of(segment));
        if (const auto& window = filter->qualification_time)
            if (window->start_time || window->end_time)
                plan.qualified = {moment_of(window->start_time), moment_of(window->end_time)};
        plan.ingested_after = moment_of(filter->from_ingest_timestamp);
        plan.empty_profiles = filter->empty_profiles.value_or(false);
    }
    if (request.events) plan.events = plan_events(*request.events, plan.ingested_after);
    return plan;
}

} // namespace waybill::profile
