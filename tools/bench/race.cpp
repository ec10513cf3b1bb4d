#include "race.hpp"

#include <algorithm>

namespace waybill::bench {
namespace {

struct lane {
    const contestant* who;
    std::filesystem::path folder;
    std::unique_ptr<runner> running;
    slice_time sum;
};

void run_round(std::vector<lane>& lanes, std::size_t round, std::size_t slices) {
    for (std::size_t slice = 0; slice < slices; ++slice) {
        // Whoever goes first finds colder caches: everybody does in turn.
        const bool backwards = (slice + round) % 2 == 1;
        for (std::size_t i = 0; i < lanes.size(); ++i) {
            auto& next = lanes[backwards ? lanes.size() - 1 - i : i];
            const auto took = next.running->slice();
            next.sum.operations += took.operations;
            next.sum.seconds += took.seconds;
        }
    }
}

} // namespace

race_rates race(const std::vector<contestant>& contestants, const race_plan& plan) {
    race_rates rates;
    for (std::size_t round = 0; round < plan.rounds; ++round) {
        std::vector<lane> lanes;
        for (const auto& who : contestants) {
            lanes.push_back({&who, plan.folder / std::to_string(lanes.size()), {}, {}});
            std::filesystem::remove_all(lanes.back().folder);
            std::filesystem::create_directories(lanes.back().folder);
            lanes.back().running = who.enter(lanes.back().folder);
        }
        run_round(lanes, round, plan.slices);
        for (auto& one : lanes) {
            one.running.reset();
            rates[one.who->name].push_back(one.sum.operations / one.sum.seconds);
        }
        if (plan.after_round)
            plan.after_round([&](const std::string& name) {
                return std::find_if(lanes.begin(), lanes.end(),
                                    [&](const lane& one) { return one.who->name == name; })
                    ->folder;
            });
        for (const auto& one : lanes)
            std::filesystem::remove_all(one.folder);
    }
    return rates;
}

std::vector<double> scaled(std::vector<double> numbers, double by) {
    for (auto& number : numbers)
        number *= by;
    return numbers;
}

double median_of(std::vector<double> numbers) {
    if (numbers.empty()) return 0;
    std::sort(numbers.begin(), numbers.end());
    const auto half = numbers.size() / 2;
    return numbers.size() % 2 == 1 ? numbers[half] : (numbers[half - 1] + numbers[half]) / 2;
}

} // namespace waybill::bench
