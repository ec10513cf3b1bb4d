#include <algorithm>

#include "spark/attempt.hpp"

namespace waybill::spark {

/// As long as it has no outcome.
void attempt::show(attempt_state state) {
    {
        const std::lock_guard hold(guard_);
        if (!is_open() || report_.state == state) return;
        report_.state = state;
    }
    around_.tell();
}

/// Its end as the host sees it. There may be a driver that nobody knows of: it finds the cancel, so that what
/// is told stays true. And one may have staged all in this moment.
void attempt::fail(job_error why, bool transient) {
    (void)try_to_write_cancel();
    try {
        if (look_for_result()) return;
    } catch (const store_failure& trouble) { // what cannot be read may be there: it comes to this again
        return complain(trouble.what());
    }
    end(attempt_state::failed, {std::move(why)}, transient);
}

void attempt::end(attempt_state state, std::vector<job_error> errors, bool transient) {
    phase_ = phase::ended;
    {
        const std::lock_guard hold(guard_);
        if (!is_open()) return;
        report_.errors = std::move(errors);
        report_.transient = transient;
        report_.state = state;
    }
    around_.tell();
}

void attempt::begin_killing(time_point now) {
    if (phase_ == phase::recording && origin_ == origin::submitted) {
        phase_ = phase::over; // nothing is there yet
        return;
    }
    phase_ = phase::killing;
    linger_until_ = now + around_.options.linger;
    ask_at_ = spool_at_ = now;
    wait_ = std::chrono::milliseconds{0};
}

/// The cancel first, which ends a driver also while the cluster cannot be asked; then the cluster is asked to
/// end it until it has said yes; at last, when the outcome was taken, the spool goes.
void attempt::go_on_killing(time_point now) {
    if (now >= spool_at_) prepare_killing(now);
    if (asking_ != question::none || now < ask_at_) return;
    if (ask_to_kill(now) || !forgotten_ || is_lingering(now)) return;
    try {
        spool_.remove();
        phase_ = phase::over;
    } catch (const store_failure& trouble) {
        complain(trouble.what());
        wait(now);
    }
}

void attempt::prepare_killing(time_point now) {
    spool_at_ = now + around_.options.spool_interval;
    const bool all_came_to_its_end = result_seen_ && submissions_.size() <= 1 && lost() == 0;
    if (!all_came_to_its_end) (void)try_to_write_cancel();
    if (!loaded_ && origin_ != origin::submitted) {
        if (!read_intent()) ask_at_ = spool_at_;
        phase_ = phase::killing; // whatever was read
    }
    try {
        if (!claim_) look_for_claim();
    } catch (const store_failure& trouble) {
        complain(trouble.what());
    }
}

/// A driver may be there that nobody knows of. After a result none can begin, for the request goes.
bool attempt::is_lingering(time_point now) const {
    return lost() > 0 && !result_seen_ && now < linger_until_;
}

/// Whether there was something to ask.
bool attempt::ask_to_kill(time_point now) {
    const auto* const by = claimer();
    for (asked_ = 0; asked_ < submissions_.size(); ++asked_) {
        auto& one = submissions_[asked_];
        if (one.settled) continue;
        if (result_seen_ && &one == by) continue; // about to end by itself
        // Its id may be another's by now, so it is never killed unseen.
        if (std::exchange(one.to_kill, false))
            send(question::kill, around_.server.kill(one.id));
        else
            send(question::look, around_.server.look(one.id));
        return true;
    }
    if (is_lingering(now))
        if (auto request = around_.server.search(search_from_)) {
            send(question::search, *std::move(request));
            return true;
        }
    ask_at_ = now + around_.options.spool_interval;
    return false;
}

bool attempt::try_to_write_cancel() {
    if (cancel_written_) return true;
    try {
        spool_.write_cancel();
        cancel_written_ = true;
    } catch (const store_failure& trouble) {
        complain(trouble.what());
    }
    return cancel_written_;
}

void attempt::leave() noexcept {
    try {
        if (stop_ && phase_ != phase::over && (loaded_ || origin_ != origin::submitted))
            (void)try_to_write_cancel();
    } catch (const std::bad_alloc&) {
    }
}

} // namespace waybill::spark
