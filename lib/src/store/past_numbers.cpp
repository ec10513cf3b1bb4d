#include "store/past_numbers.hpp"

#include <algorithm>

#include <waybill/result.hpp>

namespace waybill::store {
namespace {

// Each gives epoch, job id, creation time, commit sequence, transition.
constexpr const char* from_state = R"(
select epoch, last_job_id, last_creation_time, last_commit_sequence, last_transition
from store_state)";

constexpr const char* from_jobs = R"(
select
    max(coalesce(max(epoch), 0), coalesce(max(staging_epoch), 0)),
    coalesce(max(id), 0),
    coalesce(max(creation_time), 0),
    coalesce(max(commit_sequence), 0),
    0
from export_jobs)";

constexpr const char* from_transitions = R"(
select coalesce(max(epoch), 0), coalesce(max(job_id), 0), 0, 0, coalesce(max(sequence), 0)
from job_transitions)";

} // namespace

past_numbers read_past_numbers(sql::connection& on) {
    past_numbers past;
    auto& to = past.highest;
    for (const auto* statement : {from_state, from_jobs, from_transitions}) {
        try {
            auto row = on.prepare(statement);
            if (!row.step()) continue; // a store that was never opened has no state yet
            to.epoch = std::max(to.epoch, row.integer(0));
            to.last_job_id = std::max(to.last_job_id, row.integer(1));
            to.last_creation_time = std::max(to.last_creation_time, row.integer(2));
            to.last_commit_sequence = std::max(to.last_commit_sequence, row.integer(3));
            to.last_transition = std::max(to.last_transition, row.integer(4));
        } catch (const store_failure&) {
            past.complete = false;
        }
    }
    return past;
}

} // namespace waybill::store
