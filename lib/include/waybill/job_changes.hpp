// Waiting for jobs to change, in coroutines of any executor. Nothing is queued: a watch says that there may
// be news, and its owner reads them from the store, so one that is slow costs nobody anything. Thread rule:
// `job_changes` may be used from any thread, a `job_watch` on its executor alone, whose context must outlive
// the threads that ring. Error rule: nothing is thrown but for memory, by `watch` and `wait`.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <waybill/export_job.hpp>

namespace waybill {

class job_watch;

class job_changes {
  public:
    job_changes();

    /// These jobs may have changed: what `job_store::on_change` tells. Returns at once. Without memory for it
    /// a ring is lost, so a wait should have an end.
    void ring(std::span<const job_id> jobs) const noexcept;
    /// Ends every wait, such as when a host stops.
    void ring_all() const noexcept;

    /// Rung for one job, or for every one. What changes from now on is not missed. The executor must run one
    /// thing at a time, such as a strand.
    job_watch watch(std::optional<job_id> job, boost::asio::any_io_executor executor) const;

  private:
    friend class job_watch;
    struct state;
    std::shared_ptr<state> state_;
};

/// Ends with its destruction, on its executor.
class job_watch {
  public:
    job_watch(job_watch&&) noexcept;
    job_watch& operator=(job_watch&&) noexcept;
    ~job_watch();

    /// Until it is rung, or was since the last wait, for so long at the most; false when nothing rang.
    boost::asio::awaitable<bool> wait(std::chrono::milliseconds patience);

    /// Rings this one. Any thread.
    void ring() const;

  private:
    friend class job_changes;
    struct state;
    explicit job_watch(std::shared_ptr<state> self) : state_(std::move(self)) {}
    std::shared_ptr<state> state_;
};

} // namespace waybill
