// How a job store keeps itself small: which final jobs may go, when keys are forgotten, how far the
// write-ahead log may grow. `job_owner::upkeep` does it in small steps, so that no create waits long for one.
// Plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include <waybill/job_status.hpp>

namespace waybill {

/// Final jobs of this status are removed, with all their rows, when they have been final for so long. What
/// they published stays.
struct retention_rule {
    job_status status = job_status::succeeded;
    std::chrono::milliseconds keep{};
};

struct upkeep_options {
    std::vector<retention_rule> retention{}; ///< jobs of a status that is not named are kept for ever
    std::chrono::milliseconds keep_idempotency_keys{24 * 3'600'000}; ///< contract 1.1
    /// How long entries of the audit (audit.hpp) are kept; nothing: none are written, and none removed.
    std::optional<std::chrono::milliseconds> keep_audit{};
    std::int64_t rows_a_step = 2'000; ///< rows that a step removes, but for the last job's, which go together
    std::int64_t free_pages = 4'096;  ///< of the file that are kept for what comes; more are given back
    std::uintmax_t longest_wal = 64U << 20U;        ///< bytes; a longer log is cut when no reader needs it
    std::chrono::milliseconds longest_cut_wait{10}; ///< for readers, when the log is cut
    std::chrono::milliseconds analyze_every{24 * 3'600'000}; ///< statistics for SQLite's planner
};

} // namespace waybill
