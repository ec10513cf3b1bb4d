// The numbers that a store hands out: epochs, job ids, commit sequences, creation times. None is ever handed
// out twice, also not after a crash or a restore: what may have been used stands, synced beforehand, in the
// lock file.
#pragma once

#include <cstdint>

#include <waybill/timestamp.hpp>

#include "sql/owner_lock.hpp"
#include "store/state_row.hpp"

namespace waybill::store {

class growing_numbers {
  public:
    /// Takes a new epoch and begins behind everything that lock file or database know of.
    growing_numbers(sql::owner_lock lock, const store_state& stored, std::int64_t block);
    growing_numbers(const growing_numbers&) = delete;
    growing_numbers& operator=(const growing_numbers&) = delete;
    /// Gives back what was reserved and not used.
    ~growing_numbers();

    std::int64_t epoch() const noexcept { return used_.epoch; }
    std::int64_t next_job_id();
    std::int64_t next_commit_sequence();
    /// Kept by the database alone: every transition is noted there before it can be seen.
    std::int64_t next_transition() { return ++last_transition_; }
    /// Publishing with this sequence was found on disk: later ones must be greater.
    void saw_commit_sequence(std::int64_t sequence);
    /// Never before an earlier one, also when the clock was turned back.
    timestamp next_creation_time(timestamp now);

    /// What the database must know before rows that carry these numbers may be removed.
    store_state used() const;

  private:
    sql::owner_lock lock_;
    sql::high_water_marks used_;
    std::int64_t last_creation_time_;
    std::int64_t last_transition_;
    std::int64_t block_;
};

} // namespace waybill::store
