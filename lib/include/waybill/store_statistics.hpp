// A job store in numbers, over all tenants: what an operator and a monitor look at. For those who look after
// a store, never for a tenant's client. What it costs does not depend on how many jobs there are: the counts
// are kept by the transactions that change them, everything else is found by an index. Thread rule: plain
// values, any thread. Error rule: as job_reader.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <waybill/export_job.hpp>
#include <waybill/histogram.hpp>
#include <waybill/result.hpp>

namespace waybill {

/// A number for each status.
class status_counts {
  public:
    std::int64_t& operator[](job_status status) { return counts_[static_cast<std::size_t>(status)]; }
    std::int64_t operator[](job_status status) const { return counts_[static_cast<std::size_t>(status)]; }
    status_counts& operator+=(const status_counts& more);
    std::int64_t total() const;

    friend bool operator==(const status_counts&, const status_counts&) = default;

  private:
    std::array<std::int64_t, all_job_statuses.size()> counts_{};
};

/// A job that is `NEW`.
struct waiting_job {
    job_id id = 0;
    tenant owner;
    timestamp since{}; ///< its creation
    bool held = false; ///< it waits for a backoff to end, not for its turn

    friend bool operator==(const waiting_job&, const waiting_job&) = default;
};

struct tenant_statistics {
    tenant owner;
    status_counts jobs;
    std::optional<waiting_job> oldest_waiting{};
};

/// A job that an attempt is under way for: `PROCESSING` or `CANCELLING`.
struct running_job {
    job_id id = 0;
    tenant owner;
    std::string dataset_id{};
    job_status status = job_status::processing;
    std::int64_t attempt = 0;
    bool publishing = false;                  ///< past the commit point
    std::optional<std::int64_t> exported{};   ///< profiles so far
    std::optional<std::int64_t> candidates{}; ///< profiles that the attempt will look at, once it knows
    std::optional<int> percent{};             ///< of these, looked at; nothing until it knows them
    timestamp since{};                        ///< the attempt's begin
};

/// Upper bounds of waiting and running times, in milliseconds.
inline constexpr std::array<std::int64_t, 15> job_time_bounds{
    10,     50,      100,     500,       1'000,     5'000,     10'000,    30'000,
    60'000, 300'000, 900'000, 1'800'000, 3'600'000, 7'200'000, 21'600'000};
using job_times = histogram<job_time_bounds>;

/// What happened since a reader was opened. A job that was removed before anybody looked is not in it.
struct moves_made {
    std::int64_t created = 0;
    status_counts into{}; ///< moves into each status; of `NEW`: the jobs put back for another attempt
    job_times waited{};   ///< of each attempt: since the job was created or put back; a backoff counts too
    /// Of each attempt that ended, by the status that it led to: since it began.
    std::array<job_times, all_job_statuses.size()> ran{};
    std::int64_t exported_profiles = 0; ///< of the jobs that succeeded
    std::int64_t exported_bytes = 0;    ///< of their batches' files
};

struct store_statistics {
    static constexpr std::size_t most_running = 100;

    status_counts jobs;                          ///< of all tenants
    std::vector<tenant_statistics> tenants{};    ///< by organisation, then sandbox
    std::optional<waiting_job> oldest_waiting{}; ///< over all tenants
    std::vector<running_job> running{};          ///< at most `most_running`, oldest job first
    moves_made moves{};                          ///< zeros from a reader that has only just been opened
    std::int64_t database_bytes = 0;             ///< as SQLite counts it, what is only in the WAL included
    std::int64_t free_bytes = 0;                 ///< of these: pages that nothing uses
    std::int64_t wal_bytes = 0;                  ///< of the file beside it
    int schema_version = 0;
};

/// One look at a store, beside its owner, in one snapshot. Somebody who looks again and again keeps a
/// `job_reader` and asks it for its `statistics`. `not_found` when there is no such file.
result<store_statistics> read_statistics(const std::filesystem::path& file);

} // namespace waybill
