// What a check-up asks of a store's file beyond its schema and its integrity: how SQLite keeps it, whether
// the counts it keeps are right, and what in the datasets its unfinished jobs still need. Only ever reads,
// beside the owner. Thread rule: functions without state, any thread. Error rule: `not_found` for a missing
// file, `conflict` for an older schema; disk, a foreign file and a newer schema throw `store_failure`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <waybill/engine.hpp>
#include <waybill/result.hpp>

namespace waybill {

/// What stands in the file itself. (`synchronous` and `foreign_keys` do not: each connection sets its own,
/// and the owner's has FULL and on.)
struct file_settings {
    std::string journal_mode; ///< `wal`, for a store of ours
    std::string auto_vacuum;  ///< `none`, `full` or `incremental`
    std::int64_t page_size = 0;
    std::int64_t wal_bytes = 0; ///< of the file beside it
};

/// Of any store.
result<file_settings> inspect_settings(const std::filesystem::path& file);

/// Where a job store's counts differ from a count over all its jobs, one sentence each; goes through an index
/// of all jobs.
result<std::vector<std::string>> check_counts(const std::filesystem::path& job_store);

/// What may stand in the datasets' directories although no `current.json` names it.
struct dataset_claims {
    std::vector<staging_key> staged;     ///< of the attempts under way
    std::vector<std::string> publishing; ///< batch ids of the jobs past their commit point
};

result<dataset_claims> read_dataset_claims(const std::filesystem::path& job_store);

} // namespace waybill
