#include "local/export_run.hpp"

namespace waybill::local {

attempt::attempt(const staging_key& its_key, export_job its_job) : key(its_key), job(std::move(its_job)) {
    report_.state = attempt_state::running;
    // The name of the staging directory, so that whoever reads the job finds what the engine did for it.
    report_.engine_job_id = to_text(key);
}

attempt_report attempt::report() const {
    const std::lock_guard hold(guard_);
    return report_;
}

bool attempt::ended() const {
    const std::lock_guard hold(guard_);
    return report_.state != attempt_state::running;
}

void attempt::progress(const job_metrics& metrics) {
    const std::lock_guard hold(guard_);
    report_.metrics = metrics;
}

void attempt::end(attempt_state state, std::vector<job_error> errors, bool transient) {
    const std::lock_guard hold(guard_);
    if (report_.state != attempt_state::running) return;
    report_.state = state;
    report_.errors = std::move(errors);
    report_.transient = transient;
}

} // namespace waybill::local
