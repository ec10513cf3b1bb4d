#include <waybill/transition_feed.hpp>

#include <chrono>

#include <boost/asio/use_awaitable.hpp>

// Every awaitable gets a name before it is awaited: g++ 12 destroys twice what is created inside a co_await.

namespace waybill {

namespace net = boost::asio;

namespace {

constexpr std::chrono::seconds longest_wait{15}; // a ring may have been lost

} // namespace

transition_feed::transition_feed(async_job_store& jobs, net::any_io_executor executor, std::int64_t after)
    : jobs_(jobs), watch_(jobs.changes().watch(std::nullopt, std::move(executor))), after_(after) {}

net::awaitable<std::vector<recorded_transition>> transition_feed::next(std::size_t most) {
    while (!closed_) {
        auto reading = jobs_.transitions_after(after_, most, net::use_awaitable);
        auto found = co_await std::move(reading);
        if (!found->empty()) {
            after_ = found->back().move.sequence;
            co_return std::move(found).value();
        }
        auto waiting = watch_.wait(longest_wait);
        co_await std::move(waiting);
    }
    co_return std::vector<recorded_transition>{};
}

void transition_feed::close() {
    closed_ = true;
    watch_.ring();
}

} // namespace waybill
