#include "floor_reader.hpp"

namespace waybill::bench {
namespace {

constexpr const char* read_segments = R"(
select job_id, segment_id, segment_ns
from segment_filters
where job_id between ? and ?
order by job_id, position)";

constexpr const char* read_statuses = R"(
select job_id, position, status
from segment_filter_statuses
where job_id between ? and ?
order by job_id, position, status_position)";

constexpr const char* read_batches = R"(
select job_id, batch_id, segment_position, row_count, byte_count
from export_batches
where job_id between ? and ?
order by job_id, position)";

constexpr const char* read_events = R"(
select job_id, fields, has_filter, from_ingest_timestamp, to_ingest_timestamp
from event_lists
where job_id between ? and ?)";

constexpr const char* read_errors = R"(
select job_id, code, msg, call_stack
from job_errors
where job_id between ? and ?
order by job_id, position)";

constexpr const char* read_counters = R"(
select job_id, namespace, profiles
from namespace_counters
where job_id between ? and ?
order by job_id, namespace)";

std::int64_t number(const raw_statement& row, int at) { return row.null(at) ? -1 : row.integer(at); }

std::string text(const raw_statement& row, int at) { return std::string(row.text(at)); }

/// `realized`, `existing` and `exited` differ in their length or third letter.
int membership(std::string_view text) { return text.size() == 6 ? 2 : text[0] == 'r' ? 0 : 1; }

} // namespace

floor_children::floor_children(raw_database& on)
    : segments_(on, read_segments),
      statuses_(on, read_statuses),
      batches_(on, read_batches),
      events_(on, read_events),
      errors_(on, read_errors),
      counters_(on, read_counters) {}

void floor_children::read(std::span<floor_job> jobs) {
    constexpr std::int64_t close_together = 8;
    for (std::size_t first = 0; first < jobs.size();) {
        auto last = first + 1;
        while (last < jobs.size() && jobs[last - 1].id - jobs[last].id <= close_together)
            ++last;
        read_run(jobs.subspan(first, last - first));
        first = last;
    }
}

/// The rows come in the order of ids, so the jobs are gone through from their end.
template <class Add>
void floor_children::walk(raw_statement& rows, std::span<floor_job> jobs, Add&& add) {
    rows.bind(1, jobs.back().id);
    rows.bind(2, jobs.front().id);
    auto at = jobs.size() - 1;
    while (rows.row()) {
        const auto id = rows.integer(0);
        while (jobs[at].id < id)
            --at;
        if (jobs[at].id == id) add(jobs[at]);
    }
}

void floor_children::read_run(std::span<floor_job> jobs) {
    bool filters = false;
    bool failures = false;
    bool attempts = false;
    for (const auto& job : jobs) {
        filters |= job.has_filter != 0;
        failures |= job.status == "FAILED";
        attempts |= job.attempt != 0;
    }
    if (filters) {
        walk(segments_, jobs, [&](floor_job& job) {
            job.segments.push_back({text(segments_, 1), text(segments_, 2), {}});
        });
        walk(statuses_, jobs, [&](floor_job& job) {
            job.segments[static_cast<std::size_t>(statuses_.integer(1))].statuses.push_back(
                membership(statuses_.text(2)));
        });
    }
    walk(batches_, jobs, [&](floor_job& job) {
        job.batches.push_back(
            {text(batches_, 1), number(batches_, 2), number(batches_, 3), number(batches_, 4)});
    });
    walk(events_, jobs, [&](floor_job& job) {
        job.events = {true, events_.integer(2) != 0, text(events_, 1), text(events_, 3), text(events_, 4)};
    });
    if (failures)
        walk(errors_, jobs, [&](floor_job& job) {
            job.errors.push_back({text(errors_, 1), text(errors_, 2), text(errors_, 3)});
        });
    if (attempts)
        walk(counters_, jobs, [&](floor_job& job) {
            job.counters.push_back({text(counters_, 1), counters_.integer(2)});
        });
}

} // namespace waybill::bench
