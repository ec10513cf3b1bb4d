// The life of a job as a value: its statuses, their texts on the wire and in the database, and the table of
// moves (contract 2). The database holds the same table and refuses any other move; a test compares both.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace waybill {

enum class job_status { new_, processing, cancelling, succeeded, failed, cancelled };

inline constexpr std::array all_job_statuses{job_status::new_,       job_status::processing,
                                             job_status::cancelling, job_status::succeeded,
                                             job_status::failed,     job_status::cancelled};

struct job_status_move {
    job_status from;
    job_status to;
};

/// Every move there is. `SUCCEEDED` moreover needs the mark of the commit point, and a marked job goes
/// nowhere but to `SUCCEEDED` or `FAILED`.
inline constexpr std::array job_status_moves{
    job_status_move{job_status::new_, job_status::processing},
    job_status_move{job_status::new_, job_status::cancelled},
    job_status_move{job_status::new_, job_status::failed},
    job_status_move{job_status::processing, job_status::succeeded},
    job_status_move{job_status::processing, job_status::failed},
    job_status_move{job_status::processing, job_status::new_},
    job_status_move{job_status::processing, job_status::cancelling},
    job_status_move{job_status::cancelling, job_status::cancelled},
};

constexpr bool may_move(job_status from, job_status to) {
    for (const auto& move : job_status_moves)
        if (move.from == from && move.to == to) return true;
    return false;
}

/// Nothing leaves a final status.
constexpr bool is_final(job_status status) {
    return status == job_status::succeeded || status == job_status::failed || status == job_status::cancelled;
}

constexpr std::string_view to_text(job_status status) {
    switch (status) {
    case job_status::new_: return "NEW";
    case job_status::processing: return "PROCESSING";
    case job_status::cancelling: return "CANCELLING";
    case job_status::succeeded: return "SUCCEEDED";
    case job_status::failed: return "FAILED";
    case job_status::cancelled: return "CANCELLED";
    }
    return {};
}

/// The status with exactly this text; upper case, as on the wire.
constexpr std::optional<job_status> parse_job_status(std::string_view text) {
    for (const auto status : all_job_statuses)
        if (to_text(status) == text) return status;
    return std::nullopt;
}

} // namespace waybill
