#include "metrics_route.hpp"

#include <boost/asio/use_awaitable.hpp>

#include "metrics_text.hpp"

namespace waybill::http {

boost::asio::awaitable<response> show_metrics(services& with, const call&) {
    auto reading = with.jobs.statistics(boost::asio::use_awaitable);
    auto store = co_await std::move(reading);
    const host_numbers numbers{std::move(store).value(), with.jobs.write_counters(), with.open_connections(),
                               with.failed_logins(),     with.failed_handshakes(),   wall_clock(),
                               with.requests.answers(),  with.requests.times()};
    response answer;
    answer.headers.emplace_back("Content-Type", metrics_media_type);
    answer.body = metrics_text(numbers);
    co_return answer;
}

} // namespace waybill::http
