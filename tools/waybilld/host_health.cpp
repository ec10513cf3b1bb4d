#include "host_health.hpp"

#include <boost/asio/post.hpp>

namespace waybill::http {

namespace {

std::string seconds_text(host_health::clock::duration age) {
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(age).count()) + " s";
}

} // namespace

void host_health::watch(std::string name, boost::asio::any_io_executor executor) {
    watched_.push_back({std::move(name), std::move(executor), std::make_shared<asked>(clock::duration{})});
}

std::optional<std::string> host_health::late() {
    const auto now = now_().time_since_epoch();
    for (const auto& each : watched_) {
        auto since = clock::duration{};
        if (each.since->compare_exchange_strong(since, now)) {
            boost::asio::post(each.executor, [answer = each.since] { *answer = clock::duration{}; });
        } else if (now - since > patience_) {
            return each.name + " has not come round for " + seconds_text(now - since);
        }
    }
    const auto since_round = now - last_round_.load();
    if (rounds_ && since_round > *rounds_ + patience_)
        return "the lifecycle has not come round for " + seconds_text(since_round);
    return std::nullopt;
}

} // namespace waybill::http
