#include "segments/segment_tenants.hpp"

namespace waybill::segments {
namespace {

constexpr const char* select_tenant = R"(
select id
from tenants
where org = :org and sandbox = :sandbox)";

constexpr const char* insert_tenant = R"(
insert into tenants (org, sandbox)
values (:org, :sandbox))";

} // namespace

std::optional<std::int64_t> find_tenant(sql::connection& on, const tenant& owner) {
    auto rows = on.prepare(select_tenant);
    if (!rows.bind(":org", owner.org).bind(":sandbox", owner.sandbox).step()) return std::nullopt;
    return rows.integer(0);
}

std::int64_t known_tenant(sql::connection& on, const tenant& owner) {
    if (const auto known = find_tenant(on, owner)) return *known;
    on.prepare(insert_tenant).bind(":org", owner.org).bind(":sandbox", owner.sandbox).run();
    return on.last_insert_id();
}

} // namespace waybill::segments
