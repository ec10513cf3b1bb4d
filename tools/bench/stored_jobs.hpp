// The large stores that reading is measured on: a million jobs, and jobs that all have the same creation
// time. Each is made once, when first asked for, through the job store itself, and found again by its
// content: the seed, the number of jobs and the schema. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

#include <waybill/job_page.hpp>

#include "job_mix.hpp"

namespace waybill::bench {

struct stored_counts {
    std::size_t plain = 0;
    std::size_t stuck = 0;
    std::size_t backlog = 0;
};

class stored_jobs {
  public:
    stored_jobs(std::filesystem::path folder, const job_mix& jobs, std::uint64_t seed,
                const stored_counts& counts);

    /// Ids from 1 to `plain_count()`, created one clock step after the other.
    std::filesystem::path plain();
    std::size_t plain_count() const noexcept { return counts_.plain; }
    /// Ids from 1 to `stuck_count()`, all created at the same moment.
    std::filesystem::path stuck();
    std::size_t stuck_count() const noexcept { return counts_.stuck; }

    /// A smaller one of the first kind, to be copied.
    std::filesystem::path backlog();

    /// Where the job with this id stands in the order of `plain()`, or of `stuck()`.
    static cursor plain_position(std::int64_t id);
    static cursor stuck_position(std::int64_t id);

  private:
    std::filesystem::path make(const char* name, std::size_t count, std::int64_t step);

    std::filesystem::path folder_;
    const job_mix& jobs_;
    std::uint64_t seed_;
    stored_counts counts_;
};

} // namespace waybill::bench
