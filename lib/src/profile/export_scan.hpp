// What an export reads: one snapshot of the profile store, from which it selects, merges and projects the
// profiles of a job, on as many threads as there are readers (contract 3). Memory does not grow with the
// number of profiles, but for a job that asks for what came in since a moment: 8 bytes for each such profile,
// at most 8 MB. Throws `store_failure` when the profiles cannot be read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <waybill/export_job.hpp>
#include <waybill/membership_states.hpp>
#include <waybill/profile_source.hpp>

namespace waybill::profile {

/// Where an export reads.
struct profile_files {
    std::filesystem::path profiles{};
    std::filesystem::path segments{}; ///< the segment store; empty: nothing is evaluated
    membership_states states = membership_states::three;
    std::function<timestamp()> now = wall_clock; ///< of evaluations
};

/// Waybill's own profile store.
class store_source final : public profile_source {
  public:
    explicit store_source(profile_files files) : files_(std::move(files)) {}

    /// A policy that is not built in may be declared; only an attempt finds out.
    std::optional<job_error> check(const new_export_job& request) override;
    std::unique_ptr<profile_scan> open(const tenant& owner, const new_export_job& request,
                                       std::size_t readers) override;

  private:
    profile_files files_;
};

class export_scan final : public profile_scan {
  public:
    /// Opens the store and fixes the snapshot. Throws `export_refused` for a merge policy that is unknown in
    /// it.
    export_scan(const profile_files& files, const tenant& owner, const new_export_job& request,
                std::size_t readers = 1);
    ~export_scan() override;
    export_scan(const export_scan&) = delete;
    export_scan& operator=(const export_scan&) = delete;

    /// Of the segments' members only, where segments are given; of what was ingested later, where that is
    /// asked.
    std::int64_t candidates() const override;
    std::vector<std::int64_t> next() override;
    /// Nothing when there are as many as there are connections in the snapshot.
    std::unique_ptr<profile_reader> reader() override;
    std::optional<segment_evaluation_report> evaluation() const override;

  private:
    struct impl;
    std::unique_ptr<impl> self_;
};

} // namespace waybill::profile
