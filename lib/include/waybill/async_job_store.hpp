// The client verbs of a job store from any thread, with any Asio completion token (callback, use_future,
// use_awaitable). Writes that wait at the same time share one transaction and one sync; reads go beside them.
// Thread rule: every call may come from any thread; completions arrive on the token's own executor. Error
// rule: the first argument of a completion is what the verb or its commit threw, if anything; the second its
// result.
#pragma once

#include <exception>
#include <memory>
#include <string>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <waybill/job_store.hpp>
#include <waybill/write_queue.hpp>

namespace waybill {

/// Both executors must run one thing at a time (a `thread_pool{1}` or a strand); the writer's is the one that
/// the lifecycle ticks on. Store and reader must outlive the executors' last work, and so must the context of
/// every token's executor: a completion is posted to it from their threads. A write completes only when its
/// own commit is durable.
class async_job_store {
  public:
    async_job_store(job_store& store, boost::asio::any_io_executor writer, job_reader& reader,
                    boost::asio::any_io_executor reads, write_queue_options limits = {})
        : store_(store),
          reader_(reader),
          writes_(store, std::move(writer), limits),
          reads_(std::move(reads)) {}

    /// Completes with `result<export_job>` once the job is durable.
    template <class Token>
    auto create(tenant owner, new_export_job request, Token&& token) {
        return write<export_job>([&store = store_, owner = std::move(owner),
                                  request = std::move(request)] { return store.create(owner, request); },
                                 std::forward<Token>(token));
    }

    template <class Token>
    auto cancel(tenant owner, job_id id, std::string actor, Token&& token) {
        return write<cancel_outcome>([&store = store_, owner = std::move(owner), id,
                                      actor = std::move(actor)] { return store.cancel(owner, id, actor); },
                                     std::forward<Token>(token));
    }

    template <class Token>
    auto find(tenant owner, job_id id, Token&& token) {
        return read<export_job>(
            [&reader = reader_, owner = std::move(owner), id] { return reader.find(owner, id); },
            std::forward<Token>(token));
    }

    template <class Token>
    auto list(tenant owner, job_query query, Token&& token) {
        return read<job_page>([&reader = reader_, owner = std::move(owner),
                               query = std::move(query)] { return reader.list(owner, query); },
                              std::forward<Token>(token));
    }

    write_queue_counters write_counters() const { return writes_.counters(); }

  private:
    /// A verb and the handler that waits for it; the handler's executor is kept busy until it is told.
    template <class T, class Verb, class Handler>
    class waiting_call final : public pending_write {
      public:
        waiting_call(Verb verb, Handler handler, const boost::asio::any_io_executor& otherwise)
            : verb_(std::move(verb)),
              handler_(std::move(handler)),
              answers_(boost::asio::get_associated_executor(handler_, otherwise)),
              busy_(answers_) {}

        void run() override { outcome_ = verb_(); }
        void refuse(failure why) override {
            outcome_ = std::move(why);
            // The refusal comes from within the caller's own call, and no handler may run there.
            boost::asio::post(executor(answers_), ending({}));
        }
        void complete(std::exception_ptr thrown) override {
            boost::asio::dispatch(executor(answers_), ending(std::move(thrown)));
        }

      private:
        using executor = boost::asio::associated_executor_t<Handler, boost::asio::any_io_executor>;

        auto ending(std::exception_ptr thrown) {
            return [handler = std::move(handler_), thrown = std::move(thrown), outcome = std::move(outcome_),
                    busy = std::move(busy_)]() mutable {
                std::move(handler)(std::move(thrown), std::move(outcome));
            };
        }

        Verb verb_;
        Handler handler_;
        executor answers_;
        boost::asio::executor_work_guard<executor> busy_;
        result<T> outcome_ = failure{};
    };

    template <class T, class Verb, class Token>
    auto write(Verb verb, Token&& token) {
        return boost::asio::async_initiate<Token, void(std::exception_ptr, result<T>)>(
            [](auto handler, write_queue* queue, boost::asio::any_io_executor otherwise, Verb what) {
                using call = waiting_call<T, Verb, decltype(handler)>;
                queue->add(std::make_unique<call>(std::move(what), std::move(handler), otherwise));
            },
            token, &writes_, reads_, std::move(verb));
    }

    template <class T, class Verb, class Token>
    auto read(Verb verb, Token&& token) {
        return boost::asio::async_initiate<Token, void(std::exception_ptr, result<T>)>(
            [](auto handler, boost::asio::any_io_executor executor, Verb what) {
                using call = waiting_call<T, Verb, decltype(handler)>;
                auto waiting = std::make_unique<call>(std::move(what), std::move(handler), executor);
                boost::asio::post(executor, [waiting = std::move(waiting)] {
                    std::exception_ptr thrown;
                    try {
                        waiting->run();
                    } catch (...) {
                        thrown = std::current_exception();
                    }
                    waiting->complete(std::move(thrown));
                });
            },
            token, reads_, std::move(verb));
    }

    job_store& store_;
    job_reader& reader_;
    write_queue writes_;
    boost::asio::any_io_executor reads_;
};

} // namespace waybill
