// All moves of a store's jobs, in the order in which they became durable, each once: what an embedder
// subscribes to. It reads them from the store, so it may begin anywhere, also before the process began, and
// a slow subscriber costs memory to nobody. For no client's eyes: it has every tenant's jobs. Thread rule:
// `next` on its executor, one at a time; `close` from any thread. Error rule: a read that fails throws
// `store_failure` out of `next`, which may be called again.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <waybill/async_job_store.hpp>

namespace waybill {

class transition_feed {
  public:
    /// Begins after this sequence number, such as the last one that an earlier process has dealt with; 0
    /// begins with the first. The executor must run one thing at a time; the store must outlive the feed.
    transition_feed(async_job_store& jobs, boost::asio::any_io_executor executor, std::int64_t after);

    /// The next ones, at least one and at most `most`, once there are any; none once the feed is closed. What
    /// removed jobs did may be missing.
    boost::asio::awaitable<std::vector<recorded_transition>> next(std::size_t most = 1'000);

    /// The sequence number of the last one that `next` gave.
    std::int64_t position() const noexcept { return after_; }

    /// Ends a `next` under way, and all later ones.
    void close();

  private:
    async_job_store& jobs_;
    job_watch watch_;
    std::int64_t after_;
    std::atomic<bool> closed_ = false;
};

} // namespace waybill
