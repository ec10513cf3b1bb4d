#include <algorithm>

#include <waybill/error_codes.hpp>

#include "lifecycle/lifecycle_impl.hpp"

namespace waybill {

/// The order matters: what is published is acknowledged before anything is taken for an orphan, and only then
/// are batches removed that nobody knows.
void lifecycle::impl::recover(time_point now) {
    const auto published = datasets.survey();
    if (const auto count = owner.acknowledge(published); count > 0)
        notice(std::to_string(count) + " published but unfinished job(s) are now SUCCEEDED");
    std::vector<std::string> publishing;
    for (auto& orphan : owner.orphans()) {
        if (orphan.publishing)
            for (const auto& batch : orphan.job.batches)
                publishing.push_back(batch.batch_id);
        owner.take_over(orphan.key);
        resume(std::move(orphan), now);
    }
    datasets.remove_unlisted(publishing);
    for (auto& [key, track] : tracks)
        if (track.phase == attempt_phase::placing) place(track);
    sweep_at = now;
}

void lifecycle::impl::resume(owned_attempt orphan, time_point now) {
    const auto key = orphan.key;
    const bool cancelling = orphan.job.status == job_status::cancelling;
    if (!orphan.publishing && !engine.find(key)) {
        if (cancelling)
            owner.settle_cancelled(key);
        else
            give_up_orphan(orphan);
        return;
    }
    auto& track = tracks[key];
    track.attempt = std::move(orphan);
    track.submitted = true;
    track.engine_job_id = track.attempt.job.engine_job_id;
    track.metrics = track.written = track.attempt.job.metrics;
    track.deadline = now + deadline_of(track.attempt.job);
    if (track.attempt.publishing) {
        track.phase = attempt_phase::placing;
    } else if (cancelling) {
        track.phase = attempt_phase::cancelling;
        track.deadline = now + options.cancel_grace;
        engine.cancel(key);
    }
}

/// A crash uses up the attempt: a job that brings its host down must not do so for ever.
void lifecycle::impl::give_up_orphan(const owned_attempt& orphan) {
    const auto ended = errors::host_ended.about(std::to_string(orphan.key.attempt));
    if (orphan.attempts_used < attempts_of(orphan.job))
        owner.put_back(orphan.key,
                       {.uses_attempt = true, .hold = false, .actor = "recovery", .reason = ended.msg});
    else
        owner.fail(orphan.key, wrapped({ended}), "recovery", ended.msg);
}

} // namespace waybill
