#include "benched_store.hpp"
#include "creators.hpp"

#include <future>
#include <stdexcept>
#include <thread>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <waybill/async_job_store.hpp>

namespace waybill::bench {
namespace {

namespace asio = boost::asio;

struct async_state {
    explicit async_state(const std::filesystem::path& file)
        : store(open_store(file)),
          reader(job_reader::open(file).value()),
          async(store, writer.get_executor(), reader, reads.get_executor()) {}
    ~async_state() {
        writer.join();
        reads.join();
    }
    async_state(const async_state&) = delete;
    async_state& operator=(const async_state&) = delete;

    asio::io_context caller{1}; // outlives the threads that post to it
    job_store store;
    job_reader reader;
    asio::thread_pool writer{1};
    asio::thread_pool reads{1};
    async_job_store async;
    std::size_t next = 0;
};

void expect(const std::exception_ptr& thrown, const result<export_job>& made) {
    if (thrown) std::rethrow_exception(thrown);
    if (!made) throw std::runtime_error(made.error().message);
}

slice_time create_by_future(async_state& to, const create_plan& plan) {
    return timed(plan.a_slice, [&] {
        for (std::size_t i = 0; i < plan.a_slice; ++i)
            to.async.create(plan.jobs.owner(), plan.jobs[to.next++], asio::use_future).get().value();
    });
}

asio::awaitable<void> create_all(async_state& to, const create_plan& plan) {
    for (std::size_t i = 0; i < plan.a_slice; ++i) {
        auto made = co_await to.async.create(plan.jobs.owner(), plan.jobs[to.next++], asio::use_awaitable);
        if (!made) throw std::runtime_error(made.error().message);
    }
}

slice_time create_by_coroutine(async_state& to, const create_plan& plan) {
    return timed(plan.a_slice, [&] {
        auto done = asio::co_spawn(to.caller, create_all(to, plan), asio::use_future);
        to.caller.restart();
        to.caller.run();
        done.get();
    });
}

/// Creates one after the other, each from the callback of the one before.
class callback_chain {
  public:
    callback_chain(async_state& to, const create_plan& plan) : to_(to), plan_(plan), left_(plan.a_slice) {}

    void run() {
        next();
        done_.get_future().get();
    }

  private:
    void next() {
        to_.async.create(plan_.jobs.owner(), plan_.jobs[to_.next++],
                         asio::bind_executor(to_.writer.get_executor(),
                                             [this](const std::exception_ptr& thrown,
                                                    const result<export_job>& made) { told(thrown, made); }));
    }

    void told(const std::exception_ptr& thrown, const result<export_job>& made) {
        try {
            expect(thrown, made);
            if (--left_ == 0)
                done_.set_value();
            else
                next();
        } catch (...) {
            done_.set_exception(std::current_exception());
        }
    }

    async_state& to_;
    const create_plan& plan_;
    std::size_t left_;
    std::promise<void> done_;
};

slice_time create_by_callback(async_state& to, const create_plan& plan) {
    callback_chain chain(to, plan);
    return timed(plan.a_slice, [&] { chain.run(); });
}

slice_time create_by_callers(async_state& to, const create_plan& plan, std::size_t callers) {
    const auto each = plan.a_slice / callers;
    const auto first = to.next;
    to.next += each * callers;
    std::vector<std::future<void>> ends;
    return timed(each * callers, [&] {
        for (std::size_t caller = 0; caller < callers; ++caller)
            ends.push_back(std::async(std::launch::async, [&, caller] {
                for (std::size_t i = 0; i < each; ++i)
                    to.async.create(plan.jobs.owner(), plan.jobs[first + caller * each + i], asio::use_future)
                        .get()
                        .value();
            }));
        for (auto& end : ends)
            end.get();
    });
}

contestant async_contestant(std::string name, std::function<slice_time(async_state&)> slice) {
    return {std::move(name), [slice = std::move(slice)](const auto& folder) {
                return std::make_unique<runner_of<async_state>>(
                    std::make_unique<async_state>(folder / jobs_file), slice);
            }};
}

} // namespace

contestant async_future_creator(const create_plan& plan) {
    return async_contestant("future", [plan](async_state& to) { return create_by_future(to, plan); });
}

contestant async_coroutine_creator(const create_plan& plan) {
    return async_contestant("coroutine", [plan](async_state& to) { return create_by_coroutine(to, plan); });
}

contestant async_callback_creator(const create_plan& plan) {
    return async_contestant("callback", [plan](async_state& to) { return create_by_callback(to, plan); });
}

contestant store_callers(const create_plan& plan, std::size_t callers) {
    return async_contestant(
        store_name, [plan, callers](async_state& to) { return create_by_callers(to, plan, callers); });
}

} // namespace waybill::bench
