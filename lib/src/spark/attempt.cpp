#include "spark/attempt.hpp"

#include <algorithm>

#include <waybill/error_codes.hpp>

#include "dataset/publish_error.hpp"

namespace waybill::spark {

attempt::attempt(const surroundings& around, const staging_key& key, origin from, export_job job)
    : around_(around),
      key_(key),
      origin_(from),
      spool_(around.options.datasets, key),
      stop_(from == origin::left),
      forgotten_(from == origin::left) {
    if (from == origin::submitted) job_.emplace(std::move(job));
    report_.metrics.exported = 0;
}

attempt_report attempt::report() const {
    const std::lock_guard hold(guard_);
    return report_;
}

/// Whether it has no outcome yet; under the guard.
bool attempt::is_open() const {
    return report_.state == attempt_state::unknown || report_.state == attempt_state::running;
}

void attempt::cancel() {
    const std::lock_guard hold(guard_);
    if (!is_open()) return;
    report_.state = attempt_state::cancelled;
    stop_ = true;
}

void attempt::forget() {
    const std::lock_guard hold(guard_);
    if (is_open()) report_.state = attempt_state::cancelled;
    forgotten_ = true;
    stop_ = true;
}

void attempt::step(time_point now) {
    if (answer_) {
        const auto answer = std::move(*answer_);
        answer_.reset();
        take(answer, now);
    }
    if (stop_ && phase_ < phase::killing) begin_killing(now);
    switch (phase_) {
    case phase::recording:
        if (now >= spool_at_) record(now);
        break;
    case phase::seeking:
    case phase::watching:
        if (now >= spool_at_) (void)look_at_spool(now);
        if (phase_ <= phase::watching && asking_ == question::none && now >= ask_at_) ask(now);
        break;
    case phase::killing: go_on_killing(now); break;
    case phase::ended:
    case phase::over: break;
    }
}

attempt::time_point attempt::due() const {
    constexpr auto never = time_point::max();
    switch (phase_) {
    case phase::recording: return spool_at_;
    case phase::seeking:
    case phase::watching:
    case phase::killing: return std::min(spool_at_, asking_ == question::none ? ask_at_ : never);
    case phase::ended:
    case phase::over: break;
    }
    return never;
}

/// The intent is on the disk before anything is submitted, so that `find` knows of whatever was.
void attempt::record(time_point now) {
    if (origin_ == origin::submitted) {
        try {
            intent_ = {submission_name(key_, *job_), {}, 0};
            spool_.remove(); // a store that began anew has keys that are on the disk already
            spool_.write_request(request_text(around_.options, key_, *job_));
        } catch (const store_failure& trouble) {
            return end(attempt_state::failed, {dataset::disk_error(trouble, around_.options.datasets)},
                       trouble.transient());
        }
        job_.reset();
        loaded_ = true;
    } else if (!read_intent()) {
        spool_at_ = now + around_.options.spool_interval;
        return;
    }
    if (phase_ != phase::recording) return;
    phase_ = submissions_.empty() ? phase::seeking : phase::watching;
    ask_at_ = now;
    if (origin_ != origin::submitted) (void)look_at_spool(now);
}

/// False when the disk cannot say now.
bool attempt::read_intent() {
    try {
        const auto read = spool_.read_intent();
        if (!read || !*read) {
            intent_.tries = 0;
            const auto why = read ? "it is not there any more" : read.error().message;
            end(attempt_state::failed, {errors::spool_damaged.about(spool_.path().string(), why)}, true);
            return true;
        }
        intent_ = **read;
    } catch (const store_failure& trouble) {
        complain(trouble.what());
        return false;
    }
    loaded_ = true;
    for (const auto& id : intent_.ids)
        if (around_.server.can_be_id(id)) add(id);
    return true;
}

/// What the driver says comes before what the cluster says of it. False when the disk cannot say now.
bool attempt::look_at_spool(time_point now) {
    spool_at_ = now + around_.options.spool_interval;
    try {
        if (!claim_) look_for_claim();
        if (!look_for_result()) look_for_progress();
        return true;
    } catch (const store_failure& trouble) {
        complain(trouble.what());
        return false;
    }
}

void attempt::look_for_claim() {
    auto claim = spool_.read_claim();
    if (!claim) {
        complain(claim.error().message);
        take_claim({}); // of whomever: somebody has it
    } else if (*claim) {
        take_claim(std::move(**claim));
    }
}

void attempt::take_claim(driver_claim claim) {
    if (claim.submission && !around_.server.can_be_id(*claim.submission)) claim.submission.reset();
    claim_ = std::move(claim);
    if (claim_->submission) add(*claim_->submission);
    if (phase_ == phase::seeking) phase_ = phase::watching;
    if (const auto* const by = claimer()) name(by->id);
    show(attempt_state::running);
}

/// Whether the attempt has come to its end.
bool attempt::look_for_result() {
    auto result = spool_.read_result();
    if (!result) {
        // It is put into place as a whole; but let the file system have a second chance.
        if (++bad_results_ < 2) return false;
        end(attempt_state::failed,
            {errors::spool_damaged.about(spool_.path().string(), result.error().message)}, true);
        return true;
    }
    if (!*result) return false;
    auto& outcome = **result;
    result_seen_ = true;
    {
        const std::lock_guard hold(guard_);
        report_.metrics = std::move(outcome.metrics);
    }
    end(outcome.staged ? attempt_state::staged : attempt_state::failed, std::move(outcome.errors),
        outcome.transient);
    return true;
}

void attempt::look_for_progress() {
    auto progress = spool_.read_progress();
    if (!progress) return complain(progress.error().message);
    if (!*progress) return;
    {
        const std::lock_guard hold(guard_);
        auto& known = report_.metrics;
        const auto& next = **progress;
        if (next == known || next.looked_at < known.looked_at || next.exported < known.exported) return;
        known = std::move(**progress);
    }
    progressed_ = true;
    show(attempt_state::running);
    around_.tell();
}

/// The submission whose driver has the attempt, as far as that is certain.
const attempt::submission* attempt::claimer() const {
    if (!claim_) return nullptr;
    const auto with = [this](auto fits) -> const submission* {
        const auto at = std::find_if(submissions_.begin(), submissions_.end(), fits);
        return at == submissions_.end() ? nullptr : &*at;
    };
    if (claim_->submission) return with([this](const auto& one) { return one.id == *claim_->submission; });
    if (claim_->application)
        if (const auto* const by =
                with([this](const auto& one) { return one.application == *claim_->application; }))
            return by;
    const bool only = submissions_.size() == 1 && lost() == 0;
    const bool another = claim_->application && only && !submissions_.front().application.empty();
    return only && !another ? &submissions_.front() : nullptr;
}

/// Submissions of which nobody knows whether there are any.
std::int64_t attempt::lost() const {
    return std::max<std::int64_t>(intent_.tries - static_cast<std::int64_t>(submissions_.size()), 0);
}

void attempt::write_submissions() {
    try {
        spool_.write_submissions(intent_);
    } catch (const store_failure& trouble) {
        complain(trouble.what());
    }
}

/// Once an attempt: what does not go away would be said each second.
void attempt::complain(const std::string& words) {
    if (complained_) return;
    complained_ = true;
    around_.problem(words);
}

} // namespace waybill::spark
