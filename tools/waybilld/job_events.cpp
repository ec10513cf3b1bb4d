#include "job_events.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "header_text.hpp"
#include "jobs_routes.hpp"
#include "problem.hpp"

// Every awaitable gets a name before it is awaited: g++ 12 destroys twice what is created inside a co_await.

namespace waybill::http {

namespace net = boost::asio;

namespace {

constexpr std::string_view silence = ":\n\n";

/// `data` is one line: JSON text has no line ends of its own.
void append_event(std::string& piece, std::string_view name, std::string_view data) {
    ((piece += "event: ") += name) += "\ndata: ";
    (piece += data) += "\n\n";
}

std::string text_of(const export_job& job) {
    std::string text;
    append_json(text, job);
    return text;
}

} // namespace

net::awaitable<bool> job_events::next(std::string& piece) {
    auto executor = co_await net::this_coro::executor;
    if (!watch_) watch_.emplace(services_.jobs.changes().watch(id_, executor));
    while (!services_.stopping) {
        auto looking = read(piece);
        const auto found = co_await std::move(looking);
        if (found == reading::last || found == reading::gone) co_return false;
        if (found == reading::news) co_return true;
        auto waiting = watch_->wait(services_.heartbeat);
        const bool rung = co_await std::move(waiting);
        if (!rung) {
            piece += silence;
            co_return true;
        }
    }
    co_return false; // whoever resumes by the last id misses nothing
}

net::awaitable<job_events::reading> job_events::read(std::string& piece) {
    for (;;) {
        auto listing = services_.jobs.transitions(owner_, id_, net::use_awaitable);
        const auto moves = co_await std::move(listing);
        auto finding_it = services_.jobs.find(owner_, id_, net::use_awaitable);
        const auto job = co_await std::move(finding_it);
        if (!moves || !job) {
            append_event(piece, "removed", told_.empty() ? "{\"id\":" + std::to_string(id_) + "}" : told_);
            co_return reading::gone;
        }
        // Two reads: when the job has moved in between, its moves are read again.
        if (moves->back().to == job->status) co_return append_news(piece, *moves, *job);
    }
}

/// A move that others have followed shows the job as it is now, but with the status that it led to.
job_events::reading job_events::append_news(std::string& piece, std::span<const job_transition> moves,
                                            const export_job& job) {
    const auto& last = moves.back();
    auto now = text_of(job);
    if (last.sequence <= after_.value_or(0)) {
        if (now == told_ || told_.empty()) {
            told_ = std::move(now);
            return is_final(job.status) ? reading::last : reading::nothing_new;
        }
        append_event(piece, "progress", now);
        told_ = std::move(now);
        return reading::news;
    }
    for (const auto& move : moves) {
        if (after_ ? move.sequence <= *after_ : move.sequence != last.sequence) continue;
        piece += "id: " + std::to_string(move.sequence) + "\n";
        if (move.sequence == last.sequence) {
            append_event(piece, "status", now);
            continue;
        }
        auto then = job;
        then.status = move.to;
        then.update_time = move.at;
        append_event(piece, "status", text_of(then));
    }
    after_ = last.sequence;
    told_ = std::move(now);
    return is_final(last.to) ? reading::last : reading::news;
}

net::awaitable<response> show_events(services& with, const call& made) {
    const auto id = parse_job_id(made.arguments.front());
    if (!id) co_return no_such_job(made.request_id);
    std::optional<std::int64_t> after;
    if (const auto sent = made.asked.header("Last-Event-ID"); sent && !sent->empty()) {
        after = parse_number(*sent, 0);
        if (!after)
            co_return problem(400, made.request_id,
                              {{"invalid_value", "expected the id of an event: a number", "Last-Event-ID"}});
    }
    auto listing = with.jobs.transitions(made.owner, *id, net::use_awaitable);
    const auto moves = co_await std::move(listing);
    if (!moves) co_return refused(moves.error(), made.request_id);
    response answer;
    if (after && is_final(moves->back().to) && moves->back().sequence <= *after) {
        answer.status = 204;
        co_return answer;
    }
    answer.headers.emplace_back("Content-Type", "text/event-stream");
    answer.headers.emplace_back("Cache-Control", "no-store");
    answer.rest = std::make_shared<job_events>(with, made.owner, *id, after);
    co_return answer;
}

} // namespace waybill::http
