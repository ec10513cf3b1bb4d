// The verbs of a job reader from any thread, with any Asio completion token: the reading half of
// async_job_store.hpp. Thread and error rules: those of that header.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include <waybill/job_store.hpp>
#include <waybill/queued_verb.hpp>
#include <waybill/store_statistics.hpp>

namespace waybill {

/// Reads on an executor of its own. The reader must outlive it.
class async_job_reader {
  public:
    async_job_reader(job_reader& reader, boost::asio::any_io_executor reads)
        : reader_(reader), reads_(std::move(reads)) {}

    template <class Token>
    auto find(tenant owner, job_id id, Token&& token) {
        return read<export_job>(
            [&reader = reader_, owner = std::move(owner), id] { return reader.find(owner, id); },
            std::forward<Token>(token));
    }

    template <class Token>
    auto list(tenant owner, job_query query, Token&& token) {
        return read<job_page>([&reader = reader_, owner = std::move(owner),
                               query = std::move(query)] { return reader.list(owner, query); },
                              std::forward<Token>(token));
    }

    /// A job's life so far, oldest first.
    template <class Token>
    auto transitions(tenant owner, job_id id, Token&& token) {
        return read<std::vector<job_transition>>(
            [&reader = reader_, owner = std::move(owner), id] { return reader.transitions(owner, id); },
            std::forward<Token>(token));
    }

    /// Of all jobs and tenants; for no client's eyes. transition_feed.hpp waits for them.
    template <class Token>
    auto transitions_after(std::int64_t sequence, std::size_t most, Token&& token) {
        using moves = std::vector<recorded_transition>;
        return read<moves>([&reader = reader_, sequence,
                            most]() -> result<moves> { return reader.transitions_after(sequence, most); },
                           std::forward<Token>(token));
    }

    /// An unfinished job that evaluates this segment.
    template <class Token>
    auto evaluating(tenant owner, std::string segment, Token&& token) {
        return read<std::optional<job_id>>(
            [&reader = reader_, owner = std::move(owner), segment = std::move(segment)] {
                return reader.evaluating(owner, segment);
            },
            std::forward<Token>(token));
    }

    /// Over all tenants; for no client's eyes.
    template <class Token>
    auto statistics(Token&& token) {
        return read<store_statistics>(
            [&reader = reader_]() -> result<store_statistics> { return reader.statistics(); },
            std::forward<Token>(token));
    }

  private:
    template <class T, class Verb, class Token>
    auto read(Verb verb, Token&& token) {
        return async_read<T>(reads_, std::move(verb), std::forward<Token>(token));
    }

    job_reader& reader_;
    boost::asio::any_io_executor reads_;
};

} // namespace waybill
