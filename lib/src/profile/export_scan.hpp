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

namespace waybill::profile {

/// Why this version can never export this; nothing when it can. Looks at the request only.
std::optional<job_error> check_request(const new_export_job& request);

/// One selected profile. The views are good during the call that hands it over.
struct exported_row {
    std::string_view json;                        ///< one JSON object, without a line feed
    std::span<const std::string_view> namespaces; ///< of the profile's identities: distinct, sorted
    std::span<const std::size_t> segments;        ///< entries of `filter.segments` that chose it, ascending
};

class export_scan {
  public:
    /// Opens the store and fixes the snapshot.
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
