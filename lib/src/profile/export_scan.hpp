// What an export reads: one snapshot of the profile store, from which it selects, merges and projects the
// profiles of a job, one row after the other (contract 3). Memory does not grow with the number of profiles.
// One thread at a time. Throws `store_failure` when the profiles cannot be read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include <waybill/export_job.hpp>

#include "profile/row_maker.hpp"

namespace waybill::profile {

/// Why this can never be exported as things are: by the request alone, and by the merge policies that the
/// profile store has, where there is one that can be read. Nothing when it can.
std::optional<job_error> check_request(const std::filesystem::path& profiles, const tenant& owner,
                                       const new_export_job& request);

/// Thrown by a scan whose request cannot be exported.
struct export_refused {
    job_error why;
};

class export_scan {
  public:
    /// Opens the store and fixes the snapshot. Throws `export_refused` for a merge policy that is unknown in
    /// it.
    export_scan(const std::filesystem::path& profiles, const tenant& owner, const new_export_job& request);
    ~export_scan();
    export_scan(const export_scan&) = delete;
    export_scan& operator=(const export_scan&) = delete;

    /// How many profiles the scan will look at; of the segments' members only, where segments are given.
    std::int64_t candidates() const;

    /// Hands each selected profile to `sink`, in the order of the profiles' ids. Ends early when `sink` or
    /// `on_progress` returns false; `on_progress` is called for every few candidates, so that a cancel is
    /// quick. `looked_at` counts candidates, also those not selected.
    void run(const std::function<bool(const exported_row&)>& sink,
             const std::function<bool(std::int64_t looked_at)>& on_progress);

  private:
    struct impl;
    std::unique_ptr<impl> self_;
};

} // namespace waybill::profile
