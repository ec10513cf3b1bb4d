// The connections that there are: how many, from where, and a way to reach them all when the host ends.
// Any thread; throws nothing but for memory.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>

#include <boost/asio/ip/address.hpp>

#include "limits.hpp"

namespace waybill::http {

class session;

class connections {
  public:
    explicit connections(const server_limits& limits) : limits_(limits) {}

    /// Counts one in; false when that would be too many, or the host ends.
    bool enter(const std::shared_ptr<session>& one, const boost::asio::ip::address& from);
    void leave(const session* one);

    std::size_t count();

    /// Lets none in any more and stops all that there are.
    void stop();
    void abort();
    /// Whether they are all gone in time.
    bool wait_until_none(std::chrono::milliseconds patience);

  private:
    struct entry {
        std::weak_ptr<session> one;
        std::uint64_t from;
    };

    const server_limits& limits_;
    std::mutex guard_;
    std::condition_variable changed_;
    std::map<const session*, entry> entries_;
    std::map<std::uint64_t, std::size_t> by_network_;
    bool stopping_ = false;
};

} // namespace waybill::http
