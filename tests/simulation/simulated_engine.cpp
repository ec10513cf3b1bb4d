#include "simulation/simulated_engine.hpp"

#include <iterator>

#include <waybill/error_codes.hpp>
#include <waybill/result.hpp>

#include "simulation/taken_memberships.hpp"
#include "support/staged_job.hpp"

namespace waybill::test {

std::optional<job_error> simulated_engine::check(const export_job& job) {
    host_.reached();
    if (job.request.schema_name != "never") return std::nullopt;
    return errors::unknown_merge_policy.about("never");
}

void simulated_engine::submit(const staging_key& key, const export_job& job) {
    host_.reached();
    if (trouble_percent > 0 && choose_.percent(trouble_percent))
        throw store_failure(store_failure::kind::io, "simulated trouble: the engine cannot be told now");
    if (!attempts_.contains(key)) {
        if (!submitted_.insert(key).second)
            host_.blame("attempt " + to_text(key) + " is submitted a second time");
        auto& one = attempts_[key];
        one.job = job;
        one.report.state = attempt_state::running;
        one.report.engine_job_id = "engine-" + to_text(key);
    }
    host_.reached();
}

bool simulated_engine::find(const staging_key& key) {
    host_.reached();
    return attempts_.contains(key);
}

attempt_report simulated_engine::poll(const staging_key& key) {
    host_.reached();
    const auto at = attempts_.find(key);
    return at == attempts_.end() || !at->second.reachable ? attempt_report{} : at->second.report;
}

void simulated_engine::cancel(const staging_key& key) {
    host_.reached();
    if (const auto at = attempts_.find(key); at != attempts_.end()) at->second.told_to_stop = true;
}

void simulated_engine::forget(const staging_key& key) {
    host_.reached();
    const auto at = attempts_.find(key);
    if (at == attempts_.end()) return;
    if (at->second.report.state == attempt_state::running) strays_.emplace(key, at->second.job);
    attempts_.erase(at);
}

void simulated_engine::stage(const staging_key& key, const export_job& job, std::size_t batches) {
    const publication what{key, job, 0};
    for (std::size_t i = 0; i < batches; ++i)
        if (!std::filesystem::exists(staging_of(root_, what) / dataset::batch_name(job.batches[i].batch_id)))
            stage_evaluated_batch(root_, what, i);
}

/// The bytes of a part are not those that its manifest tells of.
void simulated_engine::spoil(const staging_key& key, const export_job& job) {
    troubles_.damaged.insert(key);
    overwrite(staging_of(root_, {key, job, 0}) / dataset::batch_name(job.batches.front().batch_id) /
                  dataset::part_name(job.output, 0),
              "{\"row\":9}\n");
}

std::string simulated_engine::let_happen() {
    if (!strays_.empty() && choose_.percent(20)) return let_stray_stage();
    std::vector<staging_key> under_way;
    for (const auto& [key, one] : attempts_)
        if (one.report.state == attempt_state::running || !one.reachable) under_way.push_back(key);
    if (under_way.empty()) return "the engine has nothing to do";
    const auto at = attempts_.find(choose_.pick(under_way));
    if (!at->second.reachable) {
        at->second.reachable = choose_.percent(50);
        return to_text(at->first) + (at->second.reachable ? " can be asked again" : " still cannot be asked");
    }
    return let_run(at->first, at->second);
}

std::string simulated_engine::let_stray_stage() {
    auto at = strays_.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(choose_.below(strays_.size())));
    const auto key = at->first;
    stage(key, at->second, at->second.batches.size());
    strays_.erase(at);
    return "a stray stages " + to_text(key);
}

std::string simulated_engine::let_run(const staging_key& key, attempt& one) {
    auto& report = one.report;
    if (one.told_to_stop && choose_.percent(60)) {
        if (choose_.percent(30)) stage(key, one.job, 1);
        report.state = attempt_state::cancelled;
        return to_text(key) + " stops";
    }
    switch (choose_.weighted({30, 40, 6, 4, 6, 4, 4})) {
    case 0:
        report.metrics.exported = report.metrics.exported.value_or(0) + choose_.between(0, 9);
        report.metrics.exported_by_namespace = {{"CRMID", *report.metrics.exported}};
        return to_text(key) + " goes on";
    case 1:
        stage(key, one.job, one.job.batches.size());
        report.state = attempt_state::staged;
        return to_text(key) + " is staged";
    case 2:
        stage(key, one.job, one.job.batches.size());
        spoil(key, one.job);
        report.state = attempt_state::staged;
        return to_text(key) + " is staged badly";
    case 3: return fail(key, one, false);
    case 4: return fail(key, one, true);
    case 5: one.reachable = false; return to_text(key) + " cannot be asked";
    default:
        strays_.emplace(key, one.job);
        attempts_.erase(key);
        return "the engine loses an attempt";
    }
}

std::string simulated_engine::fail(const staging_key& key, attempt& one, bool transient) {
    stage(key, one.job, choose_.below(one.job.batches.size() + 1));
    one.report.state = attempt_state::failed;
    one.report.errors = {transient ? errors::no_space.about("/datasets")
                                   : job_error{"unknown", "Job aborted.", ""}};
    one.report.transient = transient;
    return to_text(key) + (transient ? " fails, this time" : " fails for good");
}

bool simulated_engine::finish_all() {
    bool did = false;
    for (auto& [key, one] : attempts_) {
        if (one.reachable && one.report.state != attempt_state::running) continue;
        did = true;
        one.reachable = true;
        if (one.report.state != attempt_state::running) continue;
        if (!one.told_to_stop) stage(key, one.job, one.job.batches.size());
        one.report.state = one.told_to_stop ? attempt_state::cancelled : attempt_state::staged;
    }
    return did;
}

void simulated_engine::host_ended(int surviving_percent) {
    for (auto at = attempts_.begin(); at != attempts_.end();) {
        if (choose_.percent(surviving_percent)) {
            ++at;
            continue;
        }
        // One that was somewhere else than its engine may still stage, long after.
        if (at->second.report.state == attempt_state::running && choose_.percent(20))
            strays_.emplace(at->first, at->second.job);
        at = attempts_.erase(at);
    }
}

} // namespace waybill::test
