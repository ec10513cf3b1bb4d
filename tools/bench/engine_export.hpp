// One export after the other by the embedded engine, through its public interface only: an attempt is
// submitted and waited for until every batch stands synced in the staging directory, with its manifest. One
// thread.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>

#include <waybill/local_engine.hpp>

#include "race.hpp"

namespace waybill::bench {

/// All fields of all profiles, each primary identity by itself.
new_export_job export_of_all();

class engine_export {
  public:
    /// `settle` may change each job before it is submitted.
    explicit engine_export(local_engine_options where, std::function<void(export_job&)> settle = {});

    /// How long the export of how many rows takes. What an earlier call staged is removed before, which is
    /// not counted. `meanwhile` is called every few milliseconds. Throws when the attempt does not succeed.
    slice_time run(const new_export_job& request, const std::function<void()>& meanwhile = {});

  private:
    export_job job_of(const new_export_job& request) const;
    attempt_report await(const staging_key& key, const std::function<void()>& meanwhile);
    std::filesystem::path staging() const;

    std::filesystem::path datasets_;
    std::function<void(export_job&)> settle_;
    std::mutex guard_;
    std::condition_variable told_;
    bool news_ = false;
    staging_key key_{1, 0, 1};
    export_job job_;
    local_engine engine_; ///< last: its threads tell the above
};

} // namespace waybill::bench
