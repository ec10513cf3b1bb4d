#include "profile/segment_plan.hpp"

#include <algorithm>
#include <variant>

#include <waybill/merge_policy.hpp>
#include <waybill/result.hpp>

#include "digest/sha256.hpp"
#include "model/namespaces.hpp"
#include "segments/definition_rows.hpp"
#include "segments/member_rows.hpp"
#include "segments/membership_entry.hpp"

namespace waybill::profile {
namespace {

/// Distinct, in the order of the request.
std::vector<std::string> segments_of(const new_export_job& request) {
    std::vector<std::string> ids;
    if (!request.evaluate_segments.value_or(false) || !request.filter) return ids;
    for (const auto& segment : request.filter->segments)
        if (folded(segment.segment_ns) == segments::evaluated_namespace &&
            std::find(ids.begin(), ids.end(), segment.segment_id) == ids.end())
            ids.push_back(segment.segment_id);
    return ids;
}

pql::expression parsed(const std::string& id, const std::string& text) {
    auto condition = pql::parse(text);
    if (auto* const right = std::get_if<pql::expression>(&condition)) return std::move(*right);
    throw store_failure(store_failure::kind::corrupt,
                        "the expression of segment " + id +
                            " is not readable: " + std::get<pql::expression_error>(condition).message);
}

void add(json::field_tree& to, const pql::field_set& fields) {
    if (fields.whole) to = {};
    for (const auto& path : fields.paths) {
        const std::vector<std::string_view> names(path.begin(), path.end());
        to.add(names);
    }
}

/// Puts each after those that it asks for. Definitions are kept free of circles; one that came about all the
/// same is broken somewhere, so that every definition is evaluated once.
class dependency_order {
  public:
    explicit dependency_order(std::vector<segment_evaluation> all)
        : all_(std::move(all)), states_(all_.size(), state::waiting) {}

    std::vector<segment_evaluation> sorted() && {
        for (std::size_t i = 0; i < all_.size(); ++i)
            visit(i);
        for (auto& one : sorted_)
            for (const auto& asked : one.condition.segments())
                one.asks.push_back(place_of(asked, one));
        return std::move(sorted_);
    }

  private:
    enum class state : std::uint8_t { waiting, visiting, done };

    void visit(std::size_t at) {
        if (states_[at] != state::waiting) return;
        states_[at] = state::visiting;
        for (const auto& asked : all_[at].condition.segments())
            for (std::size_t i = 0; i < all_.size(); ++i)
                if (all_[i].id == asked) visit(i);
        states_[at] = state::done;
        sorted_.push_back(all_[at]);
    }

    std::optional<std::size_t> place_of(const std::string& id, const segment_evaluation& before) const {
        for (std::size_t i = 0; &sorted_[i] != &before; ++i)
            if (sorted_[i].id == id) return i;
        return std::nullopt;
    }

    std::vector<segment_evaluation> all_;
    std::vector<state> states_;
    std::vector<segment_evaluation> sorted_;
};

} // namespace

segment_plan plan_segments(sql::connection& on, const tenant& owner, const new_export_job& request,
                           membership_states states, timestamp now) {
    segment_plan plan;
    plan.now = now;
    plan.states = states;
    std::vector<segment_evaluation> found;
    for (auto& definition : segments::read_definitions(on, owner, segments_of(request))) {
        if (definition.lifecycle == segment_lifecycle::inactive) continue;
        found.push_back({definition.segment_id, definition.version, digest::sha256_hex(definition.expression),
                         parsed(definition.segment_id, definition.expression), definition.exclude_opt_out});
    }
    for (const auto& one : found) {
        add(plan.profile_fields, one.condition.profile_fields());
        add(plan.event_fields, one.condition.event_fields());
        plan.reads_events |= one.condition.reads_events();
        if (one.leaves_out_opted_out) add(plan.profile_fields, opted_out().profile_fields());
    }
    plan.evaluated = dependency_order(std::move(found)).sorted();
    for (const std::string_view name : {"_id", "timestamp"})
        plan.event_fields.add({&name, 1});
    plan.population = segments::find_population(on, owner, applicable_merge_policy(request.merge_policy).id);
    if (!plan.population) return plan;
    plan.known_segments = segments::evaluated_segments(on, *plan.population);
    plan.known_namespaces = segments::identity_namespaces(on);
    return plan;
}

const pql::expression& opted_out() {
    static const auto condition =
        parsed("of all who opted out",
               R"(privacyOptOuts.exists(optOutType = "general_opt_out" and optOutValue = "out"))");
    return condition;
}

} // namespace waybill::profile
