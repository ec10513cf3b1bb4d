#include <waybill/merge_policy.hpp>

namespace waybill {

std::optional<identity_graph> parse_identity_graph(std::string_view text) {
    for (const auto graph : {identity_graph::none, identity_graph::pdg})
        if (to_text(graph) == text) return graph;
    return std::nullopt;
}

std::optional<attribute_merge> parse_attribute_merge(std::string_view text) {
    for (const auto merge : {attribute_merge::timestamp_ordered, attribute_merge::dataset_precedence})
        if (to_text(merge) == text) return merge;
    return std::nullopt;
}

std::optional<merge_policy> built_in_policy(std::string_view merge_policy_id) {
    if (merge_policy_id == default_merge_policy)
        return merge_policy{std::string(merge_policy_id), 1, {}, {}, {}};
    if (merge_policy_id == linking_merge_policy)
        return merge_policy{std::string(merge_policy_id), 1, identity_graph::pdg, {}, {}};
    return std::nullopt;
}

std::optional<std::int64_t> latest_version(std::string_view merge_policy_id) {
    const auto policy = built_in_policy(merge_policy_id);
    return policy ? std::optional(policy->version) : std::nullopt;
}

merge_policy_ref applicable_merge_policy(const std::optional<merge_policy_ref>& asked) {
    merge_policy_ref policy =
        asked ? *asked : merge_policy_ref{std::string(default_merge_policy), std::nullopt};
    if (!policy.version) policy.version = latest_version(policy.id);
    return policy;
}

} // namespace waybill
