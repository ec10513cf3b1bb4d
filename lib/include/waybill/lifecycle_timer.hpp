// Drives a lifecycle from any Boost.Asio executor: ticks it when the next thing is due, and at once when
// woken. Thread rule: its calls may come from any thread, the ticks run on the executor. Error rule: what a
// tick throws is told to `on_problem`.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>

#include <waybill/lifecycle.hpp>

namespace waybill {

/// Ticks a lifecycle on an executor that runs one thing at a time, the one that the job store lives on. It
/// sleeps until the next thing is due, 15 s at the longest, and never keeps itself alive: what it arms holds
/// it weakly, so destroying it, on that executor or once the executor is stopped, ends it. A tick that throws
/// is reported and repeated after `retry_after`.
class lifecycle_timer {
  public:
    struct options {
        std::chrono::milliseconds retry_after{1'000};
        std::function<void(std::string_view)>
            on_problem{};                   ///< told what a tick threw; called on the executor
        std::function<void()> on_tick{};    ///< called on the executor after each tick, also one that threw
        std::function<void()> on_stopped{}; ///< called once, on the executor, when a stop is complete
    };

    lifecycle_timer(boost::asio::any_io_executor executor, lifecycle& driven, options how);
    ~lifecycle_timer();
    lifecycle_timer(const lifecycle_timer&) = delete;
    lifecycle_timer& operator=(const lifecycle_timer&) = delete;

    /// Begins to tick, at once. Any thread.
    void start();
    /// Something may be due: tick now. Any thread; many wakes before a tick are one. Without memory for it a
    /// wake is lost, and the tick comes when it would have come.
    void wake() noexcept;
    /// Stops the lifecycle, with its grace, and goes on ticking until nothing is at work any more. Any
    /// thread.
    void stop();

  private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace waybill
