#include <algorithm>

#include <waybill/error_codes.hpp>

#include "spark/attempt.hpp"

namespace waybill::spark {

void attempt::ask(time_point now) {
    if (phase_ == phase::seeking) return seek(now);
    if (pick()) return send(question::look, around_.server.look(submissions_[asked_].id));
    // A driver has it, but nobody knows of which submission.
    if (auto request = around_.server.search(search_from_))
        return send(question::search, *std::move(request));
    ask_at_ = time_point::max();
}

/// Looks first whether it is submitted already, where that can be looked for.
void attempt::seek(time_point now) {
    if (intent_.tries > 0 && !searched_)
        if (auto request = around_.server.search(search_from_))
            return send(question::search, *std::move(request));
    if (intent_.tries > 0) { // a later process has to know that more than one may be there
        auto next = intent_;
        ++next.tries;
        try {
            spool_.write_submissions(next);
        } catch (const store_failure& trouble) {
            complain(trouble.what());
            return wait(now);
        }
    }
    send(question::submit, around_.server.submit(intent_.name, spool_.request_file().string()));
    ++intent_.tries;
}

void attempt::send(question what, http_request request) {
    around_.client.ask(std::move(request), [self = shared_from_this()](http_answer answer) {
        self->answer_.emplace(std::move(answer));
    });
    asking_ = what;
}

void attempt::take(const http_answer& answer, time_point now) {
    const auto& server = around_.server;
    switch (std::exchange(asking_, question::none)) {
    case question::none: break;
    case question::submit:
        take_submitted(server.submitted(answer), now);
        if (phase_ == phase::killing) ask_at_ = now; // whatever came of it
        break;
    case question::search: take_searched(server.searched(answer, intent_.name), now); break;
    case question::look: take_looked(server.looked(answer, intent_.name), now); break;
    case question::kill:
        if (!server.killed(answer)) return no_answer(no_answer_words(answer), now);
        around_.answered();
        submissions_[asked_].settled = true;
        wait_anew(now);
        break;
    }
}

void attempt::take_submitted(const submit_answer& answer, time_point now) {
    using meaning = submit_answer::meaning;
    switch (answer.what) {
    case meaning::accepted:
        around_.answered();
        add(answer.id);
        intent_.ids.push_back(answer.id);
        write_submissions();
        if (phase_ == phase::seeking) phase_ = phase::watching;
        show(attempt_state::running);
        return wait_anew(now);
    case meaning::taken:
        around_.answered(); // one is there, which is now looked for
        searched_ = false;
        search_from_ = 0;
        return wait(now);
    case meaning::refused:
        around_.answered();
        --intent_.tries;
        if (lost() > 0) return no_answer(answer.words, now); // of an earlier one a driver may be at work
        if (phase_ == phase::seeking) fail(errors::spark_refused.about(answer.words), !answer.final);
        return wait(now);
    case meaning::not_now: --intent_.tries; break;
    case meaning::lost:
        searched_ = false;
        search_from_ = 0;
        break;
    }
    no_answer(answer.words, now);
}

void attempt::take_searched(const search_answer& answer, time_point now) {
    using meaning = search_answer::meaning;
    if (answer.what == meaning::none) return no_answer(answer.words, now);
    around_.answered();
    const auto from = std::exchange(search_from_, 0);
    switch (answer.what) {
    case meaning::found: return take_found(answer.id, now);
    case meaning::more:
        if (answer.next <= from) return wait(now); // it does not turn pages
        search_from_ = answer.next;
        ask_at_ = now;
        return;
    case meaning::nowhere:
        searched_ = true;
        if (phase_ == phase::seeking)
            ask_at_ = now; // to submit it
        else
            wait(now);
        return;
    case meaning::none: return;
    }
}

/// What has the name is the one that was submitted, for there is never a second.
void attempt::take_found(const std::string& id, time_point now) {
    const bool is_new = add(id);
    intent_.tries = static_cast<std::int64_t>(submissions_.size());
    if (phase_ == phase::seeking) phase_ = phase::watching;
    if (!is_new) return wait(now);
    intent_.ids.push_back(id);
    write_submissions();
    show(attempt_state::running);
    wait_anew(now);
}

void attempt::take_looked(const look_answer& answer, time_point now) {
    using meaning = look_answer::meaning;
    if (answer.what == meaning::none) return no_answer(answer.words, now);
    around_.answered();
    auto& about = submissions_[asked_];
    const bool moved = about.state != answer.state;
    about.state = answer.state;
    about.words = answer.words;
    if (!answer.application.empty()) about.application = answer.application;
    about.ends = answer.what == meaning::ended ? about.ends + 1 : 0;
    about.misses = answer.what == meaning::forgotten ? about.misses + 1 : 0;
    if (phase_ == phase::killing) {
        about.settled = answer.what != meaning::working;
        about.to_kill = !about.settled;
        ask_at_ = now;
        return;
    }
    if (answer.what == meaning::forgotten) show_unknown();
    if (answer.what == meaning::working) show(attempt_state::running);
    if (moved)
        wait_anew(now);
    else
        wait(now);
    if (about.ends > 1 || about.misses > 1) judge(now);
}

/// A submission has ended, or is not known any more, and has said so twice. What the driver has left decides
/// first; else what the cluster says of the driver that has the attempt.
void attempt::judge(time_point now) {
    if (!look_at_spool(now) || phase_ > phase::watching) return;
    const auto failed = [this](const submission& one) {
        fail(errors::spark_ended.about(one.id + " (" + one.state + ")", one.words), true);
    };
    if (claim_) {
        const auto* const by = claimer();
        if (by != nullptr && by->ends > 1) failed(*by);
        return; // any other says nothing: a duplicate ends, too
    }
    const auto gone = [](const submission& one) { return one.ends > 1 || one.misses > 1; };
    if (!std::all_of(submissions_.begin(), submissions_.end(), gone)) return;
    const auto ended = std::find_if(submissions_.begin(), submissions_.end(),
                                    [](const submission& one) { return one.ends > 1; });
    if (ended != submissions_.end()) return failed(*ended);
    phase_ = phase::seeking; // forgotten before any driver began: a duplicate does no harm
    searched_ = false;
    search_from_ = 0;
}

/// False when it is known already.
bool attempt::add(const std::string& id) {
    const auto same = [&](const submission& one) { return one.id == id; };
    const auto at = std::find_if(submissions_.begin(), submissions_.end(), same);
    const bool is_new = at == submissions_.end();
    if (is_new)
        submissions_.push_back({.id = id});
    else
        at->misses = 0; // the cluster knows it again
    const auto* const by = claimer();
    name(by != nullptr ? by->id : id);
    return is_new;
}

/// As the job's readers know what Spark does for it.
void attempt::name(const std::string& id) {
    {
        const std::lock_guard hold(guard_);
        if (report_.engine_job_id == id) return;
        report_.engine_job_id = id;
    }
    around_.tell();
}

/// Which submission to ask about: that of the driver, if it is known, else each in turn that is not gone.
bool attempt::pick() {
    if (const auto* const by = claimer()) {
        asked_ = static_cast<std::size_t>(by - submissions_.data());
        return true;
    }
    for (std::size_t i = 1; i <= submissions_.size(); ++i) {
        const auto at = (asked_ + i) % submissions_.size();
        if (submissions_[at].ends > 1 || submissions_[at].misses > 1) continue;
        asked_ = at;
        return true;
    }
    return false;
}

void attempt::no_answer(const std::string& words, time_point now) {
    around_.no_answer(words);
    show_unknown();
    wait(now);
}

/// What the driver tells of its progress is news of it, too.
void attempt::show_unknown() {
    if (!std::exchange(progressed_, false)) show(attempt_state::unknown);
}

/// Each time twice as long.
void attempt::wait(time_point now) {
    const auto& options = around_.options;
    wait_ = std::clamp(wait_ * 2, options.first_wait, std::max(options.first_wait, options.longest_wait));
    ask_at_ = now + wait_;
}

void attempt::wait_anew(time_point now) {
    wait_ = std::chrono::milliseconds{0};
    wait(now);
}

} // namespace waybill::spark
