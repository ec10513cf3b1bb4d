// What a workload is given, and the list of all of them. Each file `*_workloads.cpp` has some.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "job_mix.hpp"
#include "race.hpp"
#include "result_row.hpp"

namespace waybill::bench {

class peers;
class stored_jobs;
class stored_profiles;

/// How much of everything.
struct bench_sizes {
    std::size_t rounds = 5;
    std::size_t single = 1'600;         ///< creates one a transaction, a round
    std::size_t bulk = 24'000;          ///< creates many a transaction, a round
    std::size_t callers = 12'800;       ///< creates by many callers, a round
    std::size_t backlog = 50'000;       ///< jobs that wait when the first is claimed
    std::size_t claimed_singly = 1'200; ///< claimed and finished one by one, a round
    std::size_t claimed_together = 12'000;
    std::size_t stored = 1'000'000; ///< jobs of the store that is read
    std::size_t stuck = 400'000;    ///< jobs with one and the same creation time
    std::size_t pages = 400;        ///< read a round
    std::size_t gets = 20'000;      ///< a round
    std::size_t wakes = 400;        ///< a round
    std::size_t requests = 40'000;  ///< GETs over HTTP, a round
    std::size_t idle = 1'000;       ///< connections
    std::size_t crowd_jobs = 10'000;
    std::size_t people = 1'000'000; ///< of the profile store that is exported
    std::size_t imported = 50'000;  ///< people, three records each
    std::size_t part_exports = 3;   ///< exports of a segment, a round
};

struct bench {
    const job_mix& jobs;
    bench_sizes sizes;
    std::filesystem::path folder{}; ///< for files that a round makes
    stored_jobs& stored;
    peers& others;
    stored_profiles& profiles;
};

struct workload {
    std::string_view name;
    std::function<std::vector<result_row>(bench&)> run;
};

std::vector<workload> create_workloads();
std::vector<workload> caller_workloads();
std::vector<workload> claim_workloads();
std::vector<workload> page_workloads();
std::vector<workload> get_workloads();
std::vector<workload> wake_workloads();
std::vector<workload> memory_workloads();
std::vector<workload> http_workloads();
std::vector<workload> crowd_workloads();
std::vector<workload> export_workloads();
std::vector<workload> batch_workloads();
std::vector<workload> evaluate_workloads();
std::vector<workload> import_workloads();

} // namespace waybill::bench
