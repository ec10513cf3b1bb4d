#include <algorithm>

#include "creators.hpp"
#include "peers.hpp"
#include "same_rows.hpp"
#include "workload.hpp"

namespace waybill::bench {
namespace {

std::vector<result_row> create_by_callers(bench& in, std::size_t callers) {
    constexpr std::size_t slices = 4;
    const auto a_slice = std::max<std::size_t>(in.sizes.callers / slices / callers, 1) * callers;
    const create_plan plan{in.jobs, a_slice, 1};
    std::vector<contestant> contestants{store_callers(plan, callers), floor_callers(plan, callers)};
    const bool with_peers = callers == 64;
    if (with_peers)
        for (auto& one : in.others.doing("create-full", in.sizes.single))
            contestants.push_back(std::move(one));
    race_plan how{in.folder, in.sizes.rounds, slices, {}};
    how.after_round = [](const auto& folder_of) {
        expect_same_rows(folder_of(store_name) / jobs_file, folder_of(floor_name) / jobs_file);
    };
    const auto rates = race(contestants, how);
    const auto name = "create, " + std::to_string(callers) + " callers";
    std::vector<result_row> rows{compare({name, "jobs/s", "group-committing floor"}, rates.at(store_name),
                                         rates.at(floor_name), at_least(0.85))};
    if (with_peers) {
        const auto peer = best_of(rates, peer_prefix);
        rows.push_back(compare({name + ", against one of a peer", "jobs/s", peer.name}, rates.at(store_name),
                               peer.rates, at_least(4)));
    }
    return rows;
}

} // namespace

std::vector<workload> caller_workloads() {
    return {{"callers-16", [](bench& in) { return create_by_callers(in, 16); }},
            {"callers-64", [](bench& in) { return create_by_callers(in, 64); }}};
}

} // namespace waybill::bench
