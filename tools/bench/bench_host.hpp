// waybilld's HTTP over a store whose jobs nobody drives: what is measured is the answering, and every job
// stays as it is. As in the host there are two threads for HTTP, one for writing and one for reading, and
// each request is logged (into nothing). Start and end belong to one thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

namespace waybill {
class async_job_store;
}

namespace waybill::bench {

class bench_host {
  public:
    explicit bench_host(const std::filesystem::path& store);
    ~bench_host();
    bench_host(const bench_host&) = delete;
    bench_host& operator=(const bench_host&) = delete;

    std::uint16_t port() const;

  private:
    struct impl;
    std::unique_ptr<impl> self_;
};

} // namespace waybill::bench
