#include <stdexcept>

#include "listing_memory.hpp"
#include "stored_jobs.hpp"
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
    result_row row;
    row.name = "anonymous memory of listing all " + std::to_string(count) + " jobs";
    row.unit = "MiB";
    row.ours = median_of(mebibytes);
    row.reference = limit;
    row.reference_name = "limit";
    row.ratio = *row.ours / limit;
    row.wanted = at_most(1);
    return {row};
}

} // namespace

std::vector<workload> memory_workloads() { return {{"list-memory", memory_of_listing}}; }

} // namespace waybill::bench
