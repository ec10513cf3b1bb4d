#include "profile/event_table.hpp"

#include <limits>

namespace waybill::profile {
namespace {

constexpr const char* select_event = R"(
select id
from events
where dataset_id = :dataset and event_id = :event)";

constexpr const char* insert_event = R"(
insert into events (dataset_id, event_id, profile_id, occurred_at, ingest_time, record)
values (:dataset, :event, :profile, :occurred_at, :ingest_time, :record))";

constexpr const char* insert_event_identity = R"(
insert into event_identities (event_id, namespace_id, identity)
values (:event, :namespace, :identity))";

constexpr const char* select_events = R"(
select record
from events
where profile_id = :profile and ingest_time > :after and ingest_time < :before
order by occurred_at, event_id, id)";

constexpr const char* select_last_ingest = R"(
select max(ingest_time)
from events
where profile_id = :profile)";

std::int64_t milliseconds(timestamp moment) { return moment.time_since_epoch().count(); }

} // namespace

bool has_event(sql::connection& on, std::int64_t dataset_id, std::string_view event_id) {
    auto rows = on.prepare(select_event);
    return rows.bind(":dataset", dataset_id).bind(":event", event_id).step();
}

std::int64_t add_event(sql::connection& on, const new_event& what) {
    on.prepare(insert_event)
        .bind(":dataset", what.dataset_id)
        .bind(":event", what.event_id)
        .bind(":profile", what.profile_id)
        .bind(":occurred_at", milliseconds(what.occurred_at))
        .bind(":ingest_time", milliseconds(what.ingest_time))
        .bind(":record", what.record)
        .run();
    return on.last_insert_id();
}

void add_event_identity(sql::connection& on, std::int64_t event_row, std::int64_t namespace_id,
                        std::string_view identity) {
    auto fresh = on.prepare(insert_event_identity);
    fresh.bind(":event", event_row).bind(":namespace", namespace_id).bind(":identity", identity).run();
}

event_rows::event_rows(sql::connection& on, std::int64_t profile_id, std::optional<timestamp> after,
                       std::optional<timestamp> before)
    : rows_(on.prepare(select_events)) {
    using limits = std::numeric_limits<std::int64_t>;
    rows_.bind(":profile", profile_id)
        .bind(":after", after ? milliseconds(*after) : limits::min())
        .bind(":before", before ? milliseconds(*before) : limits::max());
}

std::optional<timestamp> last_event_ingest(sql::connection& on, std::int64_t profile_id) {
    auto rows = on.prepare(select_last_ingest);
    if (!rows.bind(":profile", profile_id).step() || rows.is_null(0)) return std::nullopt;
    return timestamp{std::chrono::milliseconds{rows.integer(0)}};
}

} // namespace waybill::profile
