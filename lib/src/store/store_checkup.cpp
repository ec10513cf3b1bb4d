#include <waybill/store_checkup.hpp>

#include <array>

#include "sql/migrator.hpp"
#include "sql/transaction.hpp"
#include "store/job_tables.hpp"
#include "store/wal_size.hpp"

namespace waybill {
namespace {

constexpr const char* journal_mode = "pragma journal_mode";
constexpr const char* auto_vacuum = "pragma auto_vacuum";
constexpr const char* page_size = "pragma page_size";

constexpr const char* compare_counts = R"(
select org, sandbox, status, kept, counted
from (
    select t.org, t.sandbox, s.status, coalesce(c.jobs, 0) as kept, (
        select count(*)
        from export_jobs j
        where j.tenant_id = t.id
            and j.status = s.status) as counted
    from tenants t
    join job_statuses s
    left join job_counts c on c.tenant_id = t.id and c.status = s.status)
where kept <> counted
order by org, sandbox, status)";

std::optional<failure> missing(const std::filesystem::path& file) {
    if (std::filesystem::is_regular_file(file)) return std::nullopt;
    return failure{errc::not_found, "there is no store " + file.string(), {}};
}

/// Nothing when it has the tables that this library knows.
std::optional<failure> outdated(sql::connection& store) {
    const auto known = sql::jobs_migrations();
    if (sql::check_schema(store, known) == known.back().version) return std::nullopt;
    return failure{errc::conflict,
                   store.file().string() +
                       ": its schema is older than this Waybill's; run 'waybill migrate up'",
                   {}};
}

} // namespace

result<file_settings> inspect_settings(const std::filesystem::path& file) {
    if (auto none = missing(file)) return *std::move(none);
    sql::connection store(file, sql::access::read);
    constexpr std::array modes{"none", "full", "incremental"};
    const auto vacuum = static_cast<std::size_t>(store.integer_of(auto_vacuum));
    return file_settings{store.text_of(journal_mode), vacuum < modes.size() ? modes.at(vacuum) : "unknown",
                         store.integer_of(page_size), waybill::store::wal_size(file)};
}

result<std::vector<std::string>> check_counts(const std::filesystem::path& job_store) {
    if (auto none = missing(job_store)) return *std::move(none);
    sql::connection store(job_store, sql::access::read);
    if (auto old = outdated(store)) return *std::move(old);
    std::vector<std::string> differences;
    auto rows = store.prepare(compare_counts); // one statement, so one state of the store
    while (rows.step())
        differences.push_back("job_counts says " + rows.text(3) + " jobs of " + rows.text(0) + ", sandbox " +
                              rows.text(1) + ", are " + rows.text(2) + "; there are " + rows.text(4));
    return differences;
}

result<dataset_claims> read_dataset_claims(const std::filesystem::path& job_store) {
    if (auto none = missing(job_store)) return *std::move(none);
    sql::connection store(job_store, sql::access::read);
    if (auto old = outdated(store)) return *std::move(old);
    const sql::snapshot one_state(store);
    store::job_tables tables(store);
    dataset_claims claims;
    for (auto& row : tables.jobs.at_work()) {
        claims.staged.push_back({row.job.id, row.job.attempt, row.staging_epoch.value_or(0)});
        if (!row.publishing) continue;
        tables.complete(row.job);
        for (const auto& batch : row.job.batches)
            claims.publishing.push_back(batch.batch_id);
    }
    return claims;
}

} // namespace waybill
