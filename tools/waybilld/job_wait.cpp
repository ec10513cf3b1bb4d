#include "job_wait.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "jobs_routes.hpp"
#include "preferences.hpp"

// Every awaitable gets a name before it is awaited: g++ 12 destroys twice what is created inside a co_await.

namespace waybill::http {

namespace net = boost::asio;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

bool is_due(const request& asked, const export_job& job, const response& answer) {
    if (!asked.header("If-None-Match")) return is_final(job.status);
    return !has_already(asked, *answer.header("ETag"));
}

/// The answer; nothing when it is not due yet and there is a reason to wait on.
net::awaitable<std::optional<response>> look(services& with, const call& made, job_id id, bool wait_on) {
    auto finding_it = with.jobs.find(made.owner, id, net::use_awaitable);
    const auto job = co_await std::move(finding_it);
    if (!job) co_return refused(job.error(), made.request_id);
    auto answer = shown(*job);
    if (wait_on && !is_due(made.asked, *job, answer)) co_return std::nullopt;
    co_return answer;
}

} // namespace

net::awaitable<response> show_job_when_due(services& with, const call& made, job_id id,
                                           milliseconds patience) {
    const auto until = steady_clock::now() + patience;
    auto executor = co_await net::this_coro::executor;
    // Before the job is looked at, so that nothing is missed in between.
    const auto watch = std::make_shared<job_watch>(with.jobs.changes().watch(id, executor));
    made.client.watch([weak = std::weak_ptr(watch)] {
        if (const auto bell = weak.lock()) bell->ring();
    });
    for (;;) {
        const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now());
        const bool wait_on = left.count() > 0 && !with.stopping && !made.client.is_gone();
        auto looking = look(with, made, id, wait_on);
        auto answer = co_await std::move(looking);
        if (answer) {
            answer->headers.emplace_back("Preference-Applied", "wait");
            co_return std::move(*answer);
        }
        auto waiting = watch->wait(left);
        co_await std::move(waiting);
    }
}

} // namespace waybill::http
