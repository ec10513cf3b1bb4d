// What a batch says of itself in its `manifest.json`: whose it is, which files, how many rows and bytes,
// their checksums. Publication believes a batch only as far as its manifest goes (contract 2.3). Pure values
// and functions, any thread; reading files throws `store_failure`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <waybill/engine.hpp>
#include <waybill/export_job.hpp>
#include <waybill/profile_source.hpp>
#include <waybill/result.hpp>

namespace waybill::dataset {

struct part_file {
    std::string name; ///< a plain file name
    std::int64_t rows = 0;
    std::int64_t bytes = 0;
    std::string sha256; ///< 64 lower-case hex digits
};

struct manifest {
    staging_key key; ///< the attempt that wrote it
    std::string batch_id;
    std::vector<part_file> files;
    std::int64_t rows = 0;
    std::int64_t bytes = 0;
    std::optional<dataset_output> output{}; ///< read only; nothing when it names none that we know
    /// Changes of memberships that take effect with the batch; staged beside the job's batches.
    std::optional<part_file> memberships{};
};

/// How the export of a batch went, beside its files.
struct export_account {
    std::vector<std::pair<std::string, std::int64_t>> by_namespace; ///< exported profiles, sorted
    timestamp start;
    timestamp end;
    std::int64_t unlinked = 0; ///< rows of profiles to which so many are linked that they were left apart
    const segment_evaluation_report* evaluation = nullptr; ///< where the job's segments were evaluated
};

/// The text of `manifest.json`; `batch` is one of the job's.
std::string manifest_text(const manifest& what, const export_job& job, const export_batch& batch,
                          const export_account& account);

/// Reads what `manifest_text` wrote, or another engine's of the same shape. `invalid`, with what is wrong.
result<manifest> parse_manifest(std::string_view text);

struct read_manifest {
    manifest content;
    std::string sha256; ///< of the file's bytes
};
/// Reads a batch directory's manifest, whosever it is; `invalid` says what is wrong with it.
result<read_manifest> find_manifest(const std::filesystem::path& batch_directory);
/// Reads a batch directory's manifest and sees to it that it is this attempt's and this batch's; `invalid`
/// says why it is not.
result<read_manifest> manifest_of(const std::filesystem::path& batch_directory, const staging_key& key,
                                  std::string_view batch_id);

/// Compares the staged memberships with what a manifest says of them, and syncs them.
result<done> verify_memberships(const std::filesystem::path& staging, const part_file& what,
                                const std::stop_token& stop = {});

/// Compares a batch directory with its manifest: `_SUCCESS`, sizes and checksums of the files; syncs what it
/// reads, for another engine may not have. `invalid` says what does not hold. A requested stop ends it as a
/// failure to read.
result<done> verify_files(const std::filesystem::path& batch_directory, const manifest& what,
                          const std::stop_token& stop = {});

} // namespace waybill::dataset
