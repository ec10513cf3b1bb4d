// Where things stand below a datasets' root (contract 3, "Batches"), and which names are ours. Pure
// functions, any thread. What would lead out of the root is refused with `store_failure` (`internal`):
// validation should have kept it away long before.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <waybill/dataset_publisher.hpp>
#include <waybill/engine.hpp>

namespace waybill::dataset {

inline constexpr std::string_view current_name = "current.json";
inline constexpr std::string_view current_aside_name = ".current.json.new";
inline constexpr std::string_view manifest_name = "manifest.json";
inline constexpr std::string_view success_name = "_SUCCESS";
inline constexpr std::string_view staging_name = ".staging";
inline constexpr std::string_view memberships_name = "memberships"; ///< in an attempt's staging directory
inline constexpr std::string_view lock_name = ".waybill.lock";
inline constexpr std::string_view ledger_name = ".waybill.superseded";
inline constexpr std::string_view ledger_aside_name = ".waybill.superseded.new";

/// An org or sandbox as the name of a directory, and back; nothing when no org or sandbox has this name.
std::string encode_name(std::string_view text);
std::optional<std::string> decode_name(std::string_view name);

/// 32 lower-case hex digits.
bool valid_batch_id(std::string_view text);

/// `batch-<batchId>`
std::string batch_name(std::string_view batch_id);
/// The batch id; nothing when the name is not exactly one that `batch_name` gives.
std::optional<std::string> parse_batch_name(std::string_view name);

/// `pruned-batch-<batchId>`, below `.staging`: a batch on its way out.
std::string pruned_name(std::string_view batch_id);
bool is_pruned_name(std::string_view name);

/// `<dataset>/.staging/<job>.<attempt>.<epoch>`
std::filesystem::path staging_directory(const std::filesystem::path& dataset, const staging_key& key);

} // namespace waybill::dataset
