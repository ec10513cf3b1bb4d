// Where the embedded engine gets its rows from. Waybill's own profile store is one source; whoever has
// profiles of their own puts a source in its place (`local_engine_options::source`), and the engine does the
// rest: threads, batches, formats, checksums, progress, cancelling. tests/local/own_source.tests.cpp is a
// short example. Thread rule: `check` as engine.hpp says; `open` on a thread of the engine's, for several
// attempts at once; each `profile_reader` is used by one thread at a time, the rest of a scan as its calls
// say. Error rule: a source throws `store_failure` when its profiles cannot be read, transient or not, and
// `export_refused` for what can never be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/export_job.hpp>

namespace waybill {

/// One selected profile. The views are good until the next call of the reader that gave it.
struct exported_row {
    std::string_view json{};                        ///< one JSON object, projected, without a line feed
    std::span<const std::string_view> namespaces{}; ///< of the profile's identities: distinct
    std::span<const std::size_t> segments{};        ///< entries of `filter.segments` that chose it, ascending
    bool too_many_identities = false;               ///< so many are linked that they were left apart
};

/// How the evaluation of a job's segments went.
struct segment_evaluation_report {
    struct of_a_segment {
        std::string id{};
        std::int64_t version = 0; ///< of its definition
        std::string expression_sha256{};
        std::int64_t realized = 0; ///< profiles that entered now …
        std::int64_t existing = 0; ///< … that were members before and are …
        std::int64_t exited = 0;   ///< … and that left now
    };
    timestamp now{}; ///< the moment that conditions mean by `now`
    std::int64_t profiles = 0;
    std::vector<of_a_segment> segments{};
    std::string staged_head{}; ///< the first line of the staged memberships
};

/// Thrown by a scan whose request cannot be exported.
struct export_refused {
    job_error why;
};

/// Reads candidates, one after the other.
class profile_reader {
  public:
    virtual ~profile_reader() = default;

    /// The row of a candidate; nothing when it is not selected.
    virtual std::optional<exported_row> read(std::int64_t candidate) = 0;

    /// What an evaluation of the candidate that was read last changes in its memberships, selected or not, as
    /// lines of the kind that `profile_scan::evaluation` begins. Good until the next `read`.
    virtual std::string_view membership_changes() const { return {}; }
};

/// One snapshot of the profiles, for one attempt.
class profile_scan {
  public:
    virtual ~profile_scan() = default;

    /// How many candidates `next` will give in all; only for showing progress.
    virtual std::int64_t candidates() const = 0;

    /// The next candidates, some hundreds at most, by numbers of the source's own; empty at the end. Rows are
    /// written in this order. Any thread, one at a time.
    virtual std::vector<std::int64_t> next() = 0;

    /// For one thread; all readers see the same snapshot. Called before the first `next`; nothing when there
    /// are no more, or nothing to read. A scan with a single reader may take for granted that the thread
    /// which reads is the one that calls `next`.
    virtual std::unique_ptr<profile_reader> reader() = 0;

    /// Of a job whose segments are evaluated: the memberships that change with its publication are staged
    /// beside its batches, and its manifests tell of the evaluation. The counts are complete once every
    /// reader is gone.
    virtual std::optional<segment_evaluation_report> evaluation() const { return std::nullopt; }
};

class profile_source {
  public:
    profile_source() = default;
    profile_source(const profile_source&) = delete;
    profile_source& operator=(const profile_source&) = delete;
    virtual ~profile_source() = default;

    /// Why this request can never be exported; nothing when it can be tried. Touches no disk.
    virtual std::optional<job_error> check(const new_export_job& request) = 0;

    /// Fixes a snapshot that up to `readers` threads will read.
    virtual std::unique_ptr<profile_scan> open(const tenant& owner, const new_export_job& request,
                                               std::size_t readers) = 0;
};

} // namespace waybill
