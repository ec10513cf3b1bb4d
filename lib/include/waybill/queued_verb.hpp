// A store's verb together with whoever waits for its result by an Asio completion token: what
// async_job_store.hpp and async_job_owner.hpp are made of. Error rule: the first argument of a completion is
// what the verb or its commit threw, if anything; the second is the verb's result.
#pragma once

#include <exception>
#include <memory>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <waybill/write_queue.hpp>

namespace waybill {

/// A verb and the handler that waits for it; the handler's executor is kept busy until it is told.
template <class T, class Verb, class Handler>
class queued_verb final : public pending_write {
  public:
    queued_verb(Verb verb, Handler handler, const boost::asio::any_io_executor& otherwise)
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

/// Queues `verb`, which gives a `result<T>`, among the writes of a store. A handler without an executor of
/// its own is told on the writer's, and must return at once.
template <class T, class Verb, class Token>
auto async_write(write_queue& queue, Verb verb, Token&& token) {
    return boost::asio::async_initiate<Token, void(std::exception_ptr, result<T>)>(
        [](auto handler, write_queue* to, Verb what) {
            using call = queued_verb<T, Verb, decltype(handler)>;
            to->add(std::make_unique<call>(std::move(what), std::move(handler), to->executor()));
        },
        token, &queue, std::move(verb));
}

/// Closes the queue and tells when everything in it has been told.
template <class Token>
auto async_close(write_queue& queue, Token&& token) {
    return boost::asio::async_initiate<Token, void(std::exception_ptr, result<done>)>(
        [](auto handler, write_queue* closing) {
            const auto nothing = [] { return result<done>(done{}); };
            using call = queued_verb<done, decltype(nothing), decltype(handler)>;
            closing->close(std::make_unique<call>(nothing, std::move(handler), closing->executor()));
        },
        token, &queue);
}

/// Runs `verb`, which gives a `result<T>`, on `executor`.
template <class T, class Verb, class Token>
auto async_read(const boost::asio::any_io_executor& executor, Verb verb, Token&& token) {
    return boost::asio::async_initiate<Token, void(std::exception_ptr, result<T>)>(
        [](auto handler, boost::asio::any_io_executor on, Verb what) {
            using call = queued_verb<T, Verb, decltype(handler)>;
            auto waiting = std::make_unique<call>(std::move(what), std::move(handler), on);
            boost::asio::post(on, [waiting = std::move(waiting)] {
                std::exception_ptr thrown;
                try {
                    waiting->run();
                } catch (...) {
                    thrown = std::current_exception();
                }
                waiting->complete(std::move(thrown));
            });
        },
        token, executor, std::move(verb));
}

} // namespace waybill
