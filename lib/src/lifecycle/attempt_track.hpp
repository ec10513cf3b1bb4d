// What the lifecycle remembers of an attempt that is under way. Everything that must survive the process
// stands in the store; this is only where the process is with it.
#pragma once

#include <chrono>
#include <cstdint>

#include <waybill/job_owner.hpp>
#include <waybill/lifecycle.hpp>

namespace waybill {

enum class attempt_phase {
    running,    ///< the engine works on it
    checking,   ///< staged; the publisher looks at it
    waiting,    ///< checked; another job has the dataset's commit point
    placing,    ///< past the commit point
    cancelling, ///< the engine was told to stop
};

struct attempt_track {
    owned_attempt attempt;
    attempt_phase phase = attempt_phase::running;
    bool submitted = false;                ///< the engine has been told of it
    lifecycle::time_point deadline{};      ///< of the engine's work
    lifecycle::time_point next_progress{}; ///< when counters may be written again
    lifecycle::time_point retry_at{};      ///< placing: when a failed placing is tried again
    std::int64_t placings = 0;             ///< how often placing failed
    bool place_failed = false;
    std::string engine_job_id;
    job_metrics metrics;               ///< as last polled
    job_metrics written;               ///< as last noted in the store
    std::vector<export_batch> batches; ///< as checked
};

} // namespace waybill
