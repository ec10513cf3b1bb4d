// One attempt of the embedded engine: reads the profiles, writes the batches into the attempt's own staging
// directory, and tells how far it is. Runs on the thread that calls it; what it shares with others is in
// `attempt`. Throws nothing: every end is in the report.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>

#include <waybill/engine.hpp>
#include <waybill/local_engine.hpp>

namespace waybill::local {

/// What the engine keeps of an attempt. `key` and `job` never change; `stop` and `report` may be used by any
/// thread.
class attempt {
  public:
    attempt(const staging_key& its_key, export_job its_job);

    const staging_key key;
    const export_job job;
    std::atomic<bool> stop = false; ///< asked for at every few profiles

    attempt_report report() const;
    /// Whether the end has come.
    bool ended() const;
    /// Takes over counters and times while it runs.
    void progress(const job_metrics& metrics);
    /// The end; a second one changes nothing.
    void end(attempt_state state, std::vector<job_error> errors = {}, bool transient = false);

  private:
    mutable std::mutex guard_;
    attempt_report report_;
};

/// Executes the attempt to its end. `news` is called when the candidates are known; the end is the caller's
/// to tell.
void run_export(const local_engine_options& where, attempt& what, const std::function<void()>& news);

} // namespace waybill::local
