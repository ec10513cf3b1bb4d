// The store of export jobs: one SQLite file, opened for writing by one process at a time. `job_store` has the
// verbs of clients, each for one tenant; `job_owner` (job_owner.hpp) those of whoever drives the jobs;
// `job_reader` reads beside the owner, from any process. Thread rule: externally serialised; one `job_store`
// and all that it hands out belong to one thread at a time. Error rule: what a caller can cause is a
// `result`; disk, corruption and a newer schema throw `store_failure`.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <waybill/audit.hpp>
#include <waybill/export_job.hpp>
#include <waybill/job_page.hpp>
#include <waybill/job_reader.hpp>
#include <waybill/result.hpp>
#include <waybill/store_upkeep.hpp>

namespace waybill {

class job_owner;

struct job_store_options {
    std::filesystem::path
        file{}; ///< is created, with its schema, when it is not there; the lock is `<file>.lock`
    std::function<timestamp()> now =
        wall_clock; ///< the wall clock; may jump, stored times do not run backwards
    std::function<void(std::span<std::byte>)> entropy{}; ///< random bytes for ids; empty: the system's
    std::int64_t ids_reserved = 1024; ///< job ids noted in the lock file at once; at least 1
    std::chrono::milliseconds repeated_cancel{
        60'000};                                  ///< how long after `CANCELLED` a cancel is a repetition
    std::int64_t unfinished_per_tenant = 100'000; ///< jobs that are not final; `create` refuses more
    bool migrate = true;                          ///< bring an older schema up to date on opening
    upkeep_options upkeep{};                      ///< what `job_owner::upkeep` does
};

/// Names a create, so that it can be asked for again when its answer was lost (contract 1.1).
struct idempotency_key {
    std::string key{};         ///< 1 to 255 visible ASCII characters; a tenant's own
    std::string fingerprint{}; ///< of the request's bytes, such as their SHA-256: another one is a conflict
};

/// What a cancel did.
enum class cancel_outcome {
    cancelled,  ///< the job was `NEW` and never runs
    cancelling, ///< the job was `PROCESSING`; its engine is being told
    repeated,   ///< it was cancelling already, or `CANCELLED` a moment ago; nothing changed
    removed,    ///< the job was final; its record is gone, what it published stays
};

class job_store {
  public:
    /// Takes the lock, brings the schema up to date, takes a new epoch. Fails with `owned_elsewhere` when
    /// another process owns the store; the message names its process id.
    static result<job_store> open(job_store_options options);
    job_store(job_store&&) noexcept;
    job_store& operator=(job_store&&) noexcept;
    ~job_store();

    /// Durable when it returns. The job has status `NEW`, its batch ids, and the merge policy that applies.
    /// `invalid` for an invalid tenant, request or key; `too_many` unfinished jobs. With a key that is known
    /// already nothing is made: the answer is the first job as it is now, or `conflict` when the fingerprint
    /// is another or that job is gone.
    result<export_job> create(const tenant& owner, const new_export_job& request,
                              const std::optional<idempotency_key>& once = {}, const caller& by = {});
    /// A new job with the request of one that ended `FAILED` or `CANCELLED`; each names the other. A request
    /// id that is not empty takes the place of the first one's. `not_found`; `conflict` for a job in another
    /// status or that was retried already; `too_many`.
    result<export_job> retry(const tenant& owner, job_id id, std::string_view request_id = {},
                             std::string_view actor = "client", const caller& by = {});
    /// The job that a create under this key has made, as that would answer; `not_found` when none has.
    result<export_job> repeated(const tenant& owner, const idempotency_key& once);
    result<export_job> find(const tenant& owner, job_id id);
    result<job_page> list(const tenant& owner, const job_query& query);
    /// What `DELETE` does (contract 2.6). `not_found`; `too_late` past the commit point. `actor` and `reason`
    /// stand in the job's timeline, `by` in the audit.
    result<cancel_outcome> cancel(const tenant& owner, job_id id, std::string_view actor = "client",
                                  std::string_view reason = {}, const caller& by = {});

    /// Sets how a dataset's files are written by the attempts that are claimed from now on. `invalid`.
    result<done> set_dataset(const tenant& owner, const dataset_settings& what);

    /// Runs the verbs that `calls` makes on this store in one transaction, with one commit and one sync for
    /// all. A verb that is refused harms no other; one that throws, which means a disaster, may undo all.
    /// What they answer counts only when this has returned. Throws `store_failure` when the commit fails or
    /// all was undone: then nothing of it happened.
    void together(const std::function<void()>& calls);
    /// The same; false when all was undone, and the calls may be made one by one.
    [[nodiscard]] bool try_together(const std::function<void()>& calls);

    /// Writes a little and changes nothing, durably; throws `store_failure` when that cannot be done.
    void prove_writable();

    /// Is called, on the calling thread, after a create or a cancel that the lifecycle should look at, once
    /// that is durable.
    void on_work(std::function<void()> listener);

    /// Is called, on the calling thread, after each commit that made, moved or removed jobs or noted their
    /// progress, with their ids. It does no more than ring, and throws nothing: a `job_reader` says what
    /// happened, and `transitions_after` in which order. Now and then it rings for nothing.
    void on_change(std::function<void(std::span<const job_id>)> listener);

    /// The verbs of whoever drives the jobs. Lives as long as the store.
    job_owner& owner();

  private:
    struct impl;
    explicit job_store(std::unique_ptr<impl> self);
    std::unique_ptr<impl> self_;
};

} // namespace waybill
