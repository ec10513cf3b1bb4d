// The parts of a tick. Internal to the lifecycle.
#pragma once

#include <exception>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/lifecycle.hpp>

#include "lifecycle/attempt_track.hpp"

namespace waybill {

struct lifecycle::impl {
    impl(job_owner& store, engine& executor, publisher& published, lifecycle_options choices);

    job_owner& owner;
    waybill::engine& engine;
    publisher& datasets;
    lifecycle_options options;
    std::map<staging_key, attempt_track> tracks;
    std::map<staging_key, attempt_track> spare; ///< for claims to come, under keys of no meaning
    std::map<job_id, time_point> held;          ///< jobs in backoff, and when it ends
    time_point sweep_at{};
    std::optional<time_point> upkeep_at{};   ///< set by the first tick
    std::optional<time_point> put_back_at{}; ///< set by a stop: when its grace ends
    bool due_now = false;                    ///< this tick made way for something that the next can do
    std::exception_ptr first_trouble;        ///< of this tick

    // Recovery (recovery.cpp).
    void recover(time_point now);
    void resume(owned_attempt orphan, time_point now);
    void give_up_orphan(const owned_attempt& orphan);

    // One pass (lifecycle.cpp). One job's trouble keeps nobody else from going on.
    next_tick tick(time_point now);
    template <class Step>
    void despite_trouble(Step step) {
        try {
            step();
        } catch (...) {
            if (!first_trouble) first_trouble = std::current_exception();
        }
    }
    void take_up_cancels(time_point now);
    void advance_all(time_point now);
    void release_due(time_point now);
    void make_room(std::size_t claims);
    attempt_track& track_claimed(owned_attempt attempt) noexcept;
    void claim(time_point now);
    std::size_t at_work() const;
    std::size_t room_of(const tenant& whose) const;
    bool stopping() const { return put_back_at.has_value(); }
    bool stopped() const;
    void sweep(time_point now);
    void look_after_store(time_point now);
    next_tick due_after(time_point now) const;
    void stop(time_point now);
    void put_back_all();

    // One attempt (attempt_steps.cpp). Each answers whether the attempt is still to be tracked.
    bool advance(attempt_track& track, time_point now);
    bool advance_running(attempt_track& track, time_point now);
    bool advance_checking(attempt_track& track, time_point now);
    bool pass_commit_point(attempt_track& track, time_point now);
    bool advance_placing(attempt_track& track, time_point now);
    bool advance_cancelling(attempt_track& track, time_point now);
    void submit(attempt_track& track);
    void place(attempt_track& track);
    void note_progress(attempt_track& track, time_point now);
    void end_failed(attempt_track& track, std::vector<job_error> causes, bool transient, time_point now);
    void forget(const staging_key& key);

    std::chrono::milliseconds backoff(std::int64_t tries) const;
    // The job's own limits, else those for all.
    std::int64_t attempts_of(const export_job& job) const {
        return job.request.attempts.value_or(options.attempts);
    }
    std::chrono::milliseconds deadline_of(const export_job& job) const {
        return job.request.attempt_deadline.value_or(options.attempt_deadline);
    }
    void problem(const std::string& sentence) const;
    void notice(const std::string& sentence) const;
    static publication publication_of(const attempt_track& track);
};

std::string job_name(const staging_key& key);
std::vector<job_error> wrapped(std::vector<job_error> causes);

} // namespace waybill
