#include "profile/event_table.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <tuple>
#include <vector>

#include "model/milliseconds.hpp"

namespace waybill::profile {
namespace {

constexpr const char* select_event = R"(
select id
from events
where dataset_id = :dataset and event_id = :event)";

constexpr const char* insert_event = R"(
insert into events (dataset_id, event_id, profile_id, namespace, occurred_at, ingest_time, record)
values (:dataset, :event, :profile, :namespace, :occurred_at, :ingest_time, :record))";

constexpr const char* insert_event_identity = R"(
insert into event_identities (event_id, namespace_id, identity)
values (:event, :namespace, :identity))";

constexpr const char* select_events = R"(
select record, occurred_at, event_id, id
from events
where profile_id = :profile and ingest_time > :after and ingest_time < :before
order by occurred_at, event_id, id)";

// Those of one time are put in order when they are there: a statement that did would sort each profile's.
constexpr const char* select_all_events = R"(
select record, occurred_at, event_id, id
from events
where profile_id = :profile
order by occurred_at)";

constexpr int event_columns = 4;
constexpr const char* select_events_from = R"(
select record, occurred_at, event_id, id, profile_id
from events
where profile_id >= :profile
order by profile_id, occurred_at)";

constexpr const char* select_last_ingest = R"(
select max(ingest_time)
from events
where profile_id = :profile)";

constexpr const char* select_changed_events = R"(
select events.profile_id
from datasets
join events indexed by events_by_ingest on events.dataset_id = datasets.id
where datasets.tenant_id = :tenant and events.ingest_time > :after
limit :limit)";

} // namespace

bool has_event(sql::connection& on, std::int64_t dataset_id, std::string_view event_id) {
    auto rows = on.prepare(select_event);
    return rows.bind(":dataset", dataset_id).lend(":event", event_id).step();
}

std::int64_t add_event(sql::connection& on, const new_event& what) {
    on.prepare(insert_event)
        .bind(":dataset", what.dataset_id)
        .lend(":event", what.event_id)
        .bind(":profile", what.profile_id)
        .bind(":namespace", what.ns)
        .bind(":occurred_at", to_integer(what.occurred_at))
        .bind(":ingest_time", to_integer(what.ingest_time))
        .lend(":record", what.record)
        .run();
    return on.last_insert_id();
}

void add_event_identity(sql::connection& on, std::int64_t event_row, std::int64_t namespace_id,
                        std::string_view identity) {
    auto fresh = on.prepare(insert_event_identity);
    fresh.bind(":event", event_row).bind(":namespace", namespace_id).lend(":identity", identity).run();
}

void read_changed_by_events(sql::connection& on, std::int64_t tenant_id, timestamp after, std::int64_t limit,
                            std::vector<std::int64_t>& out) {
    auto rows = on.prepare(select_changed_events);
    rows.bind(":tenant", tenant_id).bind(":after", to_integer(after)).bind(":limit", limit);
    while (rows.step())
        out.push_back(rows.integer(0));
}

namespace {

bool earlier(const kept_event& a, const kept_event& b) {
    return std::tie(a.occurred_at, a.event_id, a.id) < std::tie(b.occurred_at, b.event_id, b.id);
}

} // namespace

void read_events(sql::connection& on, std::span<const std::int64_t> profiles, std::optional<timestamp> after,
                 std::optional<timestamp> before, const event_sink& sink) {
    using limits = std::numeric_limits<std::int64_t>;
    std::vector<kept_event> kept;
    auto rows = on.prepare(select_events);
    for (const auto profile : profiles) {
        rows.bind(":profile", profile)
            .bind(":after", after ? to_integer(*after) : limits::min())
            .bind(":before", before ? to_integer(*before) : limits::max());
        while (rows.step()) {
            if (profiles.size() == 1)
                sink(rows.view(0), to_timestamp(rows.integer(1)));
            else
                kept.push_back({rows.integer(1), rows.text(2), rows.integer(3), rows.text(0)});
        }
        rows.reset();
    }
    std::sort(kept.begin(), kept.end(), earlier);
    for (const auto& event : kept)
        sink(event.record, to_timestamp(event.occurred_at));
}

event_rows::event_rows(sql::connection& on)
    : walk_(on, {select_all_events, select_events_from, event_columns}) {}

void event_rows::read(std::span<const std::int64_t> profiles) {
    size_ = 0;
    walk_.read(profiles, [this](const sql::query& row) {
        if (size_ == rows_.size()) rows_.emplace_back();
        auto& taken = rows_[size_++];
        taken.record.assign(row.view(0));
        taken.occurred_at = row.integer(1);
        taken.event_id.assign(row.view(2));
        taken.id = row.integer(3);
    });
    const auto end = rows_.begin() + static_cast<std::ptrdiff_t>(size_);
    if (!std::is_sorted(rows_.begin(), end, earlier)) std::sort(rows_.begin(), end, earlier);
}

std::optional<timestamp> last_event_ingest(sql::connection& on, std::span<const std::int64_t> profiles) {
    std::optional<std::int64_t> last;
    auto rows = on.prepare(select_last_ingest);
    for (const auto profile : profiles) {
        if (rows.bind(":profile", profile).step()) last = std::max(last, rows.maybe_integer(0));
        rows.reset();
    }
    if (!last) return std::nullopt;
    return to_timestamp(*last);
}

} // namespace waybill::profile
