// A server in a process of its own, which says its port in the first line on its standard output (the last
// number of it). Start and end belong to one thread; the end is SIGTERM, and waits.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

namespace waybill::bench {

class child_server {
  public:
    /// Returns when it listens. What it says on standard error is not kept. Throws when it does not start.
    explicit child_server(std::vector<std::string> command);
    ~child_server();
    child_server(const child_server&) = delete;
    child_server& operator=(const child_server&) = delete;

    std::uint16_t port() const noexcept { return port_; }
    std::int64_t anonymous_memory() const; ///< bytes, now

  private:
    pid_t pid_ = -1;
    std::uint16_t port_ = 0;
};

} // namespace waybill::bench
