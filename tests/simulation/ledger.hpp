// What must be in a simulated store: every job that was acknowledged, and what may have become of it. Looks
// at the store's file beside its owner and throws `broken_promise` when it differs, or when something moved
// that may not.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <waybill/job_store.hpp>

#include "simulation/mortal_process.hpp"
#include "sql/connection.hpp"

namespace waybill::test {

struct known_job {
    tenant owner;
    std::string dataset_id;
    std::vector<std::string> batch_ids;
    timestamp created{};
    timestamp changed{};
    job_status status = job_status::new_;
    std::int64_t attempt = 0;
    std::int64_t exported = -1;
    bool held = false;
    bool publishing = false;
    bool noted = false;  ///< its creation was seen in the timeline
    bool cancel = false; ///< a cancel of it was acknowledged
};

struct known_key {
    std::string fingerprint;
    job_id job = 0;
    timestamp made{};
    bool may_be_forgotten = false; ///< it was old enough once, by a clock that jumps
};

/// What a backup remembers.
struct remembered {
    std::map<job_id, known_job> jobs;
    std::map<std::pair<tenant, std::string>, known_key> keys;
};

/// What a store may remove by itself.
struct retention_now {
    std::vector<retention_rule> rules;
    timestamp now{};
    std::int64_t attempts = 0; ///< that a job may use
};

class ledger {
  public:
    // What clients were told.
    void created(const export_job& job, const std::optional<idempotency_key>& once);
    void cancelled(job_id id, cancel_outcome outcome);
    /// What a cancel of this job must answer.
    result<cancel_outcome> expected_cancel(const tenant& owner, job_id id, timestamp now) const;
    /// What a create with this key must answer: the job, 0 for a conflict, nothing for a new job; nothing at
    /// all when both may be.
    struct expected_create {
        std::optional<job_id> known{};
        bool either = false;
    };
    expected_create expect(const tenant& owner, const idempotency_key& once, timestamp now) const;
    void clock_is(timestamp now);

    /// A process has opened the store.
    void opened(sql::connection& on, std::int64_t epoch, const retention_now& keep);
    /// Compares; cheap when nothing was written since.
    void look(sql::connection& on, const retention_now& keep);
    /// The same, whether or not anything was written, in whatever transaction the connection is.
    void look_again(sql::connection& on, const retention_now& keep);
    /// After a recovery: every attempt is this epoch's.
    void recovered(sql::connection& on);

    void restored(const remembered& then);
    remembered remember() const { return {jobs_, keys_}; }

    const std::map<job_id, known_job>& jobs() const { return jobs_; }
    /// Jobs that were removed when they had not succeeded: their batches never show.
    const std::set<job_id>& ended_badly() const { return ended_badly_; }
    std::int64_t epoch() const { return epoch_; }

  private:
    void read_moves(sql::connection& on);
    void read_jobs(sql::connection& on, const retention_now& keep);
    void compare(sql::query& row, known_job& job, job_id id, const retention_now& keep) const;
    void gone(job_id id, const known_job& job, const retention_now& keep);
    void read_counts(sql::connection& on) const;

    std::map<job_id, known_job> jobs_;
    std::map<std::pair<tenant, std::string>, known_key> keys_;
    std::set<job_id> ended_badly_;
    std::set<job_id> asked_away_; ///< a client was told that they are removed
    std::set<std::pair<job_id, std::pair<std::int64_t, std::int64_t>>> attempts_; ///< job, attempt, epoch
    std::int64_t epoch_ = 0;
    std::int64_t highest_id_ = 0;
    std::int64_t highest_sequence_ = 0; ///< of a transition, ever
    std::int64_t last_sequence_ = 0;    ///< in the file that is open
    std::int64_t version_ = -1;         ///< of the file's data, as last looked at
    timestamp latest_creation_{};
};

std::string described(job_id id, const known_job& job);

} // namespace waybill::test
