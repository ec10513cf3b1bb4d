// An engine whose attempts do what a test says, when it says so: the other side of the engine seam.
#pragma once

#include <map>
#include <set>
#include <utility>
#include <vector>

#include <waybill/engine.hpp>

namespace waybill::test {

class scripted_engine final : public engine {
  public:
    void on_news(std::function<void()>) override {}
    std::optional<job_error> check(const export_job& job) override {
        if (before_check) before_check();
        return job.request.schema_name == "never" ? objection : std::nullopt;
    }
    void submit(const staging_key& key, const export_job& job) override {
        if (before_submit) before_submit();
        submitted.push_back(key);
        reports[key].state = attempt_state::running;
        reports[key].engine_job_id = "engine-" + to_text(key);
        jobs[key] = job;
    }
    bool find(const staging_key& key) override { return reports.contains(key); }
    attempt_report poll(const staging_key& key) override {
        const auto at = reports.find(key);
        return at == reports.end() ? attempt_report{} : at->second;
    }
    void cancel(const staging_key& key) override { told_to_cancel.insert(key); }
    void forget(const staging_key& key) override { reports.erase(key); }

    void fail(const staging_key& key, job_error why, bool transient) {
        auto& report = reports.at(key);
        report.state = attempt_state::failed;
        report.errors = {std::move(why)};
        report.transient = transient;
    }

    std::function<void()> before_submit;    ///< may throw
    std::function<void()> before_check;     ///< may throw
    std::optional<job_error> objection;     ///< to jobs with the schema `never`
    std::vector<staging_key> submitted;     ///< in order
    std::map<staging_key, export_job> jobs; ///< as submitted
    std::map<staging_key, attempt_report> reports;
    std::set<staging_key> told_to_cancel;
};

} // namespace waybill::test
