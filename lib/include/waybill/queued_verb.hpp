// A store's verb together with whoever waits for its result by an Asio completion token: what
// async_job_store.hpp and async_job_owner.hpp are made of. Error rule: the first argument of a completion is
// what the verb or its commit threw, if anything; the second is the verb's result.
#pragma once

#include <atomic>
#include <chrono>
#include <exception>
#include <memory>
#include <new>
#include <thread>
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
        : verb_(std::move(verb)), end_(std::make_shared<ending>(std::move(handler), otherwise)) {}

    void run() override { end_->outcome = verb_(); }
    void refuse(failure why) override {
        end_->outcome = std::move(why);
        // The refusal comes from within the caller's own call, and no handler may run there.
        boost::asio::post(end_->answers, telling());
    }
    /// What has been done must be told: where there is no memory to do so it is tried again.
    void complete(std::exception_ptr thrown) override {
        end_->thrown = std::move(thrown);
        for (int tries = 1;; ++tries) {
            try {
                return boost::asio::dispatch(end_->answers, telling());
            } catch (const std::bad_alloc&) {
                if (end_->told || tries == most_tries) throw;
            }
            std::this_thread::sleep_for(pause);
        }
    }

  private:
    using executor = boost::asio::associated_executor_t<Handler, boost::asio::any_io_executor>;
    static constexpr int most_tries = 1'000; // about a second
    static constexpr std::chrono::milliseconds pause{1};

    struct ending {
        ending(Handler its_handler, const boost::asio::any_io_executor& otherwise)
            : handler(std::move(its_handler)),
              answers(boost::asio::get_associated_executor(handler, otherwise)),
              busy(answers) {}

        Handler handler;
        executor answers;
        boost::asio::executor_work_guard<executor> busy;
        std::exception_ptr thrown;
        result<T> outcome = failure{};
        std::atomic<bool> told = false;
    };

    auto telling() {
        return [end = end_] {
            if (end->told.exchange(true)) return;
            const auto busy = std::move(end->busy);
            auto handler = std::move(end->handler);
            std::move(handler)(std::move(end->thrown), std::move(end->outcome));
        };
    }

    Verb verb_;
    std::shared_ptr<ending> end_;
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
