// Boost.Asio around the store: `async_job_store`, whose verbs any thread may call with any completion token
// (callback, use_future, use_awaitable), and `lifecycle_timer`, which ticks a lifecycle when it is due or
// woken. Error rule: a completion's first argument is the exception that the verb threw, if any; the second
// its result.
#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <waybill/job_store.hpp>
#include <waybill/lifecycle.hpp>

namespace waybill {

/// Client verbs from any thread. Writes are executed one after the other on the writer's executor, reads on
/// the reader's, so no caller's thread ever waits for a disk. Both executors must run one thing at a time (a
/// `thread_pool{1}` or a strand); store and reader must outlive every call under way.
class async_job_store {
  public:
    async_job_store(job_store& store, boost::asio::any_io_executor writer, job_reader& reader,
                    boost::asio::any_io_executor reads)
        : store_(store), reader_(reader), writer_(std::move(writer)), reads_(std::move(reads)) {}

    /// Completes with `result<export_job>` once the job is durable.
    template <class Token>
    auto create(tenant owner, new_export_job request, Token&& token) {
        return start<export_job>(
            writer_,
            [&store = store_, owner = std::move(owner), request = std::move(request)] {
                return store.create(owner, request);
            },
            std::forward<Token>(token));
    }

    template <class Token>
    auto find(tenant owner, job_id id, Token&& token) {
        return start<export_job>(
            reads_, [&reader = reader_, owner = std::move(owner), id] { return reader.find(owner, id); },
            std::forward<Token>(token));
    }

    template <class Token>
    auto list(tenant owner, job_query query, Token&& token) {
        return start<job_page>(
            reads_,
            [&reader = reader_, owner = std::move(owner), query = std::move(query)] {
                return reader.list(owner, query);
            },
            std::forward<Token>(token));
    }

    template <class Token>
    auto cancel(tenant owner, job_id id, std::string actor, Token&& token) {
        return start<cancel_outcome>(
            writer_,
            [&store = store_, owner = std::move(owner), id, actor = std::move(actor)] {
                return store.cancel(owner, id, actor);
            },
            std::forward<Token>(token));
    }

  private:
    template <class T, class Work, class Token>
    static auto start(const boost::asio::any_io_executor& where, Work work, Token&& token) {
        namespace net = boost::asio;
        return net::async_initiate<Token, void(std::exception_ptr, result<T>)>(
            [](auto handler, net::any_io_executor executor, Work job) {
                auto answers = net::get_associated_executor(handler, executor);
                auto guard = net::make_work_guard(answers);
                net::post(executor, [handler = std::move(handler), job = std::move(job), answers,
                                     guard = std::move(guard)]() mutable {
                    std::exception_ptr thrown;
                    result<T> outcome = failure{};
                    try {
                        outcome = job();
                    } catch (...) {
                        thrown = std::current_exception();
                    }
                    net::dispatch(answers, [handler = std::move(handler), thrown = std::move(thrown),
                                            outcome = std::move(outcome)]() mutable {
                        std::move(handler)(std::move(thrown), std::move(outcome));
                    });
                });
            },
            token, where, std::move(work));
    }

    job_store& store_;
    job_reader& reader_;
    boost::asio::any_io_executor writer_;
    boost::asio::any_io_executor reads_;
};

/// Ticks a lifecycle on an executor that runs one thing at a time, the one that the job store lives on. It
/// sleeps exactly until the next thing is due and never keeps itself alive: what it arms holds it weakly, so
/// destroying it, on that executor or once the executor is stopped, ends it. A tick that throws is reported
/// and repeated after `retry_after`.
class lifecycle_timer {
  public:
    struct options {
        std::chrono::milliseconds retry_after{1'000};
        std::function<void(std::string_view)>
            on_problem{};                   ///< told what a tick threw; called on the executor
        std::function<void()> on_stopped{}; ///< called once, on the executor, when a stop is complete
    };

    lifecycle_timer(boost::asio::any_io_executor executor, lifecycle& driven, options how);
    ~lifecycle_timer();
    lifecycle_timer(const lifecycle_timer&) = delete;
    lifecycle_timer& operator=(const lifecycle_timer&) = delete;

    /// Begins to tick, at once. Any thread.
    void start();
    /// Something may be due: tick now. Any thread; many wakes before a tick are one.
    void wake();
    /// Stops the lifecycle and goes on ticking until nothing is at work any more. Any thread.
    void stop();

  private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace waybill
