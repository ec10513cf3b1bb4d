// The seam between the job store and the datasets: what becomes of staged batches (contract 2.3). Which
// batches are published, and when, is the store's decision; how they get into place is the publisher's work.
// `check` and `place` return at once and work on threads of the publisher's own; the start-up verbs at the
// end may block. The calls come from one thread at a time; the listener may be called from any. Calls
// throw nothing but for memory, and may then be repeated.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <waybill/engine.hpp>
#include <waybill/export_job.hpp>

namespace waybill {

/// What is to be published: the batches of one attempt.
struct publication {
    staging_key key;                  ///< under which the batches are staged
    export_job job;                   ///< its tenant, dataset, filter and batches
    std::int64_t commit_sequence = 0; ///< given at the commit point; 0 for a check
};

enum class publication_state {
    unknown, ///< nothing under way for this attempt
    working, ///< checking or placing
    checked, ///< every batch is staged, names this attempt, and its sizes and checksums hold
    placed,  ///< every batch is in place and `current.json` names them, all of it synced
    failed,  ///< `errors` says why; after the commit point it is tried again
    lost, ///< after the commit point: a batch is neither staged nor in place and `current.json` names none of
          ///< the job's; what was in place has been removed
};

struct publication_report {
    publication_state state = publication_state::unknown;
    std::vector<export_batch> batches{}; ///< once `checked` or `placed`: with rows and bytes
    std::vector<job_error> errors{};
    bool transient = false; ///< of a failed check: whether another attempt may succeed
};

/// A batch that a `current.json` names, or lists as superseded.
struct published_batch {
    tenant owner;
    std::string dataset_id{};
    std::string batch_id{};
    std::int64_t commit_sequence = 0; ///< of that `current.json`
    bool superseded = false;
    std::optional<std::int64_t> rows{};  ///< where `current.json` still tells
    std::optional<std::int64_t> bytes{}; ///< where `current.json` still tells
};

class publisher {
  public:
    publisher() = default;
    publisher(const publisher&) = delete;
    publisher& operator=(const publisher&) = delete;
    virtual ~publisher() = default;

    virtual void on_news(std::function<void()> listener) = 0;

    /// Before the commit point: looks at everything that is staged, changes nothing.
    virtual void check(publication what) = 0;
    /// After the commit point: brings the batches into place; safe to repeat after any crash.
    virtual void place(publication what) = 0;
    /// Of the latest `check` or `place` under this key.
    virtual publication_report poll(const staging_key& key) = 0;
    virtual void forget(const staging_key& key) = 0;

    // Sweeping is two steps, because a directory may be made while one looks: first the publisher lists what
    // is staged, then the store is asked which keys an unfinished job still names, and the others are
    // removed.

    /// Begins to list what is staged in all datasets; returns at once, news when it is done.
    virtual void look_for_staged() = 0;
    /// What the latest look found, once; empty when there was none since.
    virtual std::vector<staging_key> take_staged() = 0;
    /// Removes what is staged under these keys; returns at once, news when it is done.
    virtual void remove_staged(std::vector<staging_key> gone) = 0;

    /// Begins to remove superseded batches, as far as the publisher's policy has them go; returns at once,
    /// and checks and placings go before. What a pass does not come to, the next does. Never removes a batch
    /// that a `current.json` names.
    virtual void prune_superseded() = 0;

    /// At every start, blocking: syncs the dataset directories and tells what is published.
    /// Throws `store_failure` when the datasets cannot be read.
    virtual std::vector<published_batch> survey() = 0;
    /// At every start, blocking: removes the batches that no `current.json` names or lists and that are not
    /// among `publishing` (ids of batches of jobs past their commit point). Throws `store_failure`.
    virtual void remove_unlisted(const std::vector<std::string>& publishing) = 0;
};

} // namespace waybill
