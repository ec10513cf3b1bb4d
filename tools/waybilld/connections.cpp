#include "connections.hpp"

#include <algorithm>
#include <cstdint>

#include "session.hpp"

namespace waybill::http {

namespace net_ip = boost::asio::ip;

namespace {

/// A client that comes by IPv4 to a socket of both kinds is the same as by IPv4 alone.
net_ip::address plain(const net_ip::address& from) {
    if (!from.is_v6() || !from.to_v6().is_v4_mapped()) return from;
    return net_ip::make_address_v4(net_ip::v4_mapped, from.to_v6());
}

/// What is counted as one: whoever has an IPv6 address has the 2^64 of its network.
net_ip::address network_of(const net_ip::address& from) {
    if (!from.is_v6() || from.is_loopback()) return from;
    auto bytes = from.to_v6().to_bytes();
    std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
    return net_ip::address_v6(bytes);
}

} // namespace

bool connections::enter(const std::shared_ptr<session>& one, const net_ip::address& peer) {
    const auto from = network_of(plain(peer));
    const std::lock_guard lock(guard_);
    if (stopping_ || entries_.size() >= limits_.connections) return false;
    auto& here = by_address_[from];
    if (here >= limits_.connections_per_address && !from.is_loopback()) return false;
    ++here;
    entries_.emplace(one.get(), entry{one, from});
    return true;
}

void connections::leave(const session* one) {
    const std::lock_guard lock(guard_);
    const auto found = entries_.find(one);
    if (found == entries_.end()) return;
    const auto address = by_address_.find(found->second.from);
    if (--address->second == 0) by_address_.erase(address);
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
