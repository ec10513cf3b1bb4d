#include "store/child_rows.hpp"

namespace waybill::store {
namespace {

constexpr const char* raise_counter = R"(
insert into namespace_counters (job_id, namespace, profiles)
values (:job_id, :namespace, :profiles)
on conflict (job_id, namespace) do update
set profiles = max(profiles, excluded.profiles))";

constexpr const char* clear_counters = R"(
delete from namespace_counters
where job_id = :job_id)";

constexpr const char* read_counters = R"(
select job_id, namespace, profiles
from namespace_counters
where job_id between :lowest and :highest
order by job_id, namespace)";

} // namespace

void counter_rows::raise(job_id job, std::span<const std::pair<std::string, std::int64_t>> counters) {
    auto row = on_.prepare(raise_counter);
    for (const auto& [ns, profiles] : counters) {
        row.reset();
        row.bind(":job_id", job).bind(":namespace", ns).bind(":profiles", profiles).run();
    }
}

void counter_rows::clear(job_id job) { on_.prepare(clear_counters).bind(":job_id", job).run(); }

void counter_rows::read(job_run jobs) {
    // Before the first attempt there is nothing to count.
    if (!jobs.any([](const export_job& job) { return job.metrics.exported.has_value(); })) return;
    auto rows = on_.prepare(read_counters);
    rows.bind(":lowest", jobs.lowest()).bind(":highest", jobs.highest());
    while (rows.step())
        if (auto* const job = jobs.find(rows.integer(0)))
            job->metrics.exported_by_namespace.emplace_back(rows.text(1), rows.integer(2));
}

} // namespace waybill::store
