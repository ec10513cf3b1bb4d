#include <waybill/spark_engine.hpp>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <new>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <waybill/error_codes.hpp>

#include "dataset/output_columns.hpp"
#include "disk/directory.hpp"
#include "spark/attempt.hpp"

namespace waybill {

namespace net = boost::asio;
using spark::attempt;

namespace {

constexpr std::chrono::milliseconds longest_sleep{1'000}; // a wake may have been lost
constexpr std::chrono::milliseconds for_memory{1};

std::unique_ptr<spark::cluster> cluster_of(const spark_engine_options& options) {
    return options.cluster.protocol == spark_protocol::livy ? spark::make_livy_cluster(options)
                                                            : spark::make_standalone_cluster(options);
}

} // namespace

struct spark_engine::impl {
    explicit impl(spark_engine_options with)
        : options(std::move(with)),
          server(cluster_of(options)),
          client(context, {options.cluster.host, std::to_string(options.cluster.port)},
                 {options.request_time, options.connections, options.answer_bytes}),
          worker([this] { work(); }) {}

    ~impl() {
        stopping = true;
        context.stop();
        worker.join();
        for (const auto& one : everything())
            one->leave();
    }

    /// One thing that happened, and then whatever is due.
    void work() {
        while (!stopping) {
            try {
                const auto due = step_all(std::chrono::steady_clock::now());
                client.pump();
                // Also where steps take so long that the next one is always due already.
                if (context.poll_one() == 0) context.run_one_until(due);
            } catch (const std::bad_alloc&) { // what was to be done is still due
                std::this_thread::sleep_for(for_memory);
            } catch (const std::exception& trouble) {
                problem(trouble.what());
                std::this_thread::sleep_for(longest_sleep);
            }
        }
    }

    attempt::time_point step_all(attempt::time_point now) {
        if (sweep_due.exchange(false)) take_up_left();
        auto next = now + longest_sleep;
        for (const auto& one : everything()) {
            one->step(now);
            next = std::min(next, one->due());
        }
        const std::lock_guard hold(guard);
        std::erase_if(leaving, [](const auto& one) { return one->over(); });
        return next;
    }

    std::vector<std::shared_ptr<attempt>> everything() {
        const std::lock_guard hold(guard);
        auto all = leaving;
        for (const auto& [key, one] : attempts)
            all.push_back(one);
        return all;
    }

    /// Spools of jobs that ended while nobody was there to remove them. What is submitted from now on is
    /// among the attempts before its spool is made.
    void take_up_left() {
        try {
            for (const auto& entry : disk::list_directory(spark::spool_root(options.datasets))) {
                const auto key = parse_staging_key(entry.name);
                if (!key || !entry.is_directory) continue;
                const std::lock_guard hold(guard);
                if (attempts.contains(*key) || is_leaving(*key)) continue;
                leaving.push_back(std::make_shared<attempt>(around, *key, attempt::origin::left));
            }
        } catch (const store_failure& trouble) {
            problem(trouble.what());
        }
    }

    bool is_leaving(const staging_key& key) const {
        return std::any_of(leaving.begin(), leaving.end(),
                           [&](const auto& one) { return one->key() == key; });
    }

    std::shared_ptr<attempt> find(const staging_key& key) {
        const std::lock_guard hold(guard);
        const auto at = attempts.find(key);
        return at == attempts.end() ? nullptr : at->second;
    }

    /// A wake that there is no memory for is lost; the thread looks by itself before long.
    void wake() noexcept {
        try {
            net::post(context, [] {});
        } catch (const std::bad_alloc&) {
        }
    }

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

    void problem(const std::string& words) const {
        if (options.on_problem) options.on_problem(words);
    }
    void no_answer(const std::string& words) {
        if (std::exchange(is_silent, true)) return;
        problem("Spark at " + to_text(options.cluster) + " cannot be asked: " + words);
    }
    void answered() {
        if (!std::exchange(is_silent, false)) return;
        if (options.on_notice) options.on_notice("Spark at " + to_text(options.cluster) + " answers again");
    }

    spark_engine_options options;
    net::io_context context{1};
    net::executor_work_guard<net::io_context::executor_type> kept = net::make_work_guard(context);
    std::unique_ptr<spark::cluster> server;
    spark::http_client client;
    spark::surroundings around{options,
                               *server,
                               client,
                               [this] { tell(); },
                               [this](const std::string& words) { no_answer(words); },
                               [this] { answered(); },
                               [this](const std::string& words) { problem(words); }};
    bool is_silent = false; ///< the cluster; of the thread alone
    std::atomic<bool> stopping = false;
    std::atomic<bool> sweep_due = false;
    std::mutex guard; ///< of all below, but not of what is in an attempt
    std::shared_ptr<const std::function<void()>> listener;
    bool swept = false;
    std::map<staging_key, std::shared_ptr<attempt>> attempts;
    std::vector<std::shared_ptr<attempt>> leaving; ///< forgotten, and not over yet
    std::thread worker;                            ///< last, so that it finds all the rest
};

namespace {

spark_engine_options in_full(spark_engine_options options) {
    options.datasets = std::filesystem::absolute(options.datasets).lexically_normal();
    return options;
}

} // namespace

spark_engine::spark_engine(spark_engine_options options)
    : self_(std::make_unique<impl>(in_full(std::move(options)))) {}
spark_engine::~spark_engine() = default;

void spark_engine::on_news(std::function<void()> listener) {
    auto shared = listener ? std::make_shared<const std::function<void()>>(std::move(listener)) : nullptr;
    const std::lock_guard hold(self_->guard);
    self_->listener = std::move(shared);
}

std::optional<job_error> spark_engine::check(const export_job& job) {
    if (job.request.evaluate_segments.value_or(false)) return errors::segments_not_evaluated.about();
    return dataset::check_output(job);
}

void spark_engine::submit(const staging_key& key, const export_job& job) {
    {
        const std::lock_guard hold(self_->guard);
        if (self_->attempts.contains(key)) return;
        self_->attempts.emplace(
            key, std::make_shared<attempt>(self_->around, key, attempt::origin::submitted, job));
        if (!std::exchange(self_->swept, true)) self_->sweep_due = true;
    }
    self_->wake();
}

bool spark_engine::find(const staging_key& key) {
    {
        const std::lock_guard hold(self_->guard);
        if (self_->attempts.contains(key)) return true;
        if (self_->is_leaving(key)) return false;
    }
    try {
        if (!disk::is_there(spark::spool(self_->options.datasets, key).request_file())) return false;
    } catch (const store_failure&) { // it may be there: the thread asks again
    }
    {
        const std::lock_guard hold(self_->guard);
        self_->attempts.emplace(key, std::make_shared<attempt>(self_->around, key, attempt::origin::found));
    }
    self_->wake();
    return true;
}

attempt_report spark_engine::poll(const staging_key& key) {
    const auto one = self_->find(key);
    return one ? one->report() : attempt_report{};
}

void spark_engine::cancel(const staging_key& key) {
    const auto one = self_->find(key);
    if (!one) return;
    one->cancel();
    self_->tell();
    self_->wake();
}

void spark_engine::forget(const staging_key& key) {
    {
        const std::lock_guard hold(self_->guard);
        const auto at = self_->attempts.find(key);
        if (at == self_->attempts.end()) return;
        self_->leaving.push_back(at->second);
        at->second->forget();
        self_->attempts.erase(at);
    }
    self_->wake();
}

} // namespace waybill
