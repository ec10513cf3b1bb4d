// Drives every job through its life (contract 2): takes up what an older epoch left, claims, submits, polls,
// lets what is staged pass the commit point, publishes, records, settles cancellations. It only decides:
// nothing in a tick waits for a network or a dataset's disk, and it knows neither SQL nor Asio. Time is an
// argument, so tests tick with made-up times. Thread rule: one thread at a time, the one that the job store
// belongs to. Error rule: `store_failure` passes through; a tick that threw may simply be repeated later.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include <waybill/engine.hpp>
#include <waybill/job_owner.hpp>
#include <waybill/publisher.hpp>

namespace waybill {

struct lifecycle_options {
    std::size_t running = 8;                        ///< attempts at work at once; at least 1
    std::size_t running_per_tenant = 8;             ///< of them, of one tenant; at least 1
    std::int64_t attempts = 5;                      ///< tries of a job before a transient failure is final
    std::chrono::milliseconds first_backoff{1'000}; ///< doubles with each try …
    std::chrono::milliseconds longest_backoff{
        300'000}; ///< … up to this; then jitter takes up to half of it away
    std::chrono::milliseconds attempt_deadline{6 * 3'600'000}; ///< an attempt that runs longer is given up
    std::chrono::milliseconds stop_grace{0};        ///< how long attempts at work may go on after `stop`
    std::chrono::milliseconds cancel_grace{60'000}; ///< an engine that has not stopped by then is left behind
    /// Counters of a job are written at most this often, and whatever others work at is looked at this often.
    std::chrono::milliseconds progress_interval{1'000};
    std::chrono::milliseconds sweep_interval{600'000}; ///< how often staging is swept, and pruning begins
    std::chrono::milliseconds upkeep_interval{60'000}; ///< how often the store is looked after, a step a tick
    std::function<double()> jitter{};                  ///< in [0, 1); empty: a random one
    std::function<void(std::string_view)>
        on_problem{}; ///< told, in one sentence, what an operator should know
    std::function<void(std::string_view)> on_notice{}; ///< likewise what came right by itself
};

class lifecycle {
  public:
    using time_point = std::chrono::steady_clock::time_point;
    /// How long until there is something to do; nothing means until somebody wakes it.
    using next_tick = std::optional<std::chrono::milliseconds>;

    /// All three must outlive it.
    lifecycle(job_owner& owner, engine& executor, publisher& datasets, lifecycle_options options = {});
    ~lifecycle();
    lifecycle(const lifecycle&) = delete;
    lifecycle& operator=(const lifecycle&) = delete;

    /// Once, before the first tick and before the first request; may block while it reads the datasets. When
    /// it throws, begin anew with a new lifecycle on a store opened anew.
    void recover(time_point now);

    /// One pass. `now` is of the monotonic clock.
    next_tick tick(time_point now);

    /// Claims nothing more. What is at work may end within the grace, with the following ticks; then the
    /// attempts are told to stop and their jobs are put back to `NEW`, which uses up no attempt. What is past
    /// its commit point goes on. A second call ends the grace.
    void stop(time_point now);

    /// After `stop`: nothing is at work any more.
    bool stopped() const noexcept;

  private:
    struct impl;
    std::unique_ptr<impl> self_;
};

} // namespace waybill
