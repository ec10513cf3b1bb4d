#include <condition_variable>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <thread>

#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <waybill/async_job_store.hpp>
#include <waybill/job_owner.hpp>

#include "benched_store.hpp"
#include "creators.hpp"
#include "floor_claimer.hpp"
#include "workload.hpp"

namespace waybill::bench {
namespace {

using moment = std::chrono::steady_clock::time_point;

/// Where a worker says when it had a job, and then that it is idle again.
class signal_box {
  public:
    void claimed(moment at) { at_ = at; }
    void idle() {
        const std::lock_guard hold(guard_);
        idle_ = true;
        told_.notify_one();
    }
    /// When the job was claimed; waits until the worker is idle.
    moment await() {
        std::unique_lock hold(guard_);
        told_.wait(hold, [&] { return idle_; });
        idle_ = false;
        return at_;
    }

  private:
    std::mutex guard_;
    std::condition_variable told_;
    bool idle_ = false;
    moment at_{};
};

/// From before each create until the worker has the job; what the worker does with it then is not counted.
slice_time wakes(std::size_t count, signal_box& signals, const std::function<void()>& create) {
    slice_time sum{static_cast<double>(count), 0};
    for (std::size_t i = 0; i < count; ++i) {
        const auto start = std::chrono::steady_clock::now();
        create();
        sum.seconds += std::chrono::duration<double>(signals.await() - start).count();
    }
    return sum;
}

/// A create on another thread wakes a worker on the store's own, which claims at once.
class woken_store {
  public:
    woken_store(const std::filesystem::path& file, const job_mix& jobs)
        : jobs_(jobs),
          store_(open_store(file)),
          reader_(job_reader::open(file).value()),
          async_(store_, writer_.get_executor(), reader_, reads_.get_executor()) {
        store_.on_work([this] { boost::asio::post(writer_, [this] { work(); }); });
    }
    ~woken_store() {
        writer_.join();
        reads_.join();
    }
    woken_store(const woken_store&) = delete;
    woken_store& operator=(const woken_store&) = delete;

    slice_time slice(std::size_t count) {
        return wakes(count, signals_,
                     [this] { async_.create(jobs_.owner(), jobs_[next_++], boost::asio::detached); });
    }

  private:
    void work() {
        const auto claimed = store_.owner().claim(
            1, [](const export_job&) -> std::optional<job_error> { return std::nullopt; });
        signals_.claimed(std::chrono::steady_clock::now());
        store_.together([&] {
            for (const auto& one : claimed) {
                store_.owner().mark_publishing(one.key);
                store_.owner().succeed(one.key, {}, {});
            }
        });
        signals_.idle();
    }

    const job_mix& jobs_;
    signal_box signals_;
    job_store store_;
    job_reader reader_;
    boost::asio::thread_pool writer_{1};
    boost::asio::thread_pool reads_{1};
    async_job_store async_;
    std::size_t next_ = 0;
};

/// The same by nothing but a condition variable: one thread creates, another claims, by one connection and
/// never at the same time.
class woken_floor {
  public:
    woken_floor(const std::filesystem::path& file, const job_mix& jobs)
        : jobs_(jobs), worker_(file, jobs.owner()), thread_([this] { serve(); }) {}
    ~woken_floor() {
        tell(message::stop);
        thread_.join();
    }
    woken_floor(const woken_floor&) = delete;
    woken_floor& operator=(const woken_floor&) = delete;

    slice_time slice(std::size_t count) {
        return wakes(count, signals_, [this] {
            worker_.writer().create(jobs_[next_++]);
            tell(message::work);
        });
    }

  private:
    enum class message { none, work, stop };

    void tell(message what) {
        const std::lock_guard hold(guard_);
        waiting_ = what;
        wake_.notify_one();
    }

    void serve() {
        for (;;) {
            {
                std::unique_lock hold(guard_);
                wake_.wait(hold, [&] { return waiting_ != message::none; });
                if (waiting_ == message::stop) return;
                waiting_ = message::none;
            }
            const auto claimed = worker_.claim(1);
            signals_.claimed(std::chrono::steady_clock::now());
            worker_.finish(claimed, {});
            signals_.idle();
        }
    }

    const job_mix& jobs_;
    signal_box signals_;
    floor_claimer worker_;
    std::mutex guard_;
    std::condition_variable wake_;
    message waiting_ = message::none;
    std::size_t next_ = 0;
    std::thread thread_;
};

std::vector<result_row> created_until_claimed(bench& in) {
    constexpr std::size_t slices = 8;
    const auto a_slice = in.sizes.wakes / slices;
    const contestant ours{store_name, [&](const auto& folder) {
                              return std::make_unique<runner_of<woken_store>>(
                                  std::make_unique<woken_store>(folder / jobs_file, in.jobs),
                                  [a_slice](woken_store& with) { return with.slice(a_slice); });
                          }};
    const contestant bare{floor_name, [&](const auto& folder) {
                              make_empty_store(folder / jobs_file, in.jobs.owner());
                              return std::make_unique<runner_of<woken_floor>>(
                                  std::make_unique<woken_floor>(folder / jobs_file, in.jobs),
                                  [a_slice](woken_floor& with) { return with.slice(a_slice); });
                          }};
    const auto rates = race({ours, bare}, {in.folder, in.sizes.rounds, slices, {}});
    return {compare({"created until claimed by an idle worker", "us", "condition variable and floor",
                     measure::microseconds},
                    rates.at(store_name), rates.at(floor_name), at_most(1.5))};
}

} // namespace

std::vector<workload> wake_workloads() { return {{"wake", created_until_claimed}}; }

} // namespace waybill::bench
