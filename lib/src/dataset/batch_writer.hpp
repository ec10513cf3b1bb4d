// Writes one batch into an attempt's staging directory: the rows, the manifest after them, `_SUCCESS` last,
// all of it synced. What is not finished is no batch; its directory is the caller's to remove. One thread per
// object. Throws `store_failure`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include <waybill/export_job.hpp>

#include "dataset/manifest.hpp"
#include "dataset/namespace_counts.hpp"
#include "digest/sha256.hpp"

namespace waybill::dataset {

class batch_writer {
  public:
    /// Creates `<staging>/batch-<batchId>` and its first part. `job` and `batch`, one of its batches, must
    /// outlive the writer.
    batch_writer(const std::filesystem::path& staging, const staging_key& key, const export_job& job,
                 const export_batch& batch);

    /// Appends one row: a JSON object without a line feed. `namespaces` are those of the profile's
    /// identities.
    void append(std::string_view row, std::span<const std::string_view> namespaces);

    /// Appends rows that stand in a text of their own, each with its line feed.
    void append_block(std::string_view rows, std::int64_t count, const namespace_counts& namespaces);

    /// Completes the batch; nothing can be appended any more. Also without any row it is a valid batch.
    void finish(timestamp start, timestamp end);

    std::int64_t rows() const noexcept { return rows_; }

  private:
    void flush();
    void write(std::string_view bytes);

    std::filesystem::path directory_;
    staging_key key_;
    const export_job& job_;
    const export_batch& batch_;
    std::string buffer_;
    digest::sha256 sum_;
    std::int64_t rows_ = 0;
    std::int64_t bytes_ = 0;
    std::int64_t unsynced_ = 0;
    namespace_counts counts_;
};

} // namespace waybill::dataset
