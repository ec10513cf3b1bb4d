// What a dataset is now: its `current.json`, the one place that says which batches are visible (contract 3,
// "Batches"). One writer a dataset; readers need no lock, for it is only ever replaced whole.
// Throws `store_failure`: `corrupt` for a damaged file, which is never overwritten, `newer_schema` for one of
// a newer Waybill.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/export_job.hpp>

namespace waybill::dataset {

struct current_batch {
    std::string batch_id;
    std::optional<std::string> segment_id; ///< when there is a batch a segment
    std::optional<std::string> segment_ns;
    std::int64_t rows = 0;
    std::int64_t bytes = 0;
    std::string manifest_sha256;

    friend bool operator==(const current_batch&, const current_batch&) = default;
};

struct current_dataset {
    std::string dataset_id;
    job_id job = 0; ///< whose batches are visible
    std::int64_t commit_sequence = 0;
    std::string published_at; ///< RFC 3339
    std::vector<current_batch> batches;
    std::vector<std::string> superseded; ///< published once, or later than what is visible; oldest first

    /// The visible batch with this id, or nothing.
    const current_batch* find(std::string_view batch_id) const;
    bool lists_as_superseded(std::string_view batch_id) const;

    friend bool operator==(const current_dataset&, const current_dataset&) = default;
};

/// Nothing while nothing was ever published to this dataset.
std::optional<current_dataset> read_current(const std::filesystem::path& dataset);

/// Durable when it returns.
void replace_current(const std::filesystem::path& dataset, const current_dataset& what);

} // namespace waybill::dataset
