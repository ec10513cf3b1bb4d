// Where the generator's chance comes from: the raw output of std::mt19937_64, which the standard fixes to the
// bit. The standard's distributions differ between libraries, so none is used. One stream belongs to one
// thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>

namespace waybill::generate {

class dice {
  public:
    explicit dice(std::uint64_t seed) : source_(seed) {}

    std::uint64_t bits() { return source_(); }

    /// Evenly in [0, bound); the bound is 1 to 2^32.
    std::uint64_t below(std::uint64_t bound) { return ((source_() >> 32) * bound) >> 32; }

    bool percent(std::uint64_t of_hundred) { return below(100) < of_hundred; }

    template <class T, std::size_t N>
    const T& pick(const std::array<T, N>& from) {
        return from[below(N)];
    }

  private:
    std::mt19937_64 source_;
};

/// Spreads consecutive numbers over all 64-bit numbers without ever giving one twice (the finalizer of
/// SplitMix64), so that keys are unique and arrive in no order, as keys of real records do.
constexpr std::uint64_t scattered(std::uint64_t number) {
    number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9U;
    number = (number ^ (number >> 27)) * 0x94d049bb133111ebU;
    return number ^ (number >> 31);
}

} // namespace waybill::generate
