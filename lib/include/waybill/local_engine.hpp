// The embedded engine: executes exports on a thread pool of its own, from the profile store into the staging
// directories of the datasets. See engine.hpp for the rules that it keeps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

#include <waybill/engine.hpp>
#include <waybill/membership_states.hpp>
#include <waybill/profile_source.hpp>

namespace waybill {

struct local_engine_options {
    std::filesystem::path profiles{}; ///< the profile store's file; an attempt fails while it is not there
    std::filesystem::path datasets{}; ///< the datasets' root
    std::size_t threads = 2;          ///< attempts that work at once; further ones wait; at least 1
    std::size_t readers =
        0; ///< threads that make the rows of one attempt; 0: as many as there are processors
    std::shared_ptr<profile_source> source{}; ///< instead of the profile store
    std::filesystem::path segments{}; ///< the segment store; empty: a job that evaluates segments is refused
    membership_states memberships = membership_states::three;
    std::function<timestamp()> now = wall_clock; ///< what conditions of segments mean by `now`
    std::int64_t part_bytes = std::int64_t{512}
                              << 20U; ///< a file of a batch that has so many bytes takes no more rows
};

class local_engine final : public engine {
  public:
    explicit local_engine(local_engine_options options);
    /// Tells every attempt to stop and waits for its threads.
    ~local_engine() override;

    void on_news(std::function<void()> listener) override;
    std::optional<job_error> check(const export_job& job) override;
    void submit(const staging_key& key, const export_job& job) override;
    bool find(const staging_key& key) override;
    attempt_report poll(const staging_key& key) override;
    void cancel(const staging_key& key) override;
    void forget(const staging_key& key) override;

  private:
    struct impl;
    std::unique_ptr<impl> self_;
};

} // namespace waybill
