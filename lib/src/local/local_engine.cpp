#include <waybill/local_engine.hpp>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <new>
#include <stop_token>
#include <thread>
#include <vector>

#include "dataset/output_columns.hpp"
#include "local/export_run.hpp"
#include "profile/export_scan.hpp"

namespace waybill {

struct local_engine::impl {
    explicit impl(local_engine_options with) : options(std::move(with)) {
        if (!options.source) options.profiles = std::filesystem::absolute(options.profiles);
        options.datasets = std::filesystem::absolute(options.datasets).lexically_normal();
        if (!options.segments.empty()) options.segments = std::filesystem::absolute(options.segments);
        if (!options.source)
            options.source = std::make_shared<profile::store_source>(
                profile::profile_files{options.profiles, options.segments, options.memberships, options.now});
        if (options.readers == 0) options.readers = std::max(std::thread::hardware_concurrency(), 1U);
        for (std::size_t i = 0; i < std::max<std::size_t>(options.threads, 1); ++i)
            workers.emplace_back([this](const std::stop_token& stop) { work(stop); });
    }

    ~impl() {
        {
            const std::lock_guard hold(guard);
            for (const auto& [key, attempt] : attempts)
                attempt->stop = true;
        }
        for (auto& worker : workers)
            worker.request_stop();
    }

    void work(const std::stop_token& stop) {
        for (;;) {
            std::shared_ptr<local::attempt> next;
            {
                std::unique_lock hold(guard);
                if (!wake.wait(hold, stop, [this] { return !queue.empty(); }) || stop.stop_requested())
                    return;
                next = std::move(queue.front());
                queue.pop_front();
            }
            if (next->ended()) continue; // cancelled while it waited
            local::run_export(options, *next, [this] { tell(); });
            tell();
        }
    }

    /// News that there is no memory for is lost; whoever listens looks for itself after a while.
    void tell() noexcept {
        std::shared_ptr<const std::function<void()>> to;
        {
            const std::lock_guard hold(guard);
            to = listener;
        }
        try {
            if (to) (*to)();
        } catch (const std::bad_alloc&) {
        }
    }

    std::shared_ptr<local::attempt> find(const staging_key& key) {
        const std::lock_guard hold(guard);
        const auto at = attempts.find(key);
        return at == attempts.end() ? nullptr : at->second;
    }

    /// Takes it out of those that wait; false when a thread has it.
    bool withdraw(const std::shared_ptr<local::attempt>& attempt) {
        const std::lock_guard hold(guard);
        return std::erase(queue, attempt) != 0;
    }

    local_engine_options options;
    std::mutex guard; ///< of all below, but not of what is in an attempt
    std::condition_variable_any wake;
    std::shared_ptr<const std::function<void()>> listener;
    std::map<staging_key, std::shared_ptr<local::attempt>> attempts;
    std::deque<std::shared_ptr<local::attempt>> queue;
    std::vector<std::jthread> workers; ///< last, so that they end first
};

local_engine::local_engine(local_engine_options options)
    : self_(std::make_unique<impl>(std::move(options))) {}
local_engine::~local_engine() = default;

void local_engine::on_news(std::function<void()> listener) {
    auto shared = listener ? std::make_shared<const std::function<void()>>(std::move(listener)) : nullptr;
    const std::lock_guard hold(self_->guard);
    self_->listener = std::move(shared);
}

std::optional<job_error> local_engine::check(const export_job& job) {
    if (auto why = dataset::check_output(job)) return why;
    return self_->options.source->check(job.request);
}

void local_engine::submit(const staging_key& key, const export_job& job) {
    {
        const std::lock_guard hold(self_->guard);
        if (self_->attempts.contains(key)) return;
        self_->queue.push_back(std::make_shared<local::attempt>(key, job));
        try {
            self_->attempts.emplace(key, self_->queue.back());
        } catch (...) { // an attempt that only one of them has would never end
            self_->queue.pop_back();
            throw;
        }
    }
    self_->wake.notify_one();
}

bool local_engine::find(const staging_key& key) { return self_->find(key) != nullptr; }

attempt_report local_engine::poll(const staging_key& key) {
    const auto attempt = self_->find(key);
    return attempt ? attempt->report() : attempt_report{};
}

void local_engine::cancel(const staging_key& key) {
    const auto attempt = self_->find(key);
    if (!attempt) return;
    attempt->stop = true;
    // One that still waits for a thread need not wait for it in order to end.
    if (!self_->withdraw(attempt)) return;
    attempt->end(attempt_state::cancelled);
    self_->tell();
}

void local_engine::forget(const staging_key& key) {
    const auto attempt = self_->find(key);
    if (!attempt) return;
    attempt->stop = true; // nobody takes its outcome any more
    const std::lock_guard hold(self_->guard);
    self_->attempts.erase(key);
    std::erase(self_->queue, attempt);
}

} // namespace waybill
