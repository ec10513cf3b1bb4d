#include "profile/fragment_table.hpp"

#include <algorithm>
#include <tuple>

namespace waybill::profile {
namespace {

constexpr const char* select_fragment = R"(
select id, ingest_time, identity_map, record
from fragments
where profile_id = :profile and dataset_id = :dataset)";

constexpr const char* delete_fragment = R"(
delete from fragments
where id = :id)";

// The id says the order of import, so a replacement is a new row with an id above all others.
constexpr const char* insert_fragment = R"(
insert into fragments (profile_id, dataset_id, ingest_time, identity_map, record)
values (:profile, :dataset, :ingest_time, :identity_map, :record))";

constexpr const char* insert_fragment_identity = R"(
insert into fragment_identities (fragment_id, namespace_id, identity)
values (:fragment, :namespace, :identity))";

constexpr const char* select_fragments = R"(
select id, dataset_id, ingest_time, identity_map, record
from fragments
where profile_id = :profile)";

constexpr int fragment_columns = 5;
constexpr const char* select_fragments_from = R"(
select id, dataset_id, ingest_time, identity_map, record, profile_id
from fragments
where profile_id >= :profile
order by profile_id)";

constexpr const char* select_changed_records = R"(
select fragments.profile_id
from datasets
join fragments indexed by fragments_by_ingest on fragments.dataset_id = datasets.id
where datasets.tenant_id = :tenant and fragments.ingest_time > :after
limit :limit)";

} // namespace

std::int64_t add_fragment(sql::connection& on, const new_fragment& what) {
    auto fresh = on.prepare(insert_fragment);
    fresh.bind(":profile", what.profile_id)
        .bind(":dataset", what.dataset_id)
        .bind(":ingest_time", what.ingest_time.time_since_epoch().count())
        .lend(":identity_map", what.identity_map)
        .lend(":record", what.record)
        .run();
    return on.last_insert_id();
}

kept_fragment keep_fragment(sql::connection& on, const new_fragment& what) {
    std::optional<std::int64_t> earlier;
    {
        auto rows = on.prepare(select_fragment);
        if (rows.bind(":profile", what.profile_id).bind(":dataset", what.dataset_id).step()) {
            if (rows.integer(1) > what.ingest_time.time_since_epoch().count()) return {};
            if (rows.view(3) == what.record && rows.view(2) == what.identity_map) return {};
            earlier = rows.integer(0);
        }
    }
    if (earlier) on.prepare(delete_fragment).bind(":id", *earlier).run();
    return {add_fragment(on, what), earlier.has_value()};
}

void add_fragment_identity(sql::connection& on, std::int64_t fragment_id, std::int64_t namespace_id,
                           std::string_view identity) {
    auto fresh = on.prepare(insert_fragment_identity);
    fresh.bind(":fragment", fragment_id).bind(":namespace", namespace_id).lend(":identity", identity).run();
}

void read_changed_by_records(sql::connection& on, std::int64_t tenant_id, timestamp after, std::int64_t limit,
                             std::vector<std::int64_t>& out) {
    auto rows = on.prepare(select_changed_records);
    rows.bind(":tenant", tenant_id).bind(":after", after.time_since_epoch().count()).bind(":limit", limit);
    while (rows.step())
        out.push_back(rows.integer(0));
}

fragment_rows::fragment_rows(sql::connection& on)
    : walk_(on, {select_fragments, select_fragments_from, fragment_columns}) {}

void fragment_rows::read(std::span<const std::int64_t> profiles) {
    size_ = 0;
    walk_.read(profiles, [this](const sql::query& rows) {
        if (size_ == rows_.size()) rows_.emplace_back();
        auto& row = rows_[size_++];
        row.id = rows.integer(0);
        row.dataset_id = rows.integer(1);
        row.ingest_time = timestamp{std::chrono::milliseconds{rows.integer(2)}};
        row.identity_map.assign(rows.view(3));
        row.record.assign(rows.view(4));
    });
    std::sort(rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(size_),
              [](const fragment& a, const fragment& b) {
                  return std::tie(a.ingest_time, a.id) < std::tie(b.ingest_time, b.id);
              });
}

} // namespace waybill::profile
