// A real store, real datasets and the Spark engine under one lifecycle, whose monotonic clock the test sets.
#pragma once

#include <map>
#include <memory>
#include <string>

#include <waybill/dataset_publisher.hpp>
#include <waybill/lifecycle.hpp>

#include "disk/directory.hpp"
#include "spark/spark_bench.hpp"
#include "support/temp_store.hpp"

namespace waybill::test {

class spark_host {
  public:
    explicit spark_host(std::string url) : url_(std::move(url)) { start(); }

    void start() {
        if (started_) store.open();
        started_ = true;
        publisher_ = dataset_publisher::open(bench.root.path()).value();
        publisher_->on_news(bench.told.listener());
        engine_ = bench.engine(url_);
        driver_ = std::make_unique<lifecycle>(store.owner(), *engine_, *publisher_, options);
        driver_->recover(now);
    }
    /// As a kill ends it: nothing is put back, and drivers go on.
    void crash() {
        driver_.reset();
        engine_.reset();
        publisher_.reset();
        store.close();
    }
    /// Ends as a process does that is asked to.
    void stop() {
        driver_->stop(now);
        tick_until([&] { return driver_->stopped(); });
        crash();
    }

    void tick() { driver_->tick(now); }
    void tick_until(const std::function<bool()>& come) {
        eventually([&] { // also what nobody tells, such as a file
            tick();
            return come();
        });
    }
    void tick_until(job_id id, job_status status) {
        tick_until([&] { return job(id).status == status; });
    }

    job_id create(const new_export_job& request = a_job("people")) {
        const auto id = store->create(acme, request).value().id;
        seen_[id] = job(id);
        return id;
    }
    export_job job(job_id id) { return store->find(acme, id).value(); }
    /// Whether the master's answer has come: before, nobody knows whom to kill.
    bool has_heard_of(const std::string& driver) const {
        const auto keys = spooled();
        return keys.size() == 1 && engine_->poll(keys.front()).engine_job_id == driver;
    }
    /// The attempts of which there is a spool.
    std::vector<staging_key> spooled() const {
        std::vector<staging_key> keys;
        for (const auto& entry : disk::list_directory(bench.root / ".spark"))
            keys.push_back(parse_staging_key(entry.name).value());
        return keys;
    }
    /// The driver of the attempt of this job that is spooled.
    played_driver driver(job_id id) {
        for (const auto& key : spooled())
            if (key.job == id) return {bench.root.path(), {key, job(id), 0}};
        throw std::runtime_error("the job has no spool");
    }
    /// While the store is closed: of the job as it was created.
    played_driver driver_of(job_id id, const staging_key& key) const {
        return {bench.root.path(), {key, seen_.at(id), 0}};
    }
    /// What `current.json` names, and what stands beside it.
    std::size_t batches_in_place(const std::string& dataset = "people") const {
        std::size_t count = 0;
        for (const auto& entry : disk::list_directory(dataset_directory(bench.root.path(), acme, dataset)))
            if (entry.name.starts_with("batch-")) ++count;
        return count;
    }

    temp_store store;
    spark_bench bench;
    lifecycle_options options{.jitter = [] { return 0.0; }};
    lifecycle::time_point now{std::chrono::hours{1}};

  private:
    std::string url_;
    std::map<job_id, export_job> seen_;
    bool started_ = false;
    std::unique_ptr<dataset_publisher> publisher_;
    std::unique_ptr<spark_engine> engine_;
    std::unique_ptr<lifecycle> driver_;
};

} // namespace waybill::test
