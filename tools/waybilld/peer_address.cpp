#include "peer_address.hpp"

namespace waybill::http {

namespace net_ip = boost::asio::ip;

net_ip::address plain_address(const net_ip::address& from) {
    if (!from.is_v6() || !from.to_v6().is_v4_mapped()) return from;
    return net_ip::make_address_v4(net_ip::v4_mapped, from.to_v6());
}

std::uint64_t network_of(const net_ip::address& from) {
    // Nobody's address begins with ff: those are groups.
    constexpr std::uint64_t by_v4 = std::uint64_t{0xff} << 56U;
    const auto plain = plain_address(from);
    if (plain.is_v4()) return by_v4 | plain.to_v4().to_uint();
    const auto bytes = plain.to_v6().to_bytes();
    std::uint64_t network = 0;
    for (std::size_t at = 0; at < 8; ++at)
        network = network << 8U | bytes[at];
    return network;
}

} // namespace waybill::http
