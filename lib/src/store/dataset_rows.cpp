#include "store/dataset_rows.hpp"

#include <string>

#include <waybill/job_store.hpp>

#include "sql/migrator.hpp"
#include "store/store_files.hpp"

namespace waybill::store {
namespace {

constexpr const char* set_output = R"(
insert into dataset_settings (tenant_id, dataset_id, format, compression)
values (:tenant_id, :dataset_id, :format, :compression)
on conflict (tenant_id, dataset_id) do update
set format = excluded.format, compression = excluded.compression)";

constexpr const char* find_output = R"(
select format, compression
from dataset_settings
where tenant_id = :tenant_id
    and dataset_id = :dataset_id)";

constexpr const char* list_settings = R"(
select s.format, s.compression, s.dataset_id
from dataset_settings s
where s.tenant_id = (select id from tenants where org = :org and sandbox = :sandbox)
order by s.dataset_id)";

dataset_output output_at(const sql::query& row) {
    const auto format = parse_dataset_format(row.view(0));
    const auto compression = parse_dataset_compression(row.view(1));
    if (format && compression) return {*format, *compression};
    throw store_failure(store_failure::kind::corrupt,
                        "a dataset is set to '" + row.text(0) + "', '" + row.text(1) + "'");
}

} // namespace

void dataset_rows::set(std::int64_t tenant_id, const dataset_settings& what) {
    on_.prepare(set_output)
        .bind(":tenant_id", tenant_id)
        .lend(":dataset_id", what.dataset_id)
        .bind(":format", to_text(what.output.format))
        .bind(":compression", to_text(what.output.compression))
        .run();
}

dataset_output dataset_rows::output_of(std::int64_t tenant_id, std::string_view dataset_id) {
    auto row = on_.prepare(find_output);
    row.bind(":tenant_id", tenant_id).lend(":dataset_id", dataset_id);
    return row.step() ? output_at(row) : dataset_output{};
}

std::vector<dataset_settings> dataset_rows::list(const tenant& owner) {
    auto rows = on_.prepare(list_settings);
    rows.lend(":org", owner.org).lend(":sandbox", owner.sandbox);
    std::vector<dataset_settings> all;
    while (rows.step())
        all.push_back({rows.text(2), output_at(rows)});
    return all;
}

} // namespace waybill::store

namespace waybill {

result<std::vector<dataset_settings>> read_dataset_settings(const std::filesystem::path& job_store,
                                                            const tenant& owner) {
    if (auto none = store::missing(job_store)) return *std::move(none);
    sql::connection on(job_store, sql::access::read);
    const auto known = sql::jobs_migrations();
    if (sql::check_schema(on, known) != known.back().version)
        return failure{errc::conflict,
                       job_store.string() +
                           ": its schema is older than this Waybill's; run 'waybill migrate up'",
                       {}};
    return store::dataset_rows(on).list(owner);
}

} // namespace waybill
