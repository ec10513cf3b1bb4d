#include "health_routes.hpp"

#include <boost/asio/use_awaitable.hpp>

// Every awaitable gets a name before it is awaited: g++ 12 destroys twice what is created inside a co_await.

namespace waybill::http {

namespace net = boost::asio;

namespace {

response plain_text(unsigned status, std::string body) {
    response answer;
    answer.status = status;
    answer.headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
    answer.body = std::move(body) + "\n";
    return answer;
}

/// Tries to write; says why that cannot be done. The log has what was thrown first.
net::awaitable<std::string> trouble_of_store(services& with) {
    try {
        auto writing = with.jobs.prove_writable(net::use_awaitable);
        const auto written = co_await std::move(writing);
        if (!written) co_return written.error().message;
        with.health->trust_store();
        co_return std::string{};
    } catch (const store_failure& failed) {
        if (failed.why() == store_failure::kind::no_space) co_return "the disk is full";
    }
    co_return "the store cannot be written";
}

} // namespace

net::awaitable<response> say_alive(services& with, const call&) {
    if (auto late = with.health->late()) co_return plain_text(503, std::move(*late));
    co_return plain_text(200, "ok");
}

net::awaitable<response> say_ready(services& with, const call&) {
    if (with.stopping.load()) co_return plain_text(503, "stopping");
    if (auto late = with.health->late()) co_return plain_text(503, std::move(*late));
    if (with.health->store_suspected()) {
        auto trying = trouble_of_store(with);
        auto trouble = co_await std::move(trying);
        if (!trouble.empty()) co_return plain_text(503, std::move(trouble));
    }
    co_return plain_text(200, "ok");
}

} // namespace waybill::http
