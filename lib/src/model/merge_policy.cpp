#include <waybill/merge_policy.hpp>

#include <array>
#include <utility>

namespace waybill {

std::optional<std::int64_t> latest_version(std::string_view merge_policy_id) {
    static constexpr std::array<std::pair<std::string_view, std::int64_t>, 2> built_in{{
        {default_merge_policy, 1},
        {"timestampOrdered-pdg-mp", 1},
    }};
    for (const auto& [id, version] : built_in)
        if (id == merge_policy_id) return version;
    return std::nullopt;
}

merge_policy_ref applicable_merge_policy(const std::optional<merge_policy_ref>& asked) {
    merge_policy_ref policy =
        asked ? *asked : merge_policy_ref{std::string(default_merge_policy), std::nullopt};
    if (!policy.version) policy.version = latest_version(policy.id);
    return policy;
}

} // namespace waybill
