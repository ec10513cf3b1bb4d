#include "floor_writer.hpp"

#include <waybill/job_store.hpp>

namespace waybill::bench {
namespace {

constexpr const char* insert_job = R"(
insert into export_jobs (
    id, tenant_id, creation_time, update_time, request_id, profile_instance_id, schema_name, fields,
    merge_policy_id, merge_policy_version, dataset_id, segment_per_batch, has_filter, has_qualification_time)
values (?1, ?2, ?3, ?3, ?4, ?5, ?6, ?7, 'timestampOrdered-none-mp', 1, ?8, 0, 1, 0))";

constexpr const char* insert_segment = R"(
insert into segment_filters (job_id, position, segment_id, segment_ns)
values (?, ?, ?, ?))";

constexpr const char* insert_status = R"(
insert into segment_filter_statuses (job_id, position, status_position, status)
values (?, ?, ?, ?))";

constexpr const char* insert_batch = R"(
insert into export_batches (job_id, position, batch_id)
values (?, 0, ?))";

constexpr const char* insert_transition = R"(
insert into job_transitions (sequence, job_id, from_status, to_status, at, attempt, epoch, actor, reason)
values (?, ?, ?, ?, ?, ?, ?, ?, ?))";

} // namespace

void make_empty_store(const std::filesystem::path& file, const tenant& owner) {
    job_store::open({.file = file}).value();
    raw_database made(file, raw_database::role::writer);
    made.execute("insert into tenants (org, sandbox) values ('" + owner.org + "', '" + owner.sandbox + "')");
}

floor_numbers read_numbers(raw_database& from) {
    floor_numbers numbers;
    numbers.tenant = from.integer_of("select min(id) from tenants");
    numbers.epoch = from.integer_of("select epoch from store_state");
    numbers.job = from.integer_of("select max(id) from export_jobs");
    numbers.transition = from.integer_of("select max(sequence) from job_transitions");
    numbers.commit_sequence = from.integer_of("select last_commit_sequence from store_state");
    numbers.time = from.integer_of("select max(creation_time) from export_jobs");
    if (numbers.time == 0) numbers.time = wall_clock().time_since_epoch().count();
    numbers.store_id = from.text_of("select store_id from store_state");
    return numbers;
}

floor_writer::floor_writer(const std::filesystem::path& file)
    : database_(file, raw_database::role::writer),
      numbers_(read_numbers(database_)),
      batch_id_(numbers_.store_id + std::string(16, '0')),
      begin_(database_, "begin immediate"),
      commit_(database_, "commit"),
      job_(database_, insert_job),
      segment_(database_, insert_segment),
      status_(database_, insert_status),
      batch_(database_, insert_batch),
      transition_(database_, insert_transition) {}

void floor_writer::insert(const new_export_job& request) {
    const auto job = ++numbers_.job;
    job_.bind(1, job);
    job_.bind(2, numbers_.tenant);
    job_.bind(3, ++numbers_.time);
    job_.bind(4, request.request_id);
    job_.bind(5, request.profile_instance_id);
    job_.bind(6, request.schema_name);
    job_.bind(7, request.fields);
    job_.bind(8, request.dataset_id);
    job_.run();
    insert_segments(job, request.filter->segments);
    write_batch_id(job);
    batch_.bind(1, job);
    batch_.bind(2, batch_id_);
    batch_.run();
    append_transition(job, nullptr, "NEW", 0, "client", "created");
}

void floor_writer::insert_segments(std::int64_t job, const std::vector<segment_filter>& segments) {
    segment_.bind(1, job);
    status_.bind(1, job);
    std::int64_t position = 0;
    for (const auto& segment : segments) {
        segment_.bind(2, position);
        segment_.bind(3, segment.segment_id);
        segment_.bind(4, segment.segment_ns);
        segment_.run();
        status_.bind(2, position++);
        std::int64_t status_position = 0;
        for (const auto status : segment.statuses) {
            status_.bind(3, status_position++);
            status_.bind(4, to_text(status));
            status_.run();
        }
    }
}

void floor_writer::append_transition(std::int64_t job, const char* from, const char* to, std::int64_t attempt,
                                     const char* actor, const char* reason) {
    transition_.bind(1, ++numbers_.transition);
    transition_.bind(2, job);
    if (from)
        transition_.bind(3, std::string_view(from));
    else
        transition_.bind_null(3);
    transition_.bind(4, std::string_view(to));
    transition_.bind(5, numbers_.time);
    transition_.bind(6, attempt);
    transition_.bind(7, numbers_.epoch);
    transition_.bind(8, std::string_view(actor));
    transition_.bind(9, std::string_view(reason));
    transition_.run();
}

/// The store's id, twelve digits of the job's, four of the batch's place.
void floor_writer::write_batch_id(std::int64_t job) {
    static constexpr char digits[] = "0123456789abcdef";
    auto number = static_cast<std::uint64_t>(job);
    for (std::size_t at = 28; at-- > 16; number >>= 4U)
        batch_id_[at] = digits[number & 0xFU];
}

} // namespace waybill::bench
