#include <stdexcept>

#include "export_memory.hpp"
#include "listing_memory.hpp"
#include "stored_jobs.hpp"
#include "stored_profiles.hpp"
#include "workload.hpp"

namespace waybill::bench {
namespace {

std::vector<result_row> memory_of_listing(bench& in) {
    constexpr double limit = 64;
    const auto count = in.stored.plain_count();
    std::vector<double> mebibytes;
    for (std::size_t round = 0; round < in.sizes.rounds; ++round) {
        const auto found = list_everything_apart(in.stored.plain());
        if (found.jobs < static_cast<std::int64_t>(count)) throw std::runtime_error("a listing lost jobs");
        mebibytes.push_back(static_cast<double>(found.growth) / (1U << 20U));
    }
    return {within("anonymous memory of listing all " + std::to_string(count) + " jobs", "MiB", mebibytes,
                   limit)};
}

/// The memory of exports that differ only in how much they export.
std::vector<result_row> memory_of_exporting(bench& in) {
    constexpr std::size_t fewer = 10;
    const auto store = in.profiles.store();
    const auto small_store = in.profiles.store_of(in.profiles.people() / fewer);
    std::vector<double> all;
    std::vector<double> few;
    for (std::size_t round = 0; round < in.sizes.rounds; ++round) {
        const auto large = export_everything_apart(store, in.folder / "memory");
        const auto small = export_everything_apart(small_store, in.folder / "memory");
        if (large.rows < static_cast<std::int64_t>(in.profiles.people()) || small.rows >= large.rows)
            throw std::runtime_error("an export lost profiles");
        all.push_back(static_cast<double>(large.peak) / (1U << 20U));
        few.push_back(static_cast<double>(small.peak) / (1U << 20U));
    }
    const auto people = std::to_string(in.profiles.people());
    return {compare({"anonymous memory of exporting " + people + " people", "MiB", "a tenth of them"}, all,
                    few, at_most(1.2))};
}

} // namespace

std::vector<workload> memory_workloads() {
    return {{"list-memory", memory_of_listing}, {"export-memory", memory_of_exporting}};
}

} // namespace waybill::bench
