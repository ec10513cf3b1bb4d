// How things are measured against each other: several contestants run in turns, slice by slice, in one
// process and at the same time, so that what disturbs the machine disturbs all of them. A round begins with
// fresh files; ratios are taken within a round, and the medians of rounds are what is told.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace waybill::bench {

/// So many operations took so long.
struct slice_time {
    double operations = 0;
    double seconds = 0;
};

/// A contestant within one round. What its construction and destruction take is not measured.
class runner {
  public:
    runner() = default;
    runner(const runner&) = delete;
    runner& operator=(const runner&) = delete;
    virtual ~runner() = default;
    virtual slice_time slice() = 0;
};

struct contestant {
    std::string name{};
    /// Called once a round with a directory of its own, which is gone after the round.
    std::function<std::unique_ptr<runner>(const std::filesystem::path& folder)> enter{};
};

struct race_plan {
    std::filesystem::path folder{};
    std::size_t rounds = 5;
    std::size_t slices = 4;
    /// After each round, once every runner is gone: gets the contestants' directory by name; throws when they
    /// did not do the same work.
    std::function<void(const std::function<std::filesystem::path(const std::string&)>&)> after_round{};
};

/// Operations per second, one number a round, by contestant.
using race_rates = std::map<std::string, std::vector<double>>;

race_rates race(const std::vector<contestant>& contestants, const race_plan& plan);

/// Each of the numbers so many times.
std::vector<double> scaled(std::vector<double> numbers, double by);

double median_of(std::vector<double> numbers);

template <class Work>
slice_time timed(std::size_t operations, Work&& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    return {static_cast<double>(operations), took.count()};
}

/// A runner out of something that is kept for the round and a function that runs a slice of it.
template <class State>
class runner_of final : public runner {
  public:
    runner_of(std::unique_ptr<State> state, std::function<slice_time(State&)> slice)
        : state_(std::move(state)), slice_(std::move(slice)) {}
    slice_time slice() override { return slice_(*state_); }

  private:
    std::unique_ptr<State> state_;
    std::function<slice_time(State&)> slice_;
};

} // namespace waybill::bench
