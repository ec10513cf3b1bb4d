#include "job_driver.hpp"

#include <future>
#include <mutex>
#include <optional>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <waybill/dataset_publisher.hpp>
#include <waybill/job_store.hpp>
#include <waybill/lifecycle.hpp>
#include <waybill/local_engine.hpp>
#include <waybill/spark_engine.hpp>

namespace waybill::http {

namespace net = boost::asio;

namespace {

/// What engine and publisher ring when there is news; they may do so for longer than there is a timer.
class bell {
  public:
    void hang(lifecycle_timer* timer) {
        const std::lock_guard lock(guard_);
        timer_ = timer;
    }
    void ring() {
        const std::lock_guard lock(guard_);
        if (timer_ != nullptr) timer_->wake();
    }

  private:
    std::mutex guard_;
    lifecycle_timer* timer_ = nullptr;
};

lifecycle_options lifecycle_options_of(const host_options& options, request_log& log) {
    lifecycle_options how;
    how.running = options.running;
    how.running_per_tenant = options.running_per_tenant;
    how.stop_grace = options.grace;
    how.attempts = options.attempts;
    how.attempt_deadline = options.attempt_deadline;
    how.on_problem = [&log](std::string_view what) { log.problem(what); };
    how.on_notice = [&log](std::string_view what) { log.event(what); };
    return how;
}

std::filesystem::path segments_file(const host_options& options) {
    return options.segments.empty() ? options.store.parent_path() / "segments.db" : options.segments;
}

spark_engine_options spark_options_of(const host_options& options, request_log& log) {
    spark_engine_options how;
    how.cluster = options.spark->cluster;
    how.datasets = options.datasets;
    how.profiles = options.spark->profiles;
    how.driver = options.spark->driver;
    how.conf = options.spark->conf;
    how.on_problem = [&log](std::string_view what) { log.problem(what); };
    how.on_notice = [&log](std::string_view what) { log.event(what); };
    return how;
}

local_engine_options local_options_of(const host_options& options) {
    return {.profiles = options.profiles,
            .datasets = options.datasets,
            .threads = options.running,
            .segments = segments_file(options),
            .memberships = options.memberships};
}

std::unique_ptr<engine> make_engine(const host_options& options, request_log& log) {
    if (options.spark) return std::make_unique<spark_engine>(spark_options_of(options, log));
    return std::make_unique<local_engine>(local_options_of(options));
}

dataset_publisher_options publisher_options_of(const host_options& options,
                                               std::shared_ptr<segment_store> segments) {
    return {
        .take_memberships =
            [segments = std::move(segments)](const publication& what, const std::filesystem::path& staged) {
                segments->take_memberships(what.job.owner, what.key.job, what.commit_sequence, staged);
            },
        .keep_superseded = options.keep_superseded};
}

} // namespace

/// In the order in which they may know each other; they are destroyed the other way round.
struct job_driver::impl {
    impl(const host_options& options, request_log& where, std::unique_ptr<dataset_publisher> datasets,
         std::shared_ptr<segment_store> definitions, job_store opened, job_reader beside)
        : grace(options.grace),
          log(where),
          health(std::make_shared<host_health>(options.patience)),
          segments(std::move(definitions)),
          publisher(std::move(datasets)),
          store(std::move(opened)),
          reader(std::move(beside)),
          executor(make_engine(options, where)),
          driven(store.owner(), *executor, *publisher, lifecycle_options_of(options, where)),
          jobs(store, store_thread.get_executor(), reader, reader_thread.get_executor()) {
        health->watch("the writer", store_thread.get_executor());
        health->watch("the reader", reader_thread.get_executor());
        health->watch("the segments", segment_thread.get_executor());
        health->expect_rounds(lifecycle_options{}.upkeep_interval);
    }

    void start() {
        const auto listener = [ringing = news] { ringing->ring(); };
        executor->on_news(listener);
        publisher->on_news(listener);
        store.on_work(listener);
        driven.recover(std::chrono::steady_clock::now());
        lifecycle_timer::options how;
        how.on_problem = [this](std::string_view what) {
            health->suspect_store();
            log.problem(what);
        };
        how.on_tick = [this] { health->came_round(); };
        how.on_stopped = [this] { at_rest.set_value(); };
        timer.emplace(store_thread.get_executor(), driven, std::move(how));
        news->hang(&*timer);
        timer->start();
    }

    void stop() {
        if (!timer) return;
        (void)jobs.drain(net::use_future).get(); // the server has stopped: what it asked for becomes durable
        timer->stop();
        constexpr std::chrono::seconds to_settle{10}; // for publications under way, and the putting back
        if (at_rest.get_future().wait_for(grace + to_settle) != std::future_status::ready)
            log.problem("attempts under way did not stop in time; their jobs are taken up at the next start");
        news->hang(nullptr);
        std::promise<void> gone;
        net::post(store_thread, [this, &gone] { // on its executor nothing of it is under way
            timer.reset();
            gone.set_value();
        });
        gone.get_future().wait();
        segment_thread.join();
        reader_thread.join();
        store_thread.join();
    }

    std::chrono::milliseconds grace;
    request_log& log;
    std::shared_ptr<host_health> health;
    std::shared_ptr<bell> news = std::make_shared<bell>();
    std::shared_ptr<segment_store> segments;
    std::unique_ptr<dataset_publisher> publisher;
    job_store store;
    job_reader reader;
    std::unique_ptr<engine> executor;
    lifecycle driven;
    net::thread_pool store_thread{1};
    net::thread_pool reader_thread{1};
    net::thread_pool segment_thread{1};
    async_job_store jobs;
    std::promise<void> at_rest;
    std::optional<lifecycle_timer> timer;
};

job_driver::job_driver(std::unique_ptr<impl> self) : self_(std::move(self)) {}
job_driver::~job_driver() { stop(); }

result<std::unique_ptr<job_driver>> job_driver::open(const host_options& options, request_log& log) {
    auto opened = segment_store::open({segments_file(options)});
    if (!opened) return std::move(opened).error();
    const auto segments = std::make_shared<segment_store>(*std::move(opened));
    auto publisher = dataset_publisher::open(options.datasets, publisher_options_of(options, segments));
    if (!publisher) return std::move(publisher).error();
    job_store_options how;
    how.file = options.store;
    how.upkeep.retention = options.retention;
    how.upkeep.keep_audit = options.keep_audit;
    how.unfinished_per_tenant = options.unfinished_per_tenant;
    auto store = job_store::open(std::move(how));
    if (!store) return std::move(store).error();
    auto reader = job_reader::open(options.store);
    if (!reader) return std::move(reader).error();
    std::unique_ptr<job_driver> driver(new job_driver(std::make_unique<impl>(
        options, log, std::move(*publisher), segments, std::move(*store), std::move(*reader))));
    driver->self_->start();
    return driver;
}

segment_store& job_driver::segments() { return *self_->segments; }
net::any_io_executor job_driver::segment_thread() { return self_->segment_thread.get_executor(); }
async_job_store& job_driver::jobs() { return self_->jobs; }
std::shared_ptr<host_health> job_driver::health() const { return self_->health; }
void job_driver::stop() { self_->stop(); }

} // namespace waybill::http
