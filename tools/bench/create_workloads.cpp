#include <algorithm>

#include "creators.hpp"
#include "peers.hpp"
#include "same_rows.hpp"
#include "stored_jobs.hpp"
#include "workload.hpp"

namespace waybill::bench {
namespace {

race_plan plan_for(const bench& in, std::size_t slices) {
    race_plan plan{in.folder, in.sizes.rounds, slices, {}};
    plan.after_round = [](const auto& folder_of) {
        expect_same_rows(folder_of(store_name) / jobs_file, folder_of(floor_name) / jobs_file);
    };
    return plan;
}

std::vector<contestant> with_peers(const bench& in, const char* operation, std::size_t count,
                                   std::vector<contestant> contestants) {
    for (auto& one : in.others.doing(operation, count))
        contestants.push_back(std::move(one));
    return contestants;
}

/// Told, not promised: one row of theirs against all of ours.
result_row against_peers(std::string name, const race_rates& rates) {
    const auto peer = best_of(rates, peer_prefix);
    return compare({std::move(name), "jobs/s", peer.name}, rates.at(store_name), peer.rates, std::nullopt);
}

std::vector<result_row> create_singly(bench& in) {
    constexpr std::size_t slices = 8;
    const create_plan plan{in.jobs, in.sizes.single / slices, 1};
    const auto contestants =
        with_peers(in, "create-full", in.sizes.single,
                   {store_creator(plan), floor_creator(plan), lean_creator(plan), async_future_creator(plan),
                    async_coroutine_creator(plan), async_callback_creator(plan)});
    const auto rates = race(contestants, plan_for(in, slices));
    const auto row = [&](const char* name, const char* who, const char* against, double bound) {
        return compare({name, "jobs/s", against}, rates.at(who), rates.at(against), at_least(bound));
    };
    return {row("create, 1 caller", store_name, floor_name, 0.90),
            row("create, 1 caller, async, future", "future", floor_name, 0.75),
            row("create, 1 caller, async, coroutine", "coroutine", floor_name, 0.75),
            row("create, 1 caller, async, callback", "callback", floor_name, 0.75),
            row("create, 1 caller, lean", store_name, lean_name, 0.57),
            against_peers("create, 1 caller, against a peer", rates)};
}

std::vector<result_row> create_together(bench& in, std::size_t a_transaction, double of_floor,
                                        double of_lean) {
    constexpr std::size_t slices = 6;
    const auto a_slice = std::max<std::size_t>(in.sizes.bulk / slices / a_transaction, 1) * a_transaction;
    const create_plan plan{in.jobs, a_slice, a_transaction};
    std::vector<contestant> contestants{store_creator(plan), floor_creator(plan), lean_creator(plan)};
    if (a_transaction == 100)
        contestants = with_peers(in, "create100-full", in.sizes.bulk / 4, std::move(contestants));
    const auto rates = race(contestants, plan_for(in, slices));
    const auto name = "create, " + std::to_string(a_transaction) + " a transaction";
    std::vector<result_row> rows{
        compare({name, "jobs/s", floor_name}, rates.at(store_name), rates.at(floor_name), at_least(of_floor)),
        compare({name + ", lean", "jobs/s", lean_name}, rates.at(store_name), rates.at(lean_name),
                at_least(of_lean))};
    if (a_transaction == 100) rows.push_back(against_peers(name + ", against a peer", rates));
    return rows;
}

std::vector<result_row> create_beside_many(bench& in) {
    constexpr std::size_t slices = 8;
    const create_plan plan{in.jobs, in.sizes.single / slices, 1};
    const auto rates = race({store_creator_on(plan, "among many", in.stored.plain()), store_creator(plan)},
                            {in.folder, in.sizes.rounds, slices, {}});
    return {compare(
        {"create, " + std::to_string(in.stored.plain_count()) + " jobs present", "jobs/s", "empty store"},
        rates.at("among many"), rates.at(store_name), at_least(0.90))};
}

} // namespace

std::vector<workload> create_workloads() {
    return {{"create-1", create_singly},
            {"create-100", [](bench& in) { return create_together(in, 100, 0.85, 0.34); }},
            {"create-1000", [](bench& in) { return create_together(in, 1'000, 0.85, 0.36); }},
            {"create-among-many", create_beside_many}};
}

} // namespace waybill::bench
