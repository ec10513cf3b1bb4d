// The verbs of whoever drives the jobs of a store: claim, mark, finish, recover. They see every tenant, so no
// route may reach them; the lifecycle is their one caller. Each verb is one transaction. Every move is
// guarded by status, attempt and epoch: a verb that returns false found the job elsewhere, and its outcome is
// dropped. Thread and error rules: those of job_store.hpp.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/engine.hpp>
#include <waybill/export_job.hpp>
#include <waybill/publisher.hpp>

namespace waybill {

/// An attempt that is under way according to the store.
struct owned_attempt {
    staging_key key;
    export_job job;
    bool publishing = false;          ///< past the commit point
    std::int64_t commit_sequence = 0; ///< when publishing
    std::int64_t attempts_used = 0;   ///< attempts that count against the limit, this one included
};

/// Whether an attempt may publish.
struct publish_mark {
    enum class outcome {
        marked,       ///< past the commit point: the job will be published
        dataset_busy, ///< another job is publishing to the same dataset; ask again later
        gone,         ///< the job is no longer this attempt's: cancelled, or taken up by somebody else
    };
    outcome what = outcome::gone;
    std::int64_t commit_sequence = 0; ///< when marked; grows over a store, also across restores
};

/// How a job is put back to `NEW`.
struct put_back_options {
    bool uses_attempt = true; ///< false for a stop of the host
    bool hold = false;        ///< keep it from being claimed until `release`, or the next opening
    std::string_view actor = "lifecycle";
    std::string_view reason{};
};

class job_owner {
  public:
    using check_function = std::function<std::optional<job_error>(const export_job&)>;
    using room_function = std::function<std::size_t(const tenant&)>;

    job_owner() = default;
    job_owner(const job_owner&) = delete;
    job_owner& operator=(const job_owner&) = delete;
    virtual ~job_owner() = default;

    /// The epoch of this opening; greater than every one before, also after a restore.
    virtual std::int64_t epoch() const = 0;

    /// Takes up to `most` jobs, tenants in turn, oldest first, passing over held jobs and datasets that
    /// another attempt works on. A job for which `check` gives an error ends `FAILED` instead and is not in
    /// the answer; so much of that is done by one call that it stays short, and fewer than `most` may come
    /// back although more wait. Each job says in `output` what is set for its dataset now.
    /// `room` says how many jobs a tenant may get from this call; empty: any number.
    virtual std::vector<owned_attempt> claim(std::size_t most, const check_function& check,
                                             const room_function& room) = 0;
    std::vector<owned_attempt> claim(std::size_t most, const check_function& check) {
        return claim(most, check, {});
    }

    /// Notes counters and the engine's id.
    virtual bool note_progress(const staging_key& key, std::string_view engine_job_id,
                               const job_metrics& metrics) = 0;

    /// The commit point.
    virtual publish_mark mark_publishing(const staging_key& key) = 0;

    /// Ends a marked attempt's job as `SUCCEEDED`.
    virtual bool succeed(const staging_key& key, const job_metrics& metrics,
                         const std::vector<export_batch>& batches) = 0;

    /// Ends an attempt's job as `FAILED`; `errors[0]` is the wrapper.
    virtual bool fail(const staging_key& key, const std::vector<job_error>& errors, std::string_view actor,
                      std::string_view reason) = 0;

    /// Another attempt later; never for a marked job.
    virtual bool put_back(const staging_key& key, const put_back_options& how) = 0;

    /// Lets a held job be claimed.
    virtual void release(job_id id) = 0;

    /// Ends a `CANCELLING` job as `CANCELLED`.
    virtual bool settle_cancelled(const staging_key& key) = 0;

    /// The attempts of jobs that are `CANCELLING`.
    virtual std::vector<staging_key> cancelling() = 0;

    /// The staging keys of all unfinished jobs that have one; what is staged under others may be swept.
    virtual std::vector<staging_key> staged_keys() = 0;

    /// One small step of what `job_store_options::upkeep` asks for: removes old jobs or keys, gives free
    /// pages back, cuts the write-ahead log, analyzes. True when it did something: then more may wait.
    virtual bool upkeep() = 0;

    // At the start, before the first claim.

    /// Attempts that an older epoch left `PROCESSING` or `CANCELLING`.
    virtual std::vector<owned_attempt> orphans() = 0;
    /// Gives an orphan this opening's epoch; it keeps its staging key.
    virtual bool take_over(const staging_key& key) = 0;
    /// An unfinished job one of whose batches is published becomes `SUCCEEDED` by the ordinary moves. Returns
    /// how many did.
    virtual std::size_t acknowledge(const std::vector<published_batch>& published) = 0;
};

} // namespace waybill
