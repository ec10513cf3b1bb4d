#include <algorithm>
#include <array>
#include <iterator>

#include "store/job_columns.hpp"

namespace waybill::store {
namespace {

// A few statements, each driven by one index and read from the highest id down; what else is asked for is
// looked at row by row. `indexed by`: what `analyze` has seen must not lead a tenant's page through the rows
// of others.

constexpr const char* list_all = WAYBILL_SELECT_JOB R"(indexed by export_jobs_by_tenant
where j.tenant_id = :tenant_id
    and j.id >= :from
    and j.id < :before
order by j.id desc
limit :limit)";

constexpr const char* list_status = WAYBILL_SELECT_JOB R"(indexed by export_jobs_by_status
where j.tenant_id = :tenant_id
    and j.status = :status
    and j.held = :held
    and j.id >= :from
    and j.id < :before
order by j.id desc
limit :limit)";

// By dataset or segment the ids are read a stretch at a time, as the two indexes are built: their entries of
// one stretch lie together, so that a create writes to few pages.
constexpr int stretch_bits = 10;

constexpr const char* list_dataset = WAYBILL_SELECT_JOB R"(indexed by export_jobs_by_dataset
where j.id >> 10 = :stretch
    and j.tenant_id = :tenant_id
    and j.dataset_id = :dataset_id
    and j.id >= :from
    and j.id < :before
    and (:statuses is null or instr(:statuses, ',' || j.status || ',') > 0)
order by j.id desc
limit :limit)";

// `group by`, for a job may name the same segment in several namespaces.
constexpr const char* list_segment = "select " WAYBILL_JOB_COLUMNS R"(
from segment_filters f indexed by segment_filters_by_segment
cross join export_jobs j on j.id = f.job_id
where f.job_id >> 10 = :stretch
    and f.segment_id = :segment_id
    and f.job_id >= :from
    and f.job_id < :before
    and j.tenant_id = :tenant_id
    and (:dataset_id is null or j.dataset_id = :dataset_id)
    and (:statuses is null or instr(:statuses, ',' || j.status || ',') > 0)
group by f.job_id
order by f.job_id desc
limit :limit)";

// Of the tenant's unfinished jobs, which are bounded.
constexpr const char* find_evaluating = R"(
select j.id
from export_jobs j indexed by export_jobs_by_status
where j.tenant_id = :tenant_id
    and j.status = :status
    and j.evaluate_segments = 1
    and exists (
        select 1
        from segment_filters f
        where f.job_id = j.id
            and f.segment_id = :segment_id
            and lower(f.segment_ns) = 'ups')
limit 1)";

/// `,NEW,FAILED,`; nothing when any status will do.
std::optional<std::string> status_list(const std::vector<job_status>& statuses) {
    if (statuses.empty()) return std::nullopt;
    std::string list = ",";
    for (const auto status : statuses)
        (list += to_text(status)) += ',';
    return list;
}

void bind_common(sql::query& rows, const list_filter& which) {
    rows.bind(":tenant_id", which.tenant_id)
        .bind(":from", which.ids.from)
        .bind(":before", which.ids.before)
        .bind(":limit", static_cast<std::int64_t>(which.limit));
}

void add_jobs(sql::query& rows, const tenant& owner, std::vector<export_job>& jobs) {
    while (rows.step())
        read_job(rows, owner, jobs.emplace_back());
}

std::vector<export_job> room_for(std::size_t limit) {
    constexpr std::size_t at_first = 1'024; // a limit may be any number
    std::vector<export_job> jobs;
    jobs.reserve(std::min(limit, at_first));
    return jobs;
}

} // namespace

std::vector<export_job> job_rows::list(const list_filter& which) {
    if (which.segment_id || which.dataset_id) return list_by_stretches(which);
    if (!which.statuses.empty()) return list_of_statuses(which);
    auto rows = on_.prepare(list_all);
    bind_common(rows, which);
    auto jobs = room_for(which.limit);
    add_jobs(rows, which.owner, jobs);
    return jobs;
}

std::optional<job_id> job_rows::evaluating(std::int64_t tenant_id, std::string_view segment) {
    auto row = on_.prepare(find_evaluating);
    for (const auto status : all_job_statuses) {
        if (is_final(status)) continue;
        row.reset();
        row.bind(":tenant_id", tenant_id).bind(":status", to_text(status)).bind(":segment_id", segment);
        if (row.step()) return row.integer(0);
    }
    return std::nullopt;
}

/// A stretch without any job is stepped over; one without a job that is asked for costs a seek.
std::vector<export_job> job_rows::list_by_stretches(const list_filter& which) {
    auto rows = on_.prepare(which.segment_id ? list_segment : list_dataset);
    const auto statuses = status_list(which.statuses);
    auto jobs = room_for(which.limit);
    auto left = which;
    creation_order order(on_);
    while (const auto newest = order.last_before(left.ids.before)) {
        const auto stretch = *newest >> stretch_bits;
        rows.reset();
        bind_common(rows, left);
        rows.bind(":stretch", stretch).lend(":dataset_id", which.dataset_id).lend(":statuses", statuses);
        if (which.segment_id) rows.lend(":segment_id", which.segment_id);
        add_jobs(rows, which.owner, jobs);
        left.limit = which.limit - jobs.size();
        left.ids.before = stretch << stretch_bits;
        if (left.limit == 0 || left.ids.before <= left.ids.from) break;
    }
    return jobs;
}

/// Each status by itself, merged: an `in` would read them all and sort.
std::vector<export_job> job_rows::list_of_statuses(const list_filter& which) {
    const auto newer = [](const export_job& left, const export_job& right) { return left.id > right.id; };
    list_filter branch = which;
    std::vector<export_job> merged;
    for (const auto status : which.statuses) {
        for (const bool held : {false, true}) {
            if (held && status != job_status::new_) continue; // nothing else waits for a backoff to end
            auto rows = on_.prepare(list_status);
            bind_common(rows, branch);
            rows.bind(":status", to_text(status)).bind(":held", std::int64_t{held});
            std::vector<export_job> more;
            add_jobs(rows, which.owner, more);
            if (more.empty()) continue;
            const auto middle = std::ssize(merged);
            std::move(more.begin(), more.end(), std::back_inserter(merged));
            std::inplace_merge(merged.begin(), merged.begin() + middle, merged.end(), newer);
            if (merged.size() < which.limit) continue;
            merged.resize(which.limit);
            branch.ids.from = merged.back().id; // what is older has no place on the page any more
        }
    }
    return merged;
}

} // namespace waybill::store
