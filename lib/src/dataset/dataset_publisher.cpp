#include <waybill/dataset_publisher.hpp>

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <new>
#include <stop_token>
#include <thread>
#include <utility>

#include "dataset/housekeeping.hpp"
#include "dataset/layout.hpp"
#include "dataset/placement.hpp"
#include "dataset/pruning.hpp"
#include "dataset/publish_error.hpp"
#include "dataset/staged_check.hpp"
#include "disk/directory.hpp"
#include "sql/owner_lock.hpp"

namespace waybill {

namespace {

template <class Work>
publication_report try_to_report(const std::filesystem::path& root, Work work) {
    try {
        return work();
    } catch (const store_failure& trouble) {
        return dataset::failed_report(dataset::disk_error(trouble, root), trouble.transient());
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& trouble) {
        return dataset::failed_report(errors::output_failed.about(root.string(), trouble.what()), false);
    }
}

/// How the work ended; for want of memory it is worth another try.
template <class Work>
publication_report reported(const std::filesystem::path& root, Work work) {
    try {
        return try_to_report(root, std::move(work));
    } catch (const std::bad_alloc&) {
        publication_report report;
        report.state = publication_state::failed;
        report.errors = dataset::no_memory_errors(root);
        report.transient = true;
        return report;
    }
}

} // namespace

struct dataset_publisher::impl {
    impl(std::filesystem::path where, sql::owner_lock held, dataset_publisher_options with)
        : root(std::move(where)),
          options(std::move(with)),
          lock(std::move(held)),
          pruner(root, options.keep_superseded),
          worker([this](const std::stop_token& stop) { run(stop); }) {}

    using task = std::function<void(const std::stop_token&)>;

    void add(task next) {
        {
            const std::lock_guard hold(guard);
            queue.push_back(std::move(next));
        }
        wake.notify_one();
    }

    /// What is booked and not queued would be waited for for ever.
    template <class Task>
    void add_for(const staging_key& key, Task next) {
        try {
            add(std::move(next));
        } catch (...) {
            forget(key);
            throw;
        }
    }

    /// A check that is forgotten is not begun, or broken off: it would only hold up the others.
    void start_check(publication what) {
        const std::stop_source unwanted;
        const auto key = what.key;
        const auto ticket = book(key, unwanted);
        add_for(key, [this, ticket, unwanted, what = std::move(what)](const std::stop_token& stop) mutable {
            if (unwanted.stop_requested()) return;
            const std::stop_callback ending(stop, [&unwanted] { unwanted.request_stop(); });
            settle(what.key, ticket, reported(root, [&] {
                       const std::lock_guard alone(disk);
                       return dataset::check_staged(root, what, unwanted.get_token(),
                                                    options.take_memberships);
                   }));
        });
    }

    void start_placing(publication what) {
        const auto key = what.key;
        const auto ticket = book(key, std::stop_source(std::nostopstate));
        add_for(key, [this, ticket, what = std::move(what)](const std::stop_token&) {
            settle(what.key, ticket, reported(root, [&] {
                       const std::lock_guard alone(disk);
                       return dataset::placement(root, what, options.take_memberships).run();
                   }));
        });
    }

    /// A ticket under which an outcome is expected, in the place of an earlier one of this key.
    std::int64_t book(const staging_key& key, std::stop_source unwanted) {
        const std::lock_guard hold(guard);
        auto& entry = reports[key];
        entry.unwanted.request_stop();
        entry.unwanted = std::move(unwanted);
        entry.ticket = ++last_ticket;
        entry.report = {};
        entry.report.state = publication_state::working;
        return entry.ticket;
    }

    void forget(const staging_key& key) {
        const std::lock_guard hold(guard);
        const auto at = reports.find(key);
        if (at == reports.end()) return;
        at->second.unwanted.request_stop();
        reports.erase(at);
    }

    /// An outcome nobody waits for any more, because of a later call or a `forget`, is dropped.
    void settle(const staging_key& key, std::int64_t ticket, publication_report report) {
        {
            const std::lock_guard hold(guard);
            const auto at = reports.find(key);
            if (at == reports.end() || at->second.ticket != ticket) return;
            at->second.report = std::move(report);
        }
        tell();
    }

    /// What is queued when the publisher ends is done after the next start, as after a crash.
    void run(const std::stop_token& stop) {
        for (;;) {
            task next;
            {
                std::unique_lock hold(guard);
                if (!wake.wait(hold, stop, [this] { return !queue.empty(); }) || stop.stop_requested())
                    return;
                next = std::move(queue.front());
                queue.pop_front();
            }
            next(stop);
        }
    }

