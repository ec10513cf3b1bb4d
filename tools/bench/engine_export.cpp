#include "engine_export.hpp"

#include <stdexcept>

#include <waybill/dataset_publisher.hpp>
#include <waybill/merge_policy.hpp>

#include "job_mix.hpp"
#include "stored_profiles.hpp"

namespace waybill::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds between_looks{5};

} // namespace

new_export_job export_of_all() {
    new_export_job request;
    request.merge_policy = merge_policy_ref{std::string(default_merge_policy), 1};
    request.dataset_id = "exported";
    request.schema_name = "_xdm.context.profile";
    request.request_id = "bench";
    return request;
}

engine_export::engine_export(local_engine_options where, std::function<void(export_job&)> settle)
    : datasets_(where.datasets), settle_(std::move(settle)), engine_(std::move(where)) {
    engine_.on_news([this] {
        const std::lock_guard hold(guard_);
        news_ = true;
        told_.notify_one();
    });
}

export_job engine_export::job_of(const new_export_job& request) const {
    export_job job;
    job.id = key_.job;
    job.owner = profiles_owner;
    job.request = request;
    job.attempt = key_.attempt;
    const auto segments = request.filter ? request.filter->segments.size() : 0;
    const auto batches = request.segment_per_batch ? segments : 1;
    for (std::size_t i = 0; i < batches; ++i) {
        export_batch batch{hex(scattered(i + 1), 16) + hex(i, 16)};
        if (request.segment_per_batch) batch.segment = i;
        job.batches.push_back(std::move(batch));
    }
    if (settle_) settle_(job);
    return job;
}

slice_time engine_export::run(const new_export_job& request, const std::function<void()>& meanwhile) {
    if (key_.attempt > 0) fs::remove_all(staging());
    ++key_.attempt;
    job_ = job_of(request);
    attempt_report report;
    auto took = timed(0, [&] {
        engine_.submit(key_, job_);
        report = await(key_, meanwhile);
    });
    engine_.forget(key_);
    if (report.state != attempt_state::staged)
        throw std::runtime_error("an export failed" +
                                 (report.errors.empty() ? "" : ": " + report.errors.front().msg));
    took.operations = static_cast<double>(report.metrics.exported.value_or(0));
    return took;
}

attempt_report engine_export::await(const staging_key& key, const std::function<void()>& meanwhile) {
    for (;;) {
        auto report = engine_.poll(key);
        if (report.state != attempt_state::running) return report;
        if (meanwhile) meanwhile();
        std::unique_lock hold(guard_);
        told_.wait_for(hold, between_looks, [&] { return news_; });
        news_ = false;
    }
}

fs::path engine_export::staging() const {
    return dataset_directory(datasets_, profiles_owner, job_.request.dataset_id) / ".staging" / to_text(key_);
}

} // namespace waybill::bench
