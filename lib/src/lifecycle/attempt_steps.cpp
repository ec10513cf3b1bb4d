#include <waybill/error_codes.hpp>

#include "lifecycle/lifecycle_impl.hpp"

namespace waybill {

std::string job_name(const staging_key& key) {
    return "job " + std::to_string(key.job) + " (attempt " + std::to_string(key.attempt) + ")";
}

std::vector<job_error> wrapped(std::vector<job_error> causes) {
    causes.insert(causes.begin(), errors::export_failed.about());
    return causes;
}

publication lifecycle::impl::publication_of(const attempt_track& track) {
    return {track.attempt.key, track.attempt.job, track.attempt.commit_sequence};
}

void lifecycle::impl::forget(const staging_key& key) {
    engine.forget(key);
    datasets.forget(key);
}

namespace {

std::string spelled(std::chrono::milliseconds span) {
    if (span % std::chrono::minutes{1} == span.zero())
        return std::to_string(span / std::chrono::minutes{1}) + " minutes";
    return std::to_string(span.count()) + " ms";
}

} // namespace

bool lifecycle::impl::advance(attempt_track& track, time_point now) {
    switch (track.phase) {
    case attempt_phase::running: return advance_running(track, now);
    case attempt_phase::checking: return advance_checking(track, now);
    case attempt_phase::waiting: return pass_commit_point(track, now);
    case attempt_phase::placing: return advance_placing(track, now);
    case attempt_phase::cancelling: return advance_cancelling(track, now);
    }
    return false;
}

/// The key makes a repetition harmless.
void lifecycle::impl::submit(attempt_track& track) {
    engine.submit(track.attempt.key, track.attempt.job);
    track.submitted = true;
}

bool lifecycle::impl::advance_running(attempt_track& track, time_point now) {
    const auto& key = track.attempt.key;
    if (!track.submitted) submit(track);
    auto report = engine.poll(key);
    if (!report.engine_job_id.empty()) track.engine_job_id = report.engine_job_id;
    if (report.state != attempt_state::unknown) track.metrics = std::move(report.metrics);
    switch (report.state) {
    case attempt_state::staged:
        note_progress(track, now);
        track.phase = attempt_phase::checking;
        datasets.check(publication_of(track));
        return true;
    case attempt_state::failed:
    case attempt_state::cancelled:
        note_progress(track, now);
        // Nobody asked for a cancel here, or the phase would be another: it may go better the next time.
        end_failed(track, std::move(report.errors),
                   report.transient || report.state == attempt_state::cancelled, now);
        return false;
    case attempt_state::unknown: // cannot be asked now; the deadline ends it
    case attempt_state::running: break;
    }
    if (now >= track.deadline) {
        engine.cancel(key);
        end_failed(track, {errors::deadline_passed.about(spelled(deadline_of(track.attempt.job)))}, true,
                   now);
        return false;
    }
    if (now >= track.next_progress) note_progress(track, now);
    return true;
}

void lifecycle::impl::note_progress(attempt_track& track, time_point now) {
    track.next_progress = now + options.progress_interval;
    if (track.metrics == track.written && track.engine_job_id == track.attempt.job.engine_job_id) return;
    owner.note_progress(track.attempt.key, track.engine_job_id, track.metrics);
    track.written = track.metrics;
    track.attempt.job.engine_job_id = track.engine_job_id;
}

bool lifecycle::impl::advance_checking(attempt_track& track, time_point now) {
    auto report = datasets.poll(track.attempt.key);
    switch (report.state) {
    case publication_state::working: return true;
    case publication_state::checked:
        track.batches = std::move(report.batches);
        track.phase = attempt_phase::waiting;
        return pass_commit_point(track, now);
    case publication_state::failed:
        end_failed(track, std::move(report.errors), report.transient, now);
        return false;
    case publication_state::unknown:
    case publication_state::placed:
    case publication_state::lost: break;
    }
    datasets.check(publication_of(track)); // its outcome was forgotten: look again
    return true;
}

bool lifecycle::impl::pass_commit_point(attempt_track& track, time_point) {
    const auto mark = owner.mark_publishing(track.attempt.key);
    switch (mark.what) {
    case publish_mark::outcome::dataset_busy: return true;
    case publish_mark::outcome::gone: forget(track.attempt.key); return false;
    case publish_mark::outcome::marked: break;
    }
    track.attempt.publishing = true;
    track.attempt.commit_sequence = mark.commit_sequence;
    place(track);
    return true;
}

void lifecycle::impl::place(attempt_track& track) {
    track.phase = attempt_phase::placing;
    track.place_failed = false;
    datasets.place(publication_of(track));
}

bool lifecycle::impl::advance_placing(attempt_track& track, time_point now) {
    const auto& key = track.attempt.key;
    if (track.place_failed) {
        if (now >= track.retry_at) place(track);
        return true;
    }
    auto report = datasets.poll(key);
    switch (report.state) {
    case publication_state::working: return true;
    case publication_state::placed:
        owner.succeed(key, track.metrics, report.batches);
        forget(key);
        return false;
    case publication_state::lost:
        problem(job_name(key) + " was lost after its commit point and ends as FAILED");
        owner.fail(key, wrapped(std::move(report.errors)), "lifecycle", "its staged batches were lost");
        forget(key);
        return false;
    case publication_state::failed:
        // Past the commit point there is no way back: finished later, as often as it takes.
        track.place_failed = true;
        track.retry_at = now + backoff(++track.placings);
        problem(job_name(key) + " cannot be published yet: " +
                (report.errors.empty() ? std::string("no reason given") : report.errors.back().msg) +
                (report.errors.empty() ? "" : " " + report.errors.back().call_stack));
        return true;
    case publication_state::unknown:
    case publication_state::checked: break;
    }
    place(track);
    return true;
}

bool lifecycle::impl::advance_cancelling(attempt_track& track, time_point now) {
    const auto& key = track.attempt.key;
    auto report = engine.poll(key);
    if (report.state == attempt_state::running) {
        if (now < track.deadline) return true;
        // What it still does leads nowhere: nobody publishes it, and what it stages is swept.
        problem(job_name(key) + " was cancelled, and its engine does not stop");
        engine.cancel(key);
    }
    if (report.state != attempt_state::unknown)
        owner.note_progress(key, report.engine_job_id, report.metrics);
    owner.settle_cancelled(key);
    forget(key);
    sweep_at = {}; // what it may have staged goes with the next look
    return false;
}

void lifecycle::impl::end_failed(attempt_track& track, std::vector<job_error> causes, bool transient,
                                 time_point now) {
    const auto& attempt = track.attempt;
    const auto reason = causes.empty() ? std::string("the engine gave no reason") : causes.front().msg;
    if (transient && attempt.attempts_used < attempts_of(attempt.job)) {
        // First, for a job that the store holds and nobody releases would wait for the next start. To release
        // one that is not held is harmless.
        held[attempt.key.job] = now + backoff(attempt.attempts_used);
        owner.put_back(attempt.key,
                       {.uses_attempt = true, .hold = true, .actor = "lifecycle", .reason = reason});
    } else {
        owner.fail(attempt.key, wrapped(std::move(causes)), "lifecycle", reason);
    }
    forget(attempt.key);
    sweep_at = {};
}

} // namespace waybill
