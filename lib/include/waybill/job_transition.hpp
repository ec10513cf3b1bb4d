// The moves of jobs, as the store keeps them (contract 2: each is recorded with its time, attempt, actor and
// reason): of one job as its timeline, of all jobs in the order in which they became durable. Plain values:
// every thread may use its own; nothing is thrown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <waybill/export_job.hpp>

namespace waybill {

/// One move of a job, or its creation.
struct job_transition {
    std::int64_t sequence = 0;        ///< grows over all jobs of a store
    std::optional<job_status> from{}; ///< absent at the creation
    job_status to = job_status::new_;
    timestamp at;
    std::int64_t attempt = 0;
    std::int64_t epoch = 0;
    std::string actor{};  ///< who caused it: `client`, `lifecycle`, `recovery`, …
    std::string reason{}; ///< one sentence; may be empty
};

/// One of all moves of a store.
struct recorded_transition {
    tenant owner;
    job_id job = 0;
    job_transition move;
};

} // namespace waybill
