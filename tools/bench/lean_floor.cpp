#include "lean_floor.hpp"

namespace waybill::bench {
namespace {

constexpr const char* schema = R"(
create table jobs (
    id integer primary key,
    public_id text not null unique,
    tenant integer not null,
    creation_time integer not null,
    status text not null,
    request_id text not null,
    profile_instance_id text not null,
    schema_name text not null,
    fields text,
    merge_policy_id text not null,
    merge_policy_version integer,
    dataset_id text not null
);
create index jobs_by_creation on jobs (tenant, creation_time);
create table segments (
    job_id integer not null,
    position integer not null,
    segment_id text not null,
    segment_ns text not null,
    primary key (job_id, position)
) without rowid;
create table statuses (
    job_id integer not null,
    position integer not null,
    status_position integer not null,
    status text not null,
    primary key (job_id, position, status_position)
) without rowid)";

constexpr const char* insert_job = R"(
insert into jobs
values (?, ?, 1, ?, 'NEW', ?, ?, ?, ?, 'timestampOrdered-none-mp', 1, ?))";

constexpr const char* insert_segment = "insert into segments values (?, ?, ?, ?)";
constexpr const char* insert_status = "insert into statuses values (?, ?, ?, ?)";

} // namespace

lean_floor::database_with_schema::database_with_schema(const std::filesystem::path& file)
    : raw_database(file, role::writer) {
    execute("pragma foreign_keys = off");
    execute(schema);
}

lean_floor::lean_floor(const std::filesystem::path& file)
    : database_(file),
      begin_(database_, "begin immediate"),
      commit_(database_, "commit"),
      job_(database_, insert_job),
      segment_(database_, insert_segment),
      status_(database_, insert_status) {}

void lean_floor::insert(const new_export_job& request) {
    static constexpr char digits[] = "0123456789abcdef";
    const auto job = ++job_id_;
    auto number = static_cast<std::uint64_t>(job);
    for (std::size_t at = 32; at-- > 16; number >>= 4U)
        public_id_[at] = digits[number & 0xFU];
    job_.bind(1, job);
    job_.bind(2, public_id_);
    job_.bind(3, ++time_);
    job_.bind(4, request.request_id);
    job_.bind(5, request.profile_instance_id);
    job_.bind(6, request.schema_name);
    job_.bind(7, request.fields);
    job_.bind(8, request.dataset_id);
    job_.run();
    segment_.bind(1, job);
    status_.bind(1, job);
    std::int64_t position = 0;
    for (const auto& filter : request.filter->segments) {
        segment_.bind(2, position);
        segment_.bind(3, filter.segment_id);
        segment_.bind(4, filter.segment_ns);
        segment_.run();
        status_.bind(2, position++);
        std::int64_t status_position = 0;
        for (const auto status : filter.statuses) {
            status_.bind(3, status_position++);
            status_.bind(4, to_text(status));
            status_.run();
        }
    }
}

} // namespace waybill::bench
