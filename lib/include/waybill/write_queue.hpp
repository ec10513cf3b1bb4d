// Where writes wait for a job store and share its commits: while one commit waits for the disk the next ones
// gather. Thread rule: any thread adds, the executor runs. Error rule: what a write or its commit threw is
// told to that write.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include <waybill/histogram.hpp>
#include <waybill/job_store.hpp>

namespace waybill {

struct write_queue_options {
    std::size_t waiting = 10'000; ///< writes that may wait; one more is refused with `errc::overloaded`
    std::size_t together = 1'000; ///< writes that share one transaction at the most
};

/// Upper bounds of the writes that shared a commit.
inline constexpr std::array<std::int64_t, 10> sharing_bounds{1, 2, 5, 10, 20, 50, 100, 200, 500, 1'000};

/// How well writers shared their commits so far.
struct write_queue_counters {
    std::int64_t writes = 0;
    std::int64_t commits = 0;
    histogram<sharing_bounds> together{}; ///< writes of each commit
};

/// One write that waits: what to do, and how to tell its end.
class pending_write {
  public:
    virtual ~pending_write() = default;
    virtual void run() = 0;                               ///< on the writer's executor; may throw
    virtual void complete(std::exception_ptr thrown) = 0; ///< once, when its commit is durable or failed
    virtual void refuse(failure why) = 0;                 ///< instead, when it never ran
};

/// Takes all that wait into one transaction, again and again, on one executor.
class write_queue {
  public:
    write_queue(job_store& store, boost::asio::any_io_executor executor, write_queue_options limits);
    ~write_queue();
    write_queue(const write_queue&) = delete;
    write_queue& operator=(const write_queue&) = delete;

    void add(std::unique_ptr<pending_write> next);
    /// Refuses all that is added from now on, but for this one, which is told when every other has been.
    void close(std::unique_ptr<pending_write> last);
    write_queue_counters counters() const;
    boost::asio::any_io_executor executor() const;

  private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace waybill
