#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include <semaphore.h>

#include "creators.hpp"
#include "floor_writer.hpp"

namespace waybill::bench {
namespace {

/// The floor behind a queue: one thread takes all that wait into one transaction, and wakes each by a
/// semaphore of its own, without the lock that they queue up under.
class group_floor {
  public:
    explicit group_floor(const std::filesystem::path& file) : writer_(file), thread_([this] { serve(); }) {}
    ~group_floor() {
        {
            const std::lock_guard hold(guard_);
            stopped_ = true;
        }
        wake_.notify_one();
        thread_.join();
    }
    group_floor(const group_floor&) = delete;
    group_floor& operator=(const group_floor&) = delete;

    /// Returns when the job is durable.
    void create(const new_export_job& request) {
        waiter self(request);
        bool first = false;
        {
            const std::lock_guard hold(guard_);
            first = waiting_.empty();
            waiting_.push_back(&self);
        }
        if (first) wake_.notify_one();
        self.await();
    }

  private:
    class waiter {
      public:
        explicit waiter(const new_export_job& request) : request_(request) { ::sem_init(&durable_, 0, 0); }
        ~waiter() { ::sem_destroy(&durable_); }
        waiter(const waiter&) = delete;
        waiter& operator=(const waiter&) = delete;

        const new_export_job& request() const noexcept { return request_; }
        void tell() { ::sem_post(&durable_); }
        void await() {
            while (::sem_wait(&durable_) != 0) {
            } // a signal may end the wait early
        }

      private:
        const new_export_job& request_;
        sem_t durable_{};
    };

    void serve() {
        std::vector<waiter*> taken;
        std::unique_lock hold(guard_);
        for (;;) {
            wake_.wait(hold, [&] { return stopped_ || !waiting_.empty(); });
            if (waiting_.empty()) return;
            taken.swap(waiting_);
            hold.unlock();
            writer_.begin();
            for (const auto* const one : taken)
                writer_.insert(one->request());
            writer_.commit();
            for (auto* const one : taken)
                one->tell();
            taken.clear();
            hold.lock();
        }
    }

    floor_writer writer_;
    std::mutex guard_; ///< of the rest
    std::condition_variable wake_;
    std::vector<waiter*> waiting_;
    bool stopped_ = false;
    std::thread thread_;
};

struct group_state {
    explicit group_state(const std::filesystem::path& file) : floor(file) {}
    group_floor floor;
    std::size_t next = 0;
};

slice_time create_by_callers(group_state& to, const create_plan& plan, std::size_t callers) {
    const auto each = plan.a_slice / callers;
    const auto first = to.next;
    to.next += each * callers;
    std::vector<std::future<void>> ends;
    return timed(each * callers, [&] {
        for (std::size_t caller = 0; caller < callers; ++caller)
            ends.push_back(std::async(std::launch::async, [&, caller] {
                for (std::size_t i = 0; i < each; ++i)
                    to.floor.create(plan.jobs[first + caller * each + i]);
            }));
        for (auto& end : ends)
            end.get();
    });
}

} // namespace

contestant floor_callers(const create_plan& plan, std::size_t callers) {
    return {floor_name, [plan, callers](const auto& folder) {
                make_empty_store(folder / jobs_file, plan.jobs.owner());
                return std::make_unique<runner_of<group_state>>(
                    std::make_unique<group_state>(folder / jobs_file),
                    [plan, callers](group_state& to) { return create_by_callers(to, plan, callers); });
            }};
}

} // namespace waybill::bench
