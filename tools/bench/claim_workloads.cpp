#include <stdexcept>

#include <waybill/job_owner.hpp>
#include <waybill/job_store.hpp>

#include "benched_store.hpp"
#include "creators.hpp"
#include "floor_claimer.hpp"
#include "peers.hpp"
#include "same_rows.hpp"
#include "stored_jobs.hpp"
#include "workload.hpp"

namespace waybill::bench {
namespace {

std::optional<job_error> no_objection(const export_job&) { return std::nullopt; }

struct claiming_store {
    explicit claiming_store(const std::filesystem::path& file) : store(open_store(file)) {}
    job_store store;
};

job_metrics metrics_of(const finish_numbers& told) {
    const auto now = wall_clock();
    job_metrics metrics;
    metrics.profile_export = time_span{now, now};
    metrics.dataset_write = time_span{now, now};
    metrics.exported = told.rows;
    metrics.candidates = told.rows;
    metrics.looked_at = told.rows;
    metrics.exported_by_namespace = {{"CRMID", told.rows}};
    return metrics;
}

void finish(job_store& store, const std::vector<owned_attempt>& claimed, const finish_numbers& told) {
    const auto metrics = metrics_of(told);
    store.together([&] {
        for (const auto& attempt : claimed) {
            const auto mark = store.owner().mark_publishing(attempt.key);
            if (mark.what != publish_mark::outcome::marked) throw std::runtime_error("a mark was refused");
            auto batches = attempt.job.batches;
            batches.front().rows = told.rows;
            batches.front().bytes = told.bytes;
            if (!store.owner().succeed(attempt.key, metrics, batches))
                throw std::runtime_error("a success was refused");
        }
    });
}

void claim_and_finish(job_store& store, std::size_t together) {
    const auto claimed = store.owner().claim(together, no_objection);
    if (claimed.size() != together) throw std::runtime_error("the store claimed too few jobs");
    finish(store, claimed, {});
}

/// Both sides begin with the same file, so that they do the same.
contestant store_claimer(std::filesystem::path backlog, std::size_t a_slice, std::size_t together) {
    return {store_name, [=](const auto& folder) {
                std::filesystem::copy(backlog, folder / jobs_file);
                return std::make_unique<runner_of<claiming_store>>(
                    std::make_unique<claiming_store>(folder / jobs_file), [=](claiming_store& from) {
                        return timed(a_slice, [&] {
                            for (std::size_t done = 0; done < a_slice; done += together)
                                claim_and_finish(from.store, together);
                        });
                    });
            }};
}

contestant floor_claimer_on(std::filesystem::path backlog, const tenant& owner, std::size_t a_slice,
                            std::size_t together) {
    return {floor_name, [=](const auto& folder) {
                std::filesystem::copy(backlog, folder / jobs_file);
                return std::make_unique<runner_of<floor_claimer>>(
                    std::make_unique<floor_claimer>(folder / jobs_file, owner), [=](floor_claimer& from) {
                        return timed(a_slice, [&] {
                            for (std::size_t done = 0; done < a_slice; done += together)
                                from.finish(from.claim(together), {});
                        });
                    });
            }};
}

std::vector<result_row> claims(bench& in, std::size_t jobs, std::size_t together, double of_floor) {
    const std::size_t slices = 6;
    const auto a_slice = std::max<std::size_t>(jobs / slices / together, 1) * together;
    const auto backlog = in.stored.backlog();
    std::vector<contestant> contestants{store_claimer(backlog, a_slice, together),
                                        floor_claimer_on(backlog, in.jobs.owner(), a_slice, together)};
    if (together > 1)
        for (const auto* operation : {"claim-full", "claim-normal", "claim100-full"})
            for (auto& one : in.others.doing(operation, in.sizes.claimed_singly))
                contestants.push_back(std::move(one));
    race_plan plan{in.folder, in.sizes.rounds, slices, {}};
    plan.after_round = [](const auto& folder_of) {
        expect_same_rows(folder_of(store_name) / jobs_file, folder_of(floor_name) / jobs_file);
    };
    const auto rates = race(contestants, plan);
    const auto number = std::to_string(together);
    const auto name = "claim " + number + " and finish " + number;
    std::vector<result_row> rows{
        compare({name, "jobs/s", "floor"}, rates.at(store_name), rates.at(floor_name), at_least(of_floor))};
    if (together == 1) return rows;
    // Neither peer claims many at once by itself; in a transaction of the caller's it can be made to.
    const auto against = [&](const char* what, const char* prefix, std::optional<target> wanted) {
        const auto peer = best_of(rates, std::string(peer_prefix) + prefix);
        rows.push_back(compare({name + what, "jobs/s", peer.name}, rates.at(store_name), peer.rates, wanted));
    };
    against(", against goqite", "goqite, claim-", at_least(3));
    against(", against goqite in a caller's transaction", "goqite, claim100-", std::nullopt);
    against(", against plainjob", "plainjob, claim-", std::nullopt);
    against(", against plainjob in a caller's transaction", "plainjob, claim100-", std::nullopt);
    return rows;
}

} // namespace

std::vector<workload> claim_workloads() {
    return {{"claim-1", [](bench& in) { return claims(in, in.sizes.claimed_singly, 1, 0.90); }},
            {"claim-100", [](bench& in) { return claims(in, in.sizes.claimed_together, 100, 0.85); }}};
}

} // namespace waybill::bench
