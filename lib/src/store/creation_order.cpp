#include "store/creation_order.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>

namespace waybill::store {
namespace {

constexpr auto behind_all = std::numeric_limits<job_id>::max();

// `not indexed`, which means by id: what `analyze` has seen of a small store must not change that.
constexpr const char* next_job = R"(
select id, creation_time
from export_jobs not indexed
where id >= :id
order by id
limit 1)";

constexpr const char* previous_job = R"(
select id, creation_time
from export_jobs not indexed
where id < :id
order by id desc
limit 1)";

std::optional<cursor> neighbour(sql::connection& on, const char* which, job_id id) {
    auto row = on.prepare(which);
    row.bind(":id", id);
    if (!row.step()) return std::nullopt;
    return cursor{row.integer(1), row.integer(0)};
}

} // namespace

job_id creation_order::first_at(std::int64_t creation_time) {
    const auto newest = neighbour(on_, previous_job, behind_all);
    if (!newest || newest->creation_time < creation_time) return behind_all;
    job_id low = 0, high = newest->id; // from `high` on all are late enough
    while (low < high) {
        const auto middle = std::midpoint(low, high);
        if (const auto next = neighbour(on_, next_job, middle); next->creation_time < creation_time)
            low = next->id + 1;
        else
            high = middle;
    }
    return low;
}

std::optional<job_id> creation_order::last_before(job_id id) {
    const auto previous = neighbour(on_, previous_job, id);
    return previous ? std::optional(previous->id) : std::nullopt;
}

/// The lowest id at or before the position in the listing, which goes down.
job_id creation_order::first_from(const cursor& position) {
    // A cursor that a page has told lies between its neighbours, whether or not its job is still there.
    const auto next = neighbour(on_, next_job, position.id);
    const auto previous = neighbour(on_, previous_job, position.id);
    if ((!next || next->creation_time >= position.creation_time) &&
        (!previous || previous->creation_time <= position.creation_time))
        return position.id;
    const auto at = first_at(position.creation_time);
    const auto behind = position.creation_time == std::numeric_limits<std::int64_t>::max()
                            ? behind_all
                            : first_at(position.creation_time + 1);
    return std::clamp(position.id, at, behind);
}

id_range creation_order::range_of(const job_query& query) {
    id_range range{0, behind_all};
    if (query.after) range.before = first_from(*query.after);
    if (query.created_before)
        range.before = std::min(range.before, first_at(query.created_before->time_since_epoch().count()));
    if (query.created_after) range.from = first_at(query.created_after->time_since_epoch().count());
    return range;
}

} // namespace waybill::store
