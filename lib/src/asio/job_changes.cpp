#include <waybill/job_changes.hpp>

#include <atomic>
#include <iterator>
#include <map>
#include <mutex>
#include <new>
#include <vector>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace waybill {

namespace net = boost::asio;
using std::chrono::steady_clock;

namespace {

constexpr job_id every_job = 0; // no job has this id

} // namespace

struct job_watch::state : std::enable_shared_from_this<job_watch::state> {
    state(std::shared_ptr<job_changes::state> from, job_id which, net::any_io_executor where)
        : registry(std::move(from)), job(which), executor(where), timer(where) {}
    ~state();

    /// Any thread. Many rings before a wait are one.
    void ring() {
        if (rung.exchange(true)) return;
        net::post(executor, [weak = weak_from_this()] {
            // A wait that has heard of it already is over, and a later one is not to be ended.
            if (const auto self = weak.lock(); self && self->rung) self->timer.cancel();
        });
    }

    net::awaitable<bool> wait(steady_clock::time_point until) {
        const auto self = shared_from_this();
        if (!rung) {
            timer.expires_at(until);
            boost::system::error_code ignored;
            auto token = net::redirect_error(net::use_awaitable, ignored);
            auto waiting = timer.async_wait(token);
            co_await std::move(waiting);
        }
        co_return rung.exchange(false);
    }

    std::shared_ptr<job_changes::state> registry;
    job_id job;
    net::any_io_executor executor;
    net::steady_timer timer;
    std::atomic<bool> rung = false;
};

struct job_changes::state {
    using watches = std::multimap<job_id, std::weak_ptr<job_watch::state>>;

    void enter(const std::shared_ptr<job_watch::state>& one) {
        const std::lock_guard hold(guard);
        known.emplace(one->job, one);
    }

    void leave(job_id job) {
        const std::lock_guard hold(guard);
        const auto [begin, end] = known.equal_range(job);
        for (auto at = begin; at != end;)
            at = at->second.expired() ? known.erase(at) : std::next(at);
    }

    /// Those that `choose` adds are rung without the lock, for one that ends meanwhile leaves.
    template <class Choose>
    void ring(Choose choose) noexcept {
        try {
            std::vector<std::shared_ptr<job_watch::state>> found;
            {
                const std::lock_guard hold(guard);
                choose(found);
            }
            for (const auto& one : found)
                one->ring();
        } catch (const std::bad_alloc&) {
            // Whoever waits looks for itself when its patience ends.
        }
    }

    static void collect(watches::const_iterator begin, watches::const_iterator end,
                        std::vector<std::shared_ptr<job_watch::state>>& found) {
        found.reserve(found.size() + static_cast<std::size_t>(std::distance(begin, end)));
        for (auto at = begin; at != end; ++at)
            if (auto one = at->second.lock()) found.push_back(std::move(one));
    }

    std::mutex guard;
    watches known;
};

job_watch::state::~state() { registry->leave(job); }

job_changes::job_changes() : state_(std::make_shared<state>()) {}

void job_changes::ring(std::span<const job_id> jobs) const noexcept {
    state_->ring([this, jobs](auto& found) {
        if (state_->known.empty() || jobs.empty()) return;
        const auto add = [&](job_id job) {
            const auto [begin, end] = state_->known.equal_range(job);
            state::collect(begin, end, found);
        };
        for (const auto job : jobs)
            add(job);
        add(every_job);
    });
}

void job_changes::ring_all() const noexcept {
    state_->ring([this](auto& found) { state::collect(state_->known.begin(), state_->known.end(), found); });
}

job_watch job_changes::watch(std::optional<job_id> job, net::any_io_executor executor) const {
    auto one = std::make_shared<job_watch::state>(state_, job.value_or(every_job), std::move(executor));
    state_->enter(one);
    return job_watch(std::move(one));
}

job_watch::job_watch(job_watch&&) noexcept = default;
job_watch& job_watch::operator=(job_watch&&) noexcept = default;
job_watch::~job_watch() = default;

net::awaitable<bool> job_watch::wait(std::chrono::milliseconds patience) {
    return state_->wait(steady_clock::now() + patience);
}

void job_watch::ring() const { state_->ring(); }

} // namespace waybill
