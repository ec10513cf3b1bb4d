// The datasets of a root seen from outside, for a check-up: what is visible, what is missing, and what stands
// there that no `current.json` names. Only ever reads, takes no lock and syncs nothing, so it may run beside
// the host that owns the root; what that host does meanwhile may then look half done. Thread rule: a function
// without state, any thread. Error rule: `not_found` for a missing root; what cannot be read throws
// `store_failure`, but for a damaged `current.json`, which is a finding.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include <waybill/engine.hpp>
#include <waybill/result.hpp>
#include <waybill/tenant.hpp>

namespace waybill {

struct surveyed_dataset {
    tenant owner;
    std::string dataset_id;
    std::size_t visible = 0;             ///< batches that `current.json` names
    std::size_t superseded = 0;          ///< batches that it lists as superseded and that are still there
    std::vector<std::string> missing{};  ///< visible ones that are not there, or without their manifest
    std::vector<std::string> unlisted{}; ///< batches in place that it neither names nor lists
    std::vector<staging_key> staged{};   ///< what stands in `.staging`
    std::string damage{};                ///< why `current.json` cannot be read; empty when all is well
};

/// Every dataset below the root.
result<std::vector<surveyed_dataset>> survey_datasets(const std::filesystem::path& root);

} // namespace waybill
