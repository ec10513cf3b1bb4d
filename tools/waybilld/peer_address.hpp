// What counts as one client when clients are counted by their addresses. Pure functions, any thread.
#pragma once

#include <cstdint>

#include <boost/asio/ip/address.hpp>

namespace waybill::http {

/// A client that comes by IPv4 to a socket of both kinds is the same as by IPv4 alone.
boost::asio::ip::address plain_address(const boost::asio::ip::address& from);

/// A number for the whole of an IPv4 address, and for the first 64 bits of an IPv6 address, since whoever has
/// one address of such a network has all of them.
std::uint64_t network_of(const boost::asio::ip::address& from);

} // namespace waybill::http
