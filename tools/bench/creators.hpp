// Contestants that create jobs: the job store by itself and behind Asio, the floor, the lean floor.
#pragma once

#include <cstddef>
#include <functional>

#include "job_mix.hpp"
#include "race.hpp"

namespace waybill {
class job_store;
}

namespace waybill::bench {

struct create_plan {
    const job_mix& jobs;
    std::size_t a_slice = 0;       ///< creates in one slice
    std::size_t a_transaction = 1; ///< creates that share one
};

inline constexpr const char* store_name = "job_store";
inline constexpr const char* floor_name = "floor";
inline constexpr const char* lean_name = "lean floor";

/// The file that a contestant of these writes, within its directory.
inline constexpr const char* jobs_file = "jobs.db";

contestant store_creator(const create_plan& plan);
contestant floor_creator(const create_plan& plan);
contestant lean_creator(const create_plan& plan);
/// Ours on a file that is there already and stays.
contestant store_creator_on(const create_plan& plan, std::string name, std::filesystem::path file);

/// One caller of `async_job_store` that waits for each of its creates by a future.
contestant async_future_creator(const create_plan& plan);
/// One coroutine on a thread of its own.
contestant async_coroutine_creator(const create_plan& plan);
/// A callback that creates the next job, on the store's own thread.
contestant async_callback_creator(const create_plan& plan);

/// Many threads that each create a job, wait until it is durable, and begin again.
contestant store_callers(const create_plan& plan, std::size_t callers);
contestant floor_callers(const create_plan& plan, std::size_t callers);

} // namespace waybill::bench
