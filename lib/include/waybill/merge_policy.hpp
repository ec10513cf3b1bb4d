// The merge policies that Waybill has built in, and the rule by which a job's policy is fixed when it is
// created (contract 1.3 and 3). Pure functions, any thread.
#pragma once

#include <optional>
#include <string_view>

#include <waybill/export_job.hpp>

namespace waybill {

inline constexpr std::string_view default_merge_policy = "timestampOrdered-none-mp";

/// The version that is the latest of a built-in policy; nothing when the policy is not built in.
std::optional<std::int64_t> latest_version(std::string_view merge_policy_id);

/// What a new job's answer shows: the default where none was asked for, the latest version where none was
/// named; an unknown policy stays as sent and fails the job later, by name.
merge_policy_ref applicable_merge_policy(const std::optional<merge_policy_ref>& asked);

} // namespace waybill
