// What readers of the datasets see, held against what the jobs have come to: a succeeded job's batches always
// show or are listed as superseded, a failed or cancelled one's never, and nothing shows twice.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "dataset/current.hpp"
#include "simulation/ledger.hpp"

namespace waybill::test {

class published_view {
  public:
    using time_point = std::chrono::steady_clock::time_point;

    /// Superseded batches must stay for so long; nothing: for ever.
    explicit published_view(std::filesystem::path root,
                            std::optional<std::chrono::milliseconds> keep_superseded = std::nullopt)
        : root_(std::move(root)), keep_superseded_(keep_superseded) {}

    /// Reads every `current.json` anew.
    void read(time_point now = {});
    /// Holds what was read against the jobs.
    void compare(const ledger& jobs) const;
    /// A backup came back: what shows now may be of jobs that the store has forgotten, or begins anew.
    void restored();
    /// What showed when a backup came back.
    const std::set<std::string>& left_over() const { return left_over_; }
    /// After a recovery: no batch stands in place that is neither named, listed nor being published.
    /// Whatever is listed is there, but for what may be pruned.
    void compare_places(const ledger& jobs, time_point now = {}) const;
    /// After a recovery: what shows is acknowledged, unless another job has its dataset's commit point.
    void compare_acknowledged(const ledger& jobs) const;

    /// Of what is named or listed.
    std::set<job_id> shown_jobs() const;

  private:
    std::set<std::string> shown() const;
    struct seen {
        std::int64_t commit_sequence = 0;
        std::set<std::string> visible;
        std::set<std::string> superseded;
    };
    void advance(seen& known, const dataset::current_dataset& now, const std::string& name) const;
    bool may_be_pruned(const std::string& batch, time_point now) const;

    std::filesystem::path root_;
    std::optional<std::chrono::milliseconds> keep_superseded_;
    std::map<std::string, time_point> superseded_since_; ///< or earlier
    std::map<std::filesystem::path, seen> datasets_;
    std::set<std::string> left_over_; ///< showed when a backup came back
};

} // namespace waybill::test
