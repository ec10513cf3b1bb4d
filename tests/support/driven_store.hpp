// A real store, real datasets and a scripted engine under one lifecycle, with a monotonic clock that the test
// sets.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <waybill/dataset_publisher.hpp>
#include <waybill/lifecycle.hpp>

#include "support/news.hpp"
#include "support/scripted_engine.hpp"
#include "support/staged_job.hpp"
#include "support/temp_store.hpp"

namespace waybill::test {

class driven_store {
  public:
    explicit driven_store(const std::filesystem::path& below = std::filesystem::temp_directory_path())
        : store(below), directory_(below) {
        start();
    }

    /// Ends the process as a crash would: nothing is put back, nothing finished. What an engine elsewhere has
    /// goes on; `scripted.reports.clear()` makes it one that died too.
    void crash() {
        driver_.reset();
        publisher_.reset();
        store.close();
    }
    void start() {
        if (driver_) return;
        if (started_) store.open();
        started_ = true;
        dataset_publisher_options keeping{.keep_superseded = keep_superseded};
        keeping.now = [shared = monotonic_] {
            return lifecycle::time_point(lifecycle::time_point::duration(shared->load()));
        };
        publisher_ = dataset_publisher::open(root(), std::move(keeping)).value();
        publisher_->on_news(news_.listener());
        options.jitter = [] { return 0.0; };
        options.on_problem = [this](std::string_view what) { problems.emplace_back(what); };
        options.on_notice = [this](std::string_view what) { notices.emplace_back(what); };
        driver_ = std::make_unique<lifecycle>(store.owner(), scripted, *publisher_, options);
        driver_->recover(now);
    }

    lifecycle::next_tick tick() {
        *monotonic_ = now.time_since_epoch().count();
        return driver_->tick(now);
    }
    lifecycle::next_tick tick_after(std::chrono::milliseconds later) {
        now += later;
        return tick();
    }
    /// Ticks whenever the publisher has news, until it has come to this.
    void tick_until(const std::function<bool()>& come) {
        news_.wait_until([&] {
            tick();
            return come();
        });
    }
    void tick_until(job_id id, job_status status) {
        tick_until([&] { return status_of(id) == status; });
    }

    std::filesystem::path root() const { return directory_ / "datasets"; }
    export_job job(job_id id) { return store->find(acme, id).value(); }
    job_status status_of(job_id id) { return job(id).status; }
    staging_key latest() const { return scripted.submitted.back(); }

    /// The engine stages every batch of the attempt and says so.
    void stage_latest() { stage_attempt(latest()); }
    void stage_attempt(const staging_key& key) {
        stage(root(), {key, scripted.jobs.at(key), 0});
        scripted.reports.at(key).state = attempt_state::staged;
    }
    bool published(const export_job& job) const {
        const auto current = dataset_directory(root(), job.owner, job.request.dataset_id) / "current.json";
        return contents(current).find(job.batches.at(0).batch_id) != std::string::npos;
    }
    bool in_place(const export_job& job) const {
        return std::filesystem::exists(dataset_directory(root(), job.owner, job.request.dataset_id) /
                                       ("batch-" + job.batches.at(0).batch_id));
    }
    lifecycle& driver() { return *driver_; }

    temp_store store;
    scripted_engine scripted;
    lifecycle_options options;
    std::optional<std::chrono::milliseconds> keep_superseded{}; ///< from the next start on
    lifecycle::time_point now{std::chrono::hours{1}};
    std::vector<std::string> problems;
    std::vector<std::string> notices;

  private:
    temp_directory directory_;
    /// `now`, for the publisher's thread.
    std::shared_ptr<std::atomic<lifecycle::time_point::rep>> monotonic_ =
        std::make_shared<std::atomic<lifecycle::time_point::rep>>(now.time_since_epoch().count());
    news news_;
    bool started_ = false;
    std::unique_ptr<dataset_publisher> publisher_;
    std::unique_ptr<lifecycle> driver_;
};

} // namespace waybill::test
