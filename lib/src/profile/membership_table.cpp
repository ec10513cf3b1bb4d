#include "profile/membership_table.hpp"

#include "segments/member_rows.hpp"

namespace waybill::profile {
namespace {

constexpr const char* upsert_membership = R"(
insert into memberships (segment_id, profile_id, fragment_id, status)
values (:segment, :profile, :fragment, :status)
on conflict do update set status = excluded.status)";

constexpr const char* select_members = R"(
select profile_id
from memberships
where segment_id = :segment and profile_id > :after and status in (:first, :second, :third)
group by profile_id
order by profile_id
limit :limit)";

} // namespace

void add_membership(sql::connection& on, const new_membership& what) {
    on.prepare(upsert_membership)
        .bind(":segment", what.segment_id)
        .bind(":profile", what.profile_id)
        .bind(":fragment", what.fragment_id)
        .lend(":status", to_text(what.status))
        .run();
}

void read_members(sql::connection& on, std::int64_t segment_id, std::span<const membership_status> statuses,
                  std::int64_t after, std::int64_t limit, std::vector<std::int64_t>& out) {
    auto rows = on.prepare(select_members);
    rows.bind(":segment", segment_id).bind(":after", after).bind(":limit", limit);
    segments::bind_statuses(rows, statuses);
    while (rows.step())
        out.push_back(rows.integer(0));
}

} // namespace waybill::profile
