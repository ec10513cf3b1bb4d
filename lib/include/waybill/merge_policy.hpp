// How the fragments of a person become one profile: the merge policies that Waybill has built in, those that
// an operator declares in a profile store, and the rule by which a job's policy is fixed when it is created
// (contract 1.3 and 3). Plain values and pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/export_job.hpp>

namespace waybill {

inline constexpr std::string_view default_merge_policy = "timestampOrdered-none-mp";
inline constexpr std::string_view linking_merge_policy = "timestampOrdered-pdg-mp";

/// Which primary identities are one profile.
enum class identity_graph : std::uint8_t {
    none, ///< each is one
    pdg,  ///< those that records and events link are one
};

/// Whose value of an attribute wins.
enum class attribute_merge : std::uint8_t {
    timestamp_ordered,  ///< the last ingested
    dataset_precedence, ///< of the dataset that is named first
};

constexpr std::string_view to_text(identity_graph graph) {
    return graph == identity_graph::none ? "none" : "pdg";
}
constexpr std::string_view to_text(attribute_merge merge) {
    return merge == attribute_merge::timestamp_ordered ? "timestampOrdered" : "dataSetPrecedence";
}
std::optional<identity_graph> parse_identity_graph(std::string_view text);
std::optional<attribute_merge> parse_attribute_merge(std::string_view text);

struct merge_policy {
    std::string id{};         ///< 1 to 256 characters
    std::int64_t version = 1; ///< from 1 on; one that was declared never changes
    identity_graph graph = identity_graph::none;
    attribute_merge merge = attribute_merge::timestamp_ordered;
    std::vector<std::string>
        datasets{}; ///< of `dataset_precedence`: the first wins; others give no attributes

    friend bool operator==(const merge_policy&, const merge_policy&) = default;
};

/// Nothing when the policy is not built in.
std::optional<merge_policy> built_in_policy(std::string_view merge_policy_id);

/// The version that is the latest of a built-in policy; nothing when the policy is not built in.
std::optional<std::int64_t> latest_version(std::string_view merge_policy_id);

/// What a new job's answer shows: the default where none was asked for, the latest version where none was
/// named; an unknown policy stays as sent and fails the job later, by name.
merge_policy_ref applicable_merge_policy(const std::optional<merge_policy_ref>& asked);

} // namespace waybill
