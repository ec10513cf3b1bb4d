// The seam between the job store and whatever executes exports (contract 3, "Engines"). The embedded engine
// is one implementation; a distributed one is another. Every call returns at once: an engine works on threads
// (or machines) of its own. The calls come from one thread at a time, the one that ticks the lifecycle; the
// listener may be called from any thread. Calls throw nothing but for memory, and may then be repeated: what
// goes wrong is told by `poll`.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <waybill/export_job.hpp>

namespace waybill {

/// Names one attempt of one job for ever: attempts grow within a job, epochs within a store. What an attempt
/// stages stands in `.staging/<job>.<attempt>.<epoch>`, and its manifests name the same three numbers.
struct staging_key {
    job_id job = 0;
    std::int64_t attempt = 0;
    std::int64_t epoch = 0; ///< of the opening under which the attempt was submitted

    friend auto operator<=>(const staging_key&, const staging_key&) = default;
};

/// `<job>.<attempt>.<epoch>`
std::string to_text(const staging_key& key);
std::optional<staging_key> parse_staging_key(std::string_view text);

enum class attempt_state {
    unknown,   ///< the engine knows nothing of such an attempt, or cannot be asked now
    running,   ///< submitted; not at its end
    staged,    ///< every batch is complete and synced in the staging directory
    failed,    ///< ended without staging everything; `errors` says why
    cancelled, ///< ended because it was told to
};

struct attempt_report {
    attempt_state state = attempt_state::unknown;
    std::string engine_job_id{};     ///< empty while the engine has not given one
    job_metrics metrics;             ///< counters only grow within an attempt
    std::vector<job_error> errors{}; ///< the causes, outermost first, without the job's own wrapper
    bool transient = false;          ///< of a failure: whether another attempt may succeed
};

class engine {
  public:
    engine() = default;
    engine(const engine&) = delete;
    engine& operator=(const engine&) = delete;
    virtual ~engine() = default;

    /// Is called, from any thread, whenever polling would show something new; set once, before the first
    /// submit.
    virtual void on_news(std::function<void()> listener) = 0;

    /// Why this job can never run here; nothing when it can be tried. Touches no disk and no network.
    virtual std::optional<job_error> check(const export_job& job) = 0;

    /// Starts an attempt. The same key again is harmless.
    virtual void submit(const staging_key& key, const export_job& job) = 0;

    /// Whether the engine has this attempt, running or ended. Asked after a restart.
    virtual bool find(const staging_key& key) = 0;

    virtual attempt_report poll(const staging_key& key) = 0;

    /// Tells an attempt to stop; it ends within a second as `cancelled`, or as what it had become before.
    virtual void cancel(const staging_key& key) = 0;

    /// The outcome has been taken; the engine may free what it keeps of it.
    virtual void forget(const staging_key& key) = 0;

    /// How often to poll a running attempt although no news came. An engine that always tells needs none.
    virtual std::optional<std::chrono::milliseconds> poll_interval() const { return std::nullopt; }
};

} // namespace waybill
