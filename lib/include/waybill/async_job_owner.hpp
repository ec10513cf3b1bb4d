// The owner's verbs (job_owner.hpp) from any thread, with any Asio completion token, among the writes of an
// `async_job_store`: they share its commits, so a host that runs many jobs pays one sync for many claims and
// ends. For whoever drives jobs by other means than a `lifecycle`; no route may reach it. Thread and error
// rules: those of async_job_store.hpp.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <waybill/async_job_store.hpp>
#include <waybill/job_owner.hpp>

namespace waybill {

class async_job_owner {
  public:
    /// Both must outlive it; `beside` belongs to the same store.
    async_job_owner(job_store& store, async_job_store& beside)
        : owner_(store.owner()), writes_(beside.writes()) {}

    /// Completes with `result<std::vector<owned_attempt>>`. `check` runs on the store's thread.
    template <class Token>
    auto claim(std::size_t most, job_owner::check_function check, Token&& token) {
        return run<std::vector<owned_attempt>>(
            [most, check = std::move(check)](job_owner& owner) { return owner.claim(most, check); },
            std::forward<Token>(token));
    }

    template <class Token>
    auto note_progress(staging_key key, std::string engine_job_id, job_metrics metrics, Token&& token) {
        return run<bool>([key, id = std::move(engine_job_id), metrics = std::move(metrics)](
                             job_owner& owner) { return owner.note_progress(key, id, metrics); },
                         std::forward<Token>(token));
    }

    template <class Token>
    auto mark_publishing(staging_key key, Token&& token) {
        return run<publish_mark>([key](job_owner& owner) { return owner.mark_publishing(key); },
                                 std::forward<Token>(token));
    }

    template <class Token>
    auto succeed(staging_key key, job_metrics metrics, std::vector<export_batch> batches, Token&& token) {
        return run<bool>([key, metrics = std::move(metrics), batches = std::move(batches)](
                             job_owner& owner) { return owner.succeed(key, metrics, batches); },
                         std::forward<Token>(token));
    }

    template <class Token>
    auto fail(staging_key key, std::vector<job_error> errors, std::string actor, std::string reason,
              Token&& token) {
        return run<bool>(
            [key, errors = std::move(errors), actor = std::move(actor),
             reason = std::move(reason)](job_owner& owner) { return owner.fail(key, errors, actor, reason); },
            std::forward<Token>(token));
    }

    template <class Token>
    auto settle_cancelled(staging_key key, Token&& token) {
        return run<bool>([key](job_owner& owner) { return owner.settle_cancelled(key); },
                         std::forward<Token>(token));
    }

    template <class Token>
    auto upkeep(Token&& token) {
        return run<bool>([](job_owner& owner) { return owner.upkeep(); }, std::forward<Token>(token));
    }

    /// Any other verb, or several as one: `verb(job_owner&)` gives a `T`. What it writes is one savepoint a
    /// verb, in one commit.
    template <class T, class Verb, class Token>
    auto run(Verb verb, Token&& token) {
        return async_write<T>(
            writes_, [&owner = owner_, verb = std::move(verb)] { return result<T>(verb(owner)); },
            std::forward<Token>(token));
    }

  private:
    job_owner& owner_;
    write_queue& writes_;
};

} // namespace waybill
