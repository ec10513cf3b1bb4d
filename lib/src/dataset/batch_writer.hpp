// Writes one batch into an attempt's staging directory: the rows, the manifest after them, `_SUCCESS` last,
// all of it synced. What is not finished is no batch; its directory is the caller's to remove. Rows come one
// by one, or as blocks that somebody has encoded. One thread per object. Throws `store_failure`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include <waybill/export_job.hpp>

#include "dataset/block_encoder.hpp"
#include "dataset/manifest.hpp"
#include "dataset/namespace_counts.hpp"
#include "dataset/part_writer.hpp"

namespace waybill::dataset {

class batch_writer {
  public:
    /// Where it is written, and how large its parts become.
    struct place {
        const std::filesystem::path& staging;
        const staging_key& key;
        std::int64_t part_bytes = 0;
        std::size_t most_parts = part_options{}.most_parts;
    };

    /// Creates `<staging>/batch-<batchId>` and its first part. `job`, `batch`, one of its batches, and
    /// `encoder`, one of this job's that its batches may share, must outlive the writer.
    batch_writer(const place& where, const export_job& job, const export_batch& batch,
                 block_encoder& encoder);

    /// Of a job whose segments were evaluated.
    struct evaluated {
        const segment_evaluation_report& report;
        const part_file& memberships;
    };

    /// What a manifest counts of some rows.
    struct block_account {
        std::int64_t rows = 0;
        std::int64_t unlinked = 0; ///< of which so many were linked that they were left apart
        namespace_counts counts{};

        void add(const block_account& more);
    };
    /// Appends lines that an encoder of this job has made, and gathers them to blocks.
    void append_lines(std::string_view lines, const block_account& account);
    /// Appends what an encoder of this job has made of a block of whole rows.
    void append_block(std::string_view encoded, const block_account& account);

    /// Completes the batch; nothing can be appended any more. Also without any row it is a valid batch.
    void finish(timestamp start, timestamp end, const evaluated* segments = nullptr);

    /// Of all that was appended.
    std::int64_t rows() const noexcept { return written_.rows + gathered_.rows; }

  private:
    void flush();
    void put(std::string_view encoded, const block_account& account);

    std::filesystem::path directory_;
    staging_key key_;
    const export_job& job_;
    const export_batch& batch_;
    block_encoder& encoder_;
    std::size_t block_size_;
    part_writer parts_;
    block_account written_;
    std::string block_;      ///< rows that are not encoded yet …
    block_account gathered_; ///< … and what is counted of them
};

} // namespace waybill::dataset
