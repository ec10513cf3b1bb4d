#include <waybill/write_queue.hpp>

#include <algorithm>
#include <deque>
#include <mutex>
#include <new>
#include <vector>

#include <boost/asio/post.hpp>

namespace waybill {

struct write_queue::state : std::enable_shared_from_this<write_queue::state> {
    state(job_store& to, boost::asio::any_io_executor where, write_queue_options choices)
        : store(to), executor(std::move(where)), limits(choices) {
        taken.reserve(1);
    }

    struct call {
        std::unique_ptr<pending_write> what;
        std::exception_ptr thrown;
    };

    /// Why it was not taken, if it was not.
    const char* add(std::unique_ptr<pending_write>& next, bool is_last) {
        const std::lock_guard hold(guard);
        if (closed && !is_last) return "the store is being closed";
        if (waiting.size() >= limits.waiting && !is_last) return "too many writes wait for the store";
        waiting.push_back(std::move(next));
        try {
            if (!drain_posted) post_drain();
        } catch (...) { // for want of memory: it is not taken, or it would wait for somebody who comes later
            next = std::move(waiting.back());
            waiting.pop_back();
            throw;
        }
        drain_posted = true;
        closed = is_last;
        return nullptr;
    }

    void post_drain() {
        boost::asio::post(executor, [self = shared_from_this()] { self->drain(); });
    }

    /// As many as there is memory for; there is always some for one.
    void take() {
        const std::lock_guard hold(guard);
        const auto most = std::min(waiting.size(), limits.together);
        try {
            taken.reserve(most);
        } catch (const std::bad_alloc&) {
        }
        while (taken.size() < std::min(most, taken.capacity())) {
            taken.push_back({std::move(waiting.front()), {}});
            waiting.pop_front();
        }
    }

    /// While one commit waits for the disk, the next ones gather.
    void drain() {
        for (;;) {
            drain_once();
            {
                const std::lock_guard hold(guard);
                drain_posted = !waiting.empty();
                if (!drain_posted) return;
            }
            try {
                return post_drain();          // behind what else waits for this executor, such as a tick
            } catch (const std::bad_alloc&) { // then before it
            }
        }
    }

    void drain_once() {
        take();
        commit();
        together.add(static_cast<std::int64_t>(taken.size()));
        for (auto& one : taken)
            tell(one);
        taken.clear();
    }

    static void tell(call& one) {
        try {
            one.what->complete(std::move(one.thrown));
        } catch (const std::bad_alloc&) { // for long: it hears nothing, but the others do
        }
    }

    static void run(call& one) {
        try {
            one.what->run();
            one.thrown = nullptr;
        } catch (...) {
            one.thrown = std::current_exception();
        }
    }

    void commit() {
        const auto run_all = [this] {
            for (auto& one : taken)
                run(one);
        };
        if (taken.size() == 1) return run_all(); // a lone verb's own transaction does
        try {
            if (!store.try_together(run_all)) run_all(); // each by itself, so that one harms no other
        } catch (...) {
            // A commit that fails, fails for everyone in it. What went wrong first says most: after a full
            // disk SQLite rolls back by itself, and the commit only finds nothing to commit.
            auto cause = std::current_exception();
            for (const auto& one : taken)
                if (one.thrown) {
                    cause = one.thrown;
                    break;
                }
            for (auto& one : taken)
                one.thrown = cause;
        }
    }

    job_store& store;
    const boost::asio::any_io_executor executor;
    const write_queue_options limits;
    std::vector<call> taken; ///< the drain's alone, kept for its memory
    std::mutex guard;        ///< of the three below
    std::deque<std::unique_ptr<pending_write>> waiting;
    bool drain_posted = false;
    bool closed = false;
    shared_histogram<sharing_bounds> together;
};

write_queue::write_queue(job_store& store, boost::asio::any_io_executor executor, write_queue_options limits)
    : state_(std::make_shared<state>(store, std::move(executor), limits)) {}

write_queue::~write_queue() = default;

void write_queue::add(std::unique_ptr<pending_write> next) {
    if (const char* const why = state_->add(next, false)) next->refuse({errc::overloaded, why, {}});
}

void write_queue::close(std::unique_ptr<pending_write> last) { state_->add(last, true); }

boost::asio::any_io_executor write_queue::executor() const { return state_->executor; }

write_queue_counters write_queue::counters() const {
    const auto together = state_->together.now();
    return {together.sum, together.total(), together};
}

} // namespace waybill
