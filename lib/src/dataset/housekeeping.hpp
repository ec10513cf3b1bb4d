// What is done over all datasets of a root: telling what is published, and removing what can no longer be
// (contract 2.3, "Every start"). Only what bears exactly the names that we give is ever removed. One thread
// at a time with the placements. Throws `store_failure`, unless it says otherwise.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <waybill/publisher.hpp>

namespace waybill::dataset {

struct found_dataset {
    tenant owner;
    std::string id;
    std::filesystem::path directory;
};

/// The directories that `dataset_directory` can give; others are none of ours.
std::vector<found_dataset> find_datasets(const std::filesystem::path& root);

/// Syncs every dataset directory and those above it, and tells what every `current.json` names and lists.
std::vector<published_batch> survey(const std::filesystem::path& root);

/// Removes the batches that no `current.json` names or lists and that are not among `publishing`, and what a
/// crash left aside of a `current.json`.
void remove_unlisted(const std::filesystem::path& root, const std::vector<std::string>& publishing);

/// The keys of what is staged in one dataset.
std::vector<staging_key> staged_keys(const found_dataset& dataset);
/// The keys of all that is staged, over all datasets, sorted.
std::vector<staging_key> staged_keys(const std::filesystem::path& root);

/// Removes what is staged under these keys, as far as it is possible now. Throws nothing.
void remove_staged(const std::filesystem::path& root, const std::vector<staging_key>& gone) noexcept;

} // namespace waybill::dataset
