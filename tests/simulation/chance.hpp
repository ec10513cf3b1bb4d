// All that a simulated run leaves to chance, from one number: the same seed gives the same run, whatever
// library the test is built with.
#pragma once

#include <cstdint>
#include <numeric>
#include <vector>

namespace waybill::test {

class chance {
  public:
    explicit chance(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() { // splitmix64
        state_ += 0x9e3779b97f4a7c15U;
        auto mixed = state_;
        mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
        return mixed ^ (mixed >> 31U);
    }
    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }
    int between(int low, int high) {
        return low + static_cast<int>(below(static_cast<std::size_t>(high - low + 1)));
    }
    bool percent(int share) { return below(100) < static_cast<std::size_t>(share); }
    double fraction() { return static_cast<double>(next() >> 11U) / 9007199254740992.0; }
    template <class Items>
    const auto& pick(const Items& from) {
        return from[below(from.size())];
    }
    /// The index of one of the weights, each as likely as it is heavy.
    std::size_t weighted(const std::vector<int>& weights) {
        auto left = static_cast<int>(
            below(static_cast<std::size_t>(std::accumulate(weights.begin(), weights.end(), 0))));
        std::size_t index = 0;
        while (left >= weights[index])
            left -= weights[index++];
        return index;
    }

  private:
    std::uint64_t state_;
};

} // namespace waybill::test
