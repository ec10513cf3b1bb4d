#include "connections.hpp"

#include "peer_address.hpp"
#include "session.hpp"

namespace waybill::http {

namespace net_ip = boost::asio::ip;

bool connections::enter(const std::shared_ptr<session>& one, const net_ip::address& peer) {
    const auto from = network_of(peer);
    const std::lock_guard lock(guard_);
    if (stopping_ || entries_.size() >= limits_.connections) return false;
    auto& here = by_network_[from];
    if (here >= limits_.connections_per_address && !plain_address(peer).is_loopback()) return false;
    ++here;
    entries_.emplace(one.get(), entry{one, from});
    return true;
}

void connections::leave(const session* one) {
    const std::lock_guard lock(guard_);
    const auto found = entries_.find(one);
    if (found == entries_.end()) return;
    const auto network = by_network_.find(found->second.from);
    if (--network->second == 0) by_network_.erase(network);
    entries_.erase(found);
    changed_.notify_all();
}

std::size_t connections::count() {
    const std::lock_guard lock(guard_);
    return entries_.size();
}

void connections::stop() {
    const std::lock_guard lock(guard_);
    stopping_ = true;
    for (const auto& [key, known] : entries_)
        if (const auto one = known.one.lock()) one->stop();
}

void connections::abort() {
    const std::lock_guard lock(guard_);
    for (const auto& [key, known] : entries_)
        if (const auto one = known.one.lock()) one->abort();
}

bool connections::wait_until_none(std::chrono::milliseconds patience) {
    std::unique_lock lock(guard_);
    return changed_.wait_for(lock, patience, [this] { return entries_.empty(); });
}

} // namespace waybill::http