    /// News that there is no memory for is lost; whoever listens looks for itself after a while.
    void tell() noexcept {
        std::unique_lock hold(guard);
        const auto told = listener;
        hold.unlock();
        try {
            if (told) (*told)();
        } catch (const std::bad_alloc&) {
        }
    }

    void look_for_staged() {
        try {
            std::unique_lock alone(disk);
            auto found = dataset::staged_keys(root);
            alone.unlock();
            const std::lock_guard hold(guard);
            staged = std::move(found);
        } catch (const std::exception&) {
            return; // nothing depends on a sweep, and the next look comes
        }
        tell();
    }

    /// A pass that is not over yet goes on instead.
    void begin_pruning() {
        if (prunes) return;
        try {
            std::unique_lock alone(disk);
            pruner.begin(options.now());
            alone.unlock();
            add_pruning_step();
            prunes = true;
        } catch (const std::exception&) {
            tell(); // nothing depends on it, and the next pass comes
        }
    }

    /// One, and then whatever has been queued meanwhile.
    void add_pruning_step() {
        add([this](const std::stop_token&) { go_on_pruning(); });
    }

    void go_on_pruning() {
        try {
            std::unique_lock alone(disk);
            prunes = pruner.step();
            alone.unlock();
            if (prunes) return add_pruning_step();
        } catch (const std::exception&) {
            prunes = false;
        }
        tell();
    }

    struct outcome {
        std::int64_t ticket = 0;
        std::stop_source unwanted{std::nostopstate};
        publication_report report;
    };

    const std::filesystem::path root;
    const dataset_publisher_options options;
    const sql::owner_lock lock;
    dataset::pruning pruner; ///< the worker's
    bool prunes = false;     ///< the worker's: a pass is not over
    std::mutex disk;         ///< held while anything below the root is looked at or changed
    std::mutex guard;        ///< of all below
    std::condition_variable_any wake;
    std::deque<task> queue;
    std::map<staging_key, outcome> reports;
    std::int64_t last_ticket = 0;
    std::shared_ptr<const std::function<void()>> listener;
    std::vector<staging_key> staged; ///< what the latest look found, until it is taken
    std::jthread worker;             ///< last, so that it ends first
};

result<std::unique_ptr<dataset_publisher>> dataset_publisher::open(const std::filesystem::path& root,
                                                                   dataset_publisher_options options) {
    const auto absolute = std::filesystem::absolute(root).lexically_normal();
    disk::make_directories(absolute);
    auto lock = sql::owner_lock::take(absolute / dataset::lock_name, "datasets' root");
    if (!lock) return std::move(lock).error();
    auto self = std::make_unique<impl>(absolute, std::move(lock).value(), std::move(options));
    return std::unique_ptr<dataset_publisher>(new dataset_publisher(std::move(self)));
}

dataset_publisher::dataset_publisher(std::unique_ptr<impl> self) : self_(std::move(self)) {}
dataset_publisher::~dataset_publisher() = default;

void dataset_publisher::on_news(std::function<void()> listener) {
    auto shared = listener ? std::make_shared<const std::function<void()>>(std::move(listener)) : nullptr;
    const std::lock_guard hold(self_->guard);
    self_->listener = std::move(shared);
}

void dataset_publisher::check(publication what) { self_->start_check(std::move(what)); }

void dataset_publisher::place(publication what) { self_->start_placing(std::move(what)); }

publication_report dataset_publisher::poll(const staging_key& key) {
    const std::lock_guard hold(self_->guard);
    const auto at = self_->reports.find(key);
    return at == self_->reports.end() ? publication_report{} : at->second.report;
}

void dataset_publisher::forget(const staging_key& key) { self_->forget(key); }

void dataset_publisher::look_for_staged() {
    self_->add([self = self_.get()](const std::stop_token&) { self->look_for_staged(); });
}

std::vector<staging_key> dataset_publisher::take_staged() {
    const std::lock_guard hold(self_->guard);
    return std::exchange(self_->staged, {});
}

void dataset_publisher::remove_staged(std::vector<staging_key> gone) {
    self_->add([self = self_.get(), gone = std::move(gone)](const std::stop_token&) {
        {
            const std::lock_guard alone(self->disk);
            dataset::remove_staged(self->root, gone);
        }
        self->tell();
    });
}

void dataset_publisher::prune_superseded() {
    self_->add([self = self_.get()](const std::stop_token&) { self->begin_pruning(); });
}

std::vector<published_batch> dataset_publisher::survey() {
    const std::lock_guard alone(self_->disk);
    return dataset::survey(self_->root);
}

void dataset_publisher::remove_unlisted(const std::vector<std::string>& publishing) {
    const std::lock_guard alone(self_->disk);
    dataset::remove_unlisted(self_->root, publishing);
}

} // namespace waybill
