// The floor of answering: a minimal server of Boost.Beast that answers the n-th job from memory, with two
// threads and nothing else (no checks, no log, no times). Start and end belong to one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace waybill::bench {

class memory_server {
  public:
    /// `GET …/N` is answered with `bodies[N % bodies.size()]`.
    explicit memory_server(std::vector<std::string> bodies);
    ~memory_server();
    memory_server(const memory_server&) = delete;
    memory_server& operator=(const memory_server&) = delete;

    std::uint16_t port() const;

  private:
    struct impl;
    std::unique_ptr<impl> self_;
};

} // namespace waybill::bench
