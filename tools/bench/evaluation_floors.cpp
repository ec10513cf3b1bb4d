#include "evaluation_floors.hpp"

#include <cstring>
#include <stdexcept>
#include <string_view>

#include "evaluated_segments.hpp"

namespace waybill::bench {
namespace {

// A cross join keeps the order of its tables: the profiles by their ids.
constexpr const char* select_records = R"(
select profiles.id, fragments.record
from profiles indexed by profiles_by_tenant
cross join fragments on fragments.profile_id = profiles.id
where profiles.tenant_id = (select id from tenants where org = ? and sandbox = ?)
order by profiles.id)";

// Only who has the city is looked at for the tier. In these people's records nothing has to be merged.
constexpr const char* count_members = R"(
select count(*)
from profiles indexed by profiles_by_tenant
cross join fragments as home on home.profile_id = profiles.id
where profiles.tenant_id = (select id from tenants where org = ? and sandbox = ?)
    and json_extract(home.record, '$.homeAddress.city') = 'Lisboa'
    and exists (select 1
                from fragments as loyal
                where loyal.profile_id = profiles.id
                    and json_extract(loyal.record, '$.loyalty.tier') = 'gold'))";

constexpr const char* select_events = R"(
select events.record, events.occurred_at
from profiles indexed by profiles_by_tenant
cross join events indexed by events_by_profile on events.profile_id = profiles.id
where profiles.tenant_id = (select id from tenants where org = ? and sandbox = ?)
order by profiles.id, events.occurred_at)";

constexpr const char* count_chains = R"(
select count(*)
from profiles
where tenant_id = (select id from tenants where org = ? and sandbox = ?)
    and exists (select 1
                from events as first indexed by events_by_profile
                join events as second indexed by events_by_profile
                    on second.profile_id = first.profile_id and second.occurred_at > first.occurred_at
                where first.profile_id = profiles.id and first.occurred_at >= ? and first.occurred_at < ?
                    and json_extract(first.record, '$.eventType') = 'commerce.purchases'
                    and json_extract(second.record, '$.web.webPageDetails.name') = 'account'))";

void bind_owner(raw_statement& to, const tenant& owner) {
    to.bind(1, std::string_view(owner.org));
    to.bind(2, std::string_view(owner.sandbox));
}

bool has(std::string_view text, const char* literal) {
    return ::memmem(text.data(), text.size(), literal, std::strlen(literal)) != nullptr;
}

std::int64_t count_of(raw_statement& rows) {
    if (!rows.row()) throw std::runtime_error("floor: nothing was counted");
    const auto count = rows.integer(0);
    rows.reset();
    return count;
}

} // namespace

floor_evaluator::floor_evaluator(const std::filesystem::path& profiles, const tenant& owner,
                                 std::span<const char* const> literals)
    : database_(profiles, raw_database::role::reader),
      records_(database_, select_records),
      literals_(literals) {
    bind_owner(records_, owner);
}

std::int64_t floor_evaluator::run() {
    const auto all = (std::uint64_t{1} << literals_.size()) - 1;
    std::int64_t members = 0;
    std::int64_t of_profile = 0;
    std::uint64_t found = 0;
    while (records_.row()) {
        if (const auto profile = records_.integer(0); profile != of_profile) {
            members += found == all ? 1 : 0;
            of_profile = profile;
            found = 0;
        }
        const auto record = records_.text(1);
        for (std::size_t i = 0; i < literals_.size(); ++i)
            if ((found >> i & 1U) == 0 && has(record, literals_[i])) found |= std::uint64_t{1} << i;
    }
    return members + (found == all ? 1 : 0);
}

json_functions::json_functions(const std::filesystem::path& profiles, const tenant& owner)
    : database_(profiles, raw_database::role::reader), members_(database_, count_members) {
    bind_owner(members_, owner);
}

std::int64_t json_functions::run() { return count_of(members_); }

floor_event_reader::floor_event_reader(const std::filesystem::path& profiles, const tenant& owner)
    : database_(profiles, raw_database::role::reader), events_(database_, select_events) {
    bind_owner(events_, owner);
}

std::int64_t floor_event_reader::run() {
    std::int64_t events = 0;
    std::int64_t latest = 0;
    std::size_t bytes = 0;
    while (events_.row()) {
        bytes += events_.text(0).size();
        latest = std::max(latest, events_.integer(1));
        ++events;
    }
    if (bytes == 0 || latest == 0) throw std::runtime_error("floor: there are no events");
    return events;
}

std::int64_t members_of_the_chain(const std::filesystem::path& profiles, const tenant& owner) {
    raw_database store(profiles, raw_database::role::reader);
    raw_statement members(store, count_chains);
    bind_owner(members, owner);
    const auto now = end_of_events.time_since_epoch();
    members.bind(3, std::int64_t{(now - std::chrono::days{90}) / std::chrono::milliseconds{1}});
    members.bind(4, std::int64_t{now.count()});
    return count_of(members);
}

} // namespace waybill::bench
