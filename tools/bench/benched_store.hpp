// The store that is measured, with one limit out of the way: the benches give one tenant more unfinished jobs
// than it may have by default.
#pragma once

#include <limits>
#include <utility>

#include <waybill/job_store.hpp>

namespace waybill::bench {

inline job_store open_store(std::filesystem::path file, std::function<timestamp()> now = wall_clock) {
    job_store_options how;
    how.file = std::move(file);
    how.now = std::move(now);
    how.unfinished_per_tenant = std::numeric_limits<std::int64_t>::max();
    return job_store::open(std::move(how)).value();
}

} // namespace waybill::bench
