// The profiles in a form that other programs read, such as the Spark driver (docs/spark.md): a directory of
// JSON lines with every fragment and event of a profile store as it stands there, and the merge policies.
// Made of one snapshot, also while an import runs. Functions without state, any thread. Error rule: what the
// caller can mend (a store that is not there, a place that is taken) is a `result`; disk, corruption and a
// foreign schema throw `store_failure`. A failure leaves nothing behind.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>

#include <waybill/dataset_settings.hpp>
#include <waybill/result.hpp>
#include <waybill/tenant.hpp>

namespace waybill {

/// What has been written so far.
struct interchange_counts {
    std::int64_t fragments = 0;
    std::int64_t events = 0;
    std::int64_t policies = 0; ///< declared ones; what is built in is nowhere written
    std::int64_t files = 0;    ///< with fragments and events
    std::int64_t bytes = 0;    ///< of these files, compressed as they are
};

struct interchange_options {
    std::optional<tenant> owner{};                               ///< whose profiles; nothing: everybody's
    dataset_compression compression = dataset_compression::none; ///< or gzip
    /// A file that has so many bytes of lines, before they are compressed, takes no more: so it is a piece of
    /// work for one task of a cluster, which cannot begin in the middle of what is compressed.
    std::int64_t file_bytes = std::int64_t{128} << 20U;
    std::function<void(const interchange_counts&)> on_progress{}; ///< every thousand lines
};

/// Writes the form to `to`, which must not be there or be an empty directory. It is written beside that
/// (`<to>.partial-<process id>`), synced, and then moved there: whoever finds it finds all of it. Memory does
/// not grow with the store. `not_found` for a store or a directory around `to` that is not there, or for a
/// tenant of whom the store knows nothing; `conflict` when the place is taken; `invalid` for zstd.
result<interchange_counts> write_interchange(const std::filesystem::path& profiles,
                                             const std::filesystem::path& to,
                                             const interchange_options& options = {});

} // namespace waybill
