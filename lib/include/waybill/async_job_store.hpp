// The client verbs of a job store from any thread, with any Asio completion token (callback, use_future,
// use_awaitable). Writes that wait at the same time share one transaction and one sync; reads go beside them.
// Thread rule: every call may come from any thread; completions arrive on the token's own executor, and on
// the store's thread when it has none: then the handler must return at once. Error rule: the first argument
// of a completion is what the verb or its commit threw, if anything; the second its result.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include <waybill/async_job_reader.hpp>
#include <waybill/job_changes.hpp>
#include <waybill/job_store.hpp>
#include <waybill/queued_verb.hpp>
#include <waybill/store_statistics.hpp>
#include <waybill/write_queue.hpp>

namespace waybill {

/// Both executors must run one thing at a time (a `thread_pool{1}` or a strand); the writer's is the one that
/// the lifecycle ticks on. Store and reader must outlive the executors' last work, and so must the context of
/// every token's executor: a completion is posted to it from their threads. A write completes only when its
/// own commit is durable.
class async_job_store : public async_job_reader {
  public:
    async_job_store(job_store& store, boost::asio::any_io_executor writer, job_reader& reader,
                    boost::asio::any_io_executor reads, write_queue_options limits = {})
        : async_job_reader(reader, std::move(reads)),
          store_(store),
          writes_(store, std::move(writer), limits) {
        store.on_change([changes = changes_](std::span<const job_id> jobs) { changes.ring(jobs); });
    }

    /// Completes with `result<export_job>` once the job is durable.
    template <class Token>
    auto create(tenant owner, new_export_job request, Token&& token) {
        return create(std::move(owner), std::move(request), std::nullopt, std::forward<Token>(token));
    }

    /// The same under an idempotency key.
    template <class Token>
    auto create(tenant owner, new_export_job request, std::optional<idempotency_key> once, Token&& token) {
        return create(std::move(owner), std::move(request), std::move(once), caller{},
                      std::forward<Token>(token));
    }

    /// The same; the audit names the caller.
    template <class Token>
    auto create(tenant owner, new_export_job request, std::optional<idempotency_key> once, caller by,
                Token&& token) {
        return write<export_job>([&store = store_, owner = std::move(owner), request = std::move(request),
                                  once = std::move(once),
                                  by = std::move(by)] { return store.create(owner, request, once, by); },
                                 std::forward<Token>(token));
    }

    /// What a create under this key that was queued before has made.
    template <class Token>
    auto repeated(tenant owner, idempotency_key once, Token&& token) {
        return write<export_job>([&store = store_, owner = std::move(owner),
                                  once = std::move(once)] { return store.repeated(owner, once); },
                                 std::forward<Token>(token));
    }

    /// Completes with `result<export_job>` once the new job is durable.
    template <class Token>
    auto retry(tenant owner, job_id id, std::string request_id, std::string actor, Token&& token) {
        return retry(std::move(owner), id, std::move(request_id), std::move(actor), caller{},
                     std::forward<Token>(token));
    }

    template <class Token>
    auto retry(tenant owner, job_id id, std::string request_id, std::string actor, caller by, Token&& token) {
        return write<export_job>(
            [&store = store_, owner = std::move(owner), id, request_id = std::move(request_id),
             actor = std::move(actor),
             by = std::move(by)] { return store.retry(owner, id, request_id, actor, by); },
            std::forward<Token>(token));
    }

    template <class Token>
    auto cancel(tenant owner, job_id id, std::string actor, Token&& token) {
        return cancel(std::move(owner), id, std::move(actor), caller{}, std::forward<Token>(token));
    }

    template <class Token>
    auto cancel(tenant owner, job_id id, std::string actor, caller by, Token&& token) {
        return write<cancel_outcome>([&store = store_, owner = std::move(owner), id, actor = std::move(actor),
                                      by = std::move(by)] { return store.cancel(owner, id, actor, {}, by); },
                                     std::forward<Token>(token));
    }

    /// Completes with `result<done>`; what is thrown tells why nothing can be written.
    template <class Token>
    auto prove_writable(Token&& token) {
        return write<done>(
            [&store = store_]() -> result<done> {
                store.prove_writable();
                return done{};
            },
            std::forward<Token>(token));
    }

    /// For an end in order: refuses further writes with `errc::overloaded` and completes with `result<done>`
    /// when all that were taken before are durable or have failed, and have been told so.
    template <class Token>
    auto drain(Token&& token) {
        return async_close(writes_, std::forward<Token>(token));
    }

    /// Rings for every job that changes; it is the store's `on_change` listener. Any thread.
    const job_changes& changes() const noexcept { return changes_; }

    write_queue_counters write_counters() const { return writes_.counters(); }
    /// For others that write to the same store, such as an `async_job_owner`.
    write_queue& writes() noexcept { return writes_; }

  private:
    template <class T, class Verb, class Token>
    auto write(Verb verb, Token&& token) {
        return async_write<T>(writes_, std::move(verb), std::forward<Token>(token));
    }

    job_store& store_;
    write_queue writes_;
    job_changes changes_; ///< shared with the store's listener, which may outlive this
};

} // namespace waybill
