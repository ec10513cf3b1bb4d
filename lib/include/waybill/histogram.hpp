// Numbers of observations by upper bounds that are fixed at compile time, for a monitor. Thread rule:
// `histogram` is a plain value, any thread may use its own; a `shared_histogram` is added to and read from
// any thread without waiting. Error rule: nothing throws.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <numeric>

namespace waybill {

/// `Bounds` is an array of integers that grow.
template <const auto& Bounds>
struct histogram {
    static constexpr std::size_t size = Bounds.size() + 1;

    /// Of each place those that are at most its bound and more than the one before; the last one has no
    /// bound.
    std::array<std::int64_t, size> counts{};
    std::int64_t sum = 0; ///< of all that was observed

    static constexpr std::size_t place_of(std::int64_t observed) {
        return static_cast<std::size_t>(std::lower_bound(Bounds.begin(), Bounds.end(), observed) -
                                        Bounds.begin());
    }
    void add(std::int64_t observed) {
        ++counts[place_of(observed)];
        sum += observed;
    }
    std::int64_t total() const { return std::accumulate(counts.begin(), counts.end(), std::int64_t{0}); }
};

/// The same, for observers on several threads.
template <const auto& Bounds>
class shared_histogram {
  public:
    void add(std::int64_t observed) noexcept {
        counts_[histogram<Bounds>::place_of(observed)].fetch_add(1, std::memory_order_relaxed);
        sum_.fetch_add(observed, std::memory_order_relaxed);
    }
    /// What has been added so far; of what is being added now the sum may lack what the counts have.
    histogram<Bounds> now() const noexcept {
        histogram<Bounds> seen;
        seen.sum = sum_.load(std::memory_order_relaxed);
        for (std::size_t at = 0; at < counts_.size(); ++at)
            seen.counts[at] = counts_[at].load(std::memory_order_relaxed);
        return seen;
    }

  private:
    std::array<std::atomic<std::int64_t>, histogram<Bounds>::size> counts_{};
    std::atomic<std::int64_t> sum_ = 0;
};

} // namespace waybill
