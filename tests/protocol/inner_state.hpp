// What a running host keeps in memory and hides: the lifecycle's attempts and times, the store's numbers. The
// model takes it out to tell states apart, and puts it back to go on from a state in another way.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include <waybill/job_store.hpp>
#include <waybill/lifecycle.hpp>

#include "lifecycle/attempt_track.hpp"
#include "sql/connection.hpp"
#include "sql/owner_lock.hpp"

namespace waybill::test {

struct driver_state {
    std::map<staging_key, attempt_track> tracks;
    std::map<job_id, lifecycle::time_point> held;
    lifecycle::time_point sweep_at{};
    std::optional<lifecycle::time_point> upkeep_at;
    std::optional<lifecycle::time_point> put_back_at;
};

driver_state state_of(lifecycle& driver);
void bring_back(lifecycle& driver, const driver_state& then);

struct number_state {
    sql::high_water_marks used;
    sql::high_water_marks marks; ///< of the lock
    std::int64_t last_creation_time = 0;
    std::int64_t last_transition = 0;
};

number_state numbers_of(job_store& store);
void bring_back(job_store& store, const number_state& then);

/// The one write connection: what is asked there is answered also from within a transaction.
sql::connection& database_of(job_store& store);

/// Makes the lock file tell the marks as a crash would leave them, or as an end in order does.
void write_marks(job_store& store, bool in_order);

} // namespace waybill::test
