#include "floor_reader.hpp"

#include <stdexcept>

namespace waybill::bench {
namespace {

constexpr const char* find_job = WAYBILL_FLOOR_JOB R"(
where id = ?
    and tenant_id = ?)";

// Ids are in the order of creation times, so the page behind a job is a range of ids.
constexpr const char* list_before = WAYBILL_FLOOR_JOB R"(
where tenant_id = ?
    and id < ?
order by id desc
limit ?)";

constexpr const char* time_of_job = R"(
select creation_time
from export_jobs
where id = ?)";

std::int64_t number(const raw_statement& row, int at) { return row.null(at) ? -1 : row.integer(at); }

} // namespace

void read_floor_job(const raw_statement& row, const tenant& owner, floor_job& job) {
    int at = 0;
    job.id = row.integer(at++);
    job.tenant_id = row.integer(at++);
    job.org = owner.org;
    job.sandbox = owner.sandbox;
    job.status = row.text(at++);
    job.creation_time = row.integer(at++);
    job.update_time = row.integer(at++);
    for (auto* const text :
         {&job.request_id, &job.profile_instance_id, &job.schema_name, &job.fields, &job.merge_policy_id})
        *text = row.text(at++);
    job.merge_policy_version = number(row, at++);
    job.dataset_id = row.text(at++);
    job.segment_per_batch = row.integer(at++);
    job.evaluate_segments = number(row, at++);
    job.has_filter = row.integer(at++);
    job.has_qualification_time = row.integer(at++);
    for (auto* const text :
         {&job.qualification_start_time, &job.qualification_end_time, &job.from_ingest_timestamp})
        *text = row.text(at++);
    job.empty_profiles = number(row, at++);
    job.attempt = row.integer(at++);
    job.attempts_used = row.integer(at++);
    job.staging_epoch = number(row, at++);
    job.publishing = row.integer(at++);
    job.commit_sequence = number(row, at++);
    job.engine_job_id = row.text(at++);
    for (auto* const value : {&job.exported, &job.candidates, &job.profile_export_start,
                              &job.profile_export_end, &job.dataset_write_start, &job.dataset_write_end,
                              &job.attempts_allowed, &job.attempt_deadline, &job.looked_at})
        *value = number(row, at++);
}

floor_reader::floor_reader(const std::filesystem::path& file, tenant owner)
    : database_(file, raw_database::role::reader),
      owner_(std::move(owner)),
      tenant_id_(database_.integer_of("select id from tenants where org = '" + owner_.org +
                                      "' and sandbox = '" + owner_.sandbox + "'")),
      begin_(database_, "begin"),
      end_(database_, "commit"),
      find_(database_, find_job),
      time_of_(database_, time_of_job),
      before_(database_, list_before),
      children_(database_) {}

bool floor_reader::find(std::int64_t id, floor_job& job) {
    begin_.run();
    find_.bind(1, id);
    find_.bind(2, tenant_id_);
    const bool found = find_.row();
    if (found) {
        read_floor_job(find_, owner_, job);
        children_.read({&job, 1});
        find_.reset();
    }
    end_.run();
    return found;
}

bool floor_reader::list(const cursor& after, std::size_t limit, std::vector<floor_job>& jobs) {
    begin_.run();
    time_of_.bind(1, after.id);
    if (!time_of_.row() || time_of_.integer(0) != after.creation_time)
        throw std::runtime_error("the floor pages from jobs that are there");
    time_of_.reset();
    jobs.reserve(limit);
    before_.bind(1, tenant_id_);
    before_.bind(2, after.id);
    before_.bind(3, static_cast<std::int64_t>(limit) + 1);
    bool more = false;
    while (!more && before_.row()) {
        more = jobs.size() == limit;
        if (!more) read_floor_job(before_, owner_, jobs.emplace_back());
    }
    before_.reset();
    children_.read(jobs);
    end_.run();
    return more;
}

} // namespace waybill::bench
