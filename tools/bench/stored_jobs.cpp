#include "stored_jobs.hpp"

#include <algorithm>
#include <cstdio>
#include <string>

#include <waybill/job_store.hpp>

#include "benched_store.hpp"
#include "creators.hpp"
#include "schema_sum.hpp"

namespace waybill::bench {
namespace {

constexpr std::int64_t first_time = 1'704'067'200'000; ///< 2024-01-01
constexpr std::int64_t clock_step = 37;                ///< milliseconds between two jobs
constexpr std::size_t a_transaction = 1'000;

} // namespace

stored_jobs::stored_jobs(std::filesystem::path folder, const job_mix& jobs, std::uint64_t seed,
                         const stored_counts& counts)
    : folder_(std::move(folder)), jobs_(jobs), seed_(seed), counts_(counts) {
    std::filesystem::create_directories(folder_);
}

std::filesystem::path stored_jobs::plain() { return make("plain", counts_.plain, clock_step); }
std::filesystem::path stored_jobs::stuck() { return make("stuck", counts_.stuck, 0); }
std::filesystem::path stored_jobs::backlog() { return make("backlog", counts_.backlog, clock_step); }

cursor stored_jobs::plain_position(std::int64_t id) { return {first_time + id * clock_step, id}; }
cursor stored_jobs::stuck_position(std::int64_t id) { return {first_time, id}; }

std::filesystem::path stored_jobs::make(const char* name, std::size_t count, std::int64_t step) {
    const auto place = folder_ / (std::string(name) + '-' + std::to_string(count) + '-' +
                                  std::to_string(seed_) + '-' + schema_sum(store_kind::jobs, folder_));
    if (std::filesystem::exists(place)) return place / "jobs.db";
    // Only a whole store gets the name that is looked for.
    const auto partial = std::filesystem::path(place.string() + ".partial");
    std::filesystem::remove_all(partial);
    std::filesystem::create_directories(partial);
    std::fprintf(stderr, "making a store of %zu jobs\n", count);
    {
        std::int64_t now = first_time;
        auto store =
            open_store(partial / "jobs.db", [&now] { return timestamp{std::chrono::milliseconds{now}}; });
        for (std::size_t done = 0; done < count; done += a_transaction)
            store.together([&] {
                for (std::size_t i = done; i < std::min(done + a_transaction, count); ++i) {
                    now += step;
                    store.create(jobs_.owner(), jobs_[i]).value();
                }
            });
    }
    std::filesystem::rename(partial, place);
    return place / "jobs.db";
}

} // namespace waybill::bench
