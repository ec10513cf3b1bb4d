#include "protocol/told_engine.hpp"

#include <waybill/error_codes.hpp>

#include "protocol/ranks.hpp"
#include "simulation/mortal_process.hpp"
#include "simulation/taken_memberships.hpp"
#include "support/staged_job.hpp"

namespace waybill::test {

std::string engine_state::text() const {
    std::string text;
    for (const auto& [key, one] : attempts)
        text += "engine " + described_key(key) + " s" + std::to_string(static_cast<int>(one.state)) +
                (one.transient ? " transient" : "") + (one.told_to_stop ? " told\n" : "\n");
    for (const auto& [key, job] : strays)
        text += "stray " + described_key(key) + '\n';
    return text;
}

void told_engine::submit(const staging_key& key, const export_job& job) {
    watch_.at("submit");
    promise(!state_.strays.contains(key), "a key is submitted a second time");
    auto& one = state_.attempts[key];
    if (!one.job) one.job = std::make_shared<const export_job>(job);
}

bool told_engine::find(const staging_key& key) {
    watch_.at("find");
    return state_.attempts.contains(key);
}

attempt_report told_engine::poll(const staging_key& key) {
    watch_.at("poll the engine");
    attempt_report report;
    const auto at = state_.attempts.find(key);
    if (at == state_.attempts.end()) return report;
    report.state = at->second.state;
    report.transient = at->second.transient;
    if (report.state == attempt_state::failed) report.errors = {errors::no_space.about("/datasets")};
    return report;
}

void told_engine::cancel(const staging_key& key) {
    watch_.at("tell the engine to stop");
    const auto at = state_.attempts.find(key);
    if (at != state_.attempts.end() && at->second.state == attempt_state::running)
        at->second.told_to_stop = true;
}

void told_engine::forget(const staging_key& key) {
    watch_.at("forget at the engine");
    const auto at = state_.attempts.find(key);
    if (at == state_.attempts.end()) return;
    if (at->second.state == attempt_state::running) state_.strays.emplace(key, at->second.job);
    state_.attempts.erase(at);
}

void told_engine::stage(const staging_key& key, const export_job& job, std::size_t batches) {
    const publication what{key, job, 0};
    for (std::size_t i = 0; i < batches; ++i)
        if (!std::filesystem::exists(staging_of(root_, what) / dataset::batch_name(job.batches[i].batch_id)))
            stage_evaluated_batch(root_, what, i);
    files_changed_ = true;
}

void told_engine::finish(const staging_key& key) {
    auto& one = state_.attempts.at(key);
    if (one.told_to_stop)
        one.state = attempt_state::cancelled;
    else
        finish_all_the_same(key);
}

void told_engine::finish_all_the_same(const staging_key& key) {
    auto& one = state_.attempts.at(key);
    stage(key, *one.job, one.job->batches.size());
    one.state = attempt_state::staged;
}

void told_engine::fail(const staging_key& key, bool transient) {
    auto& one = state_.attempts.at(key);
    stage(key, *one.job, 1);
    one.state = attempt_state::failed;
    one.transient = transient;
}

void told_engine::let_stray_stage(const staging_key& key) {
    const auto job = state_.strays.at(key);
    stage(key, *job, job->batches.size());
    state_.strays.erase(key);
}

void told_engine::lose_all() {
    for (const auto& [key, one] : state_.attempts)
        if (one.state == attempt_state::running) state_.strays.emplace(key, one.job);
    state_.attempts.clear();
}

} // namespace waybill::test
