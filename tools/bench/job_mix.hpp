// The requests that are measured with: W7, a job with about 1 KB of columns, two segment filters and two
// statuses in each. The same seed gives the same requests on every machine. Read-only once made: any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <waybill/new_export_job.hpp>
#include <waybill/tenant.hpp>

namespace waybill::bench {

struct job_mix_options {
    std::uint64_t seed = 7;
    std::size_t datasets = 1'000;  ///< that jobs are drawn from
    std::size_t segments = 10'000; ///< that filters are drawn from
    std::size_t requests = 8'192;  ///< distinct ones; then they begin anew
};

class job_mix {
  public:
    explicit job_mix(const job_mix_options& how);

    const new_export_job& operator[](std::size_t i) const { return requests_[i % requests_.size()]; }
    const tenant& owner() const noexcept { return owner_; }

  private:
    tenant owner_{"1BD6382559DF0C130A49422D@AdobeOrg", "prod"};
    std::vector<new_export_job> requests_;
};

/// `width` lower-case hex digits.
std::string hex(std::uint64_t number, std::size_t width);

/// Spreads consecutive numbers over all 64-bit numbers (the finalizer of SplitMix64).
constexpr std::uint64_t scattered(std::uint64_t number) {
    number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9U;
    number = (number ^ (number >> 27)) * 0x94d049bb133111ebU;
    return number ^ (number >> 31);
}

} // namespace waybill::bench
