// What a tenant's datasets hold: which batches are visible and which superseded, and whether every file of
// them is what its manifest says. Only ever reads, takes no lock and syncs nothing, so it may run beside the
// host that owns the root. Thread rule: functions without state, any thread. Error rule: `not_found` for a
// missing root or dataset; what cannot be read throws `store_failure`, but for what is damaged, which is
// told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <waybill/dataset_settings.hpp>
#include <waybill/export_job.hpp>
#include <waybill/result.hpp>
#include <waybill/tenant.hpp>

namespace waybill {

struct held_batch {
    std::string batch_id;
    bool superseded = false;
    bool there = false; ///< with a manifest that can be read; what is below says nothing of another
    std::optional<std::string> segment_id{}; ///< of a visible one, when there is a batch a segment
    std::optional<std::string> segment_ns{};
    std::size_t files = 0;
    std::int64_t rows = 0;
    std::int64_t bytes = 0;
    std::optional<dataset_output> output{}; ///< when the manifest names a format that we know
};

struct held_dataset {
    std::string dataset_id;
    job_id job = 0; ///< whose batches are visible; 0 while nothing was published
    std::int64_t commit_sequence = 0;
    std::string published_at{}; ///< RFC 3339
    std::size_t visible = 0;    ///< batches
    std::int64_t rows = 0;      ///< of the visible batches
    std::int64_t bytes = 0;
    std::size_t superseded = 0;        ///< batches, also those that are there no more
    std::vector<held_batch> batches{}; ///< the visible ones, then the superseded, oldest first
    std::string damage{};              ///< why `current.json` cannot be read; empty when all is well
};

/// The tenant's datasets by name, without their batches one by one.
result<std::vector<held_dataset>> list_datasets(const std::filesystem::path& root, const tenant& owner);
/// One of them, with its batches; reads their manifests.
result<held_dataset> look_at_dataset(const std::filesystem::path& root, const tenant& owner,
                                     const std::string& dataset_id);

/// What was looked at, and each thing that is not as it should be, in a sentence that names the file.
struct dataset_verification {
    std::size_t datasets = 0;
    std::size_t batches = 0; ///< visible, and superseded ones that are still there
    std::size_t files = 0;
    std::int64_t rows = 0;  ///< counted in the files
    std::int64_t bytes = 0; ///< as the files are on the disk
    std::vector<std::string> findings{};
};

/// Compares every batch of the dataset, or of all of the tenant's, with `current.json` and its manifest: the
/// manifest's checksum; sizes, checksums and rows of the files, which are decompressed for it; the totals.
/// `on_progress` is called now and then.
result<dataset_verification>
verify_datasets(const std::filesystem::path& root, const tenant& owner,
                const std::optional<std::string>& dataset_id,
                const std::function<void(const dataset_verification&)>& on_progress = {});

} // namespace waybill
