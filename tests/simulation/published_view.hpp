// What readers of the datasets see, held against what the jobs have come to: a succeeded job's batches always
// show or are listed as superseded, a failed or cancelled one's never, and nothing shows twice.
#pragma once

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
    explicit published_view(std::filesystem::path root) : root_(std::move(root)) {}

    /// Reads every `current.json` anew.
    void read();
    /// Holds what was read against the jobs.
    void compare(const ledger& jobs) const;
    /// A backup came back: what shows now may be of jobs that the store has forgotten, or begins anew.
    void restored();
    /// What showed when a backup came back.
    const std::set<std::string>& left_over() const { return left_over_; }
    /// After a recovery: no batch stands in place that is neither named, listed nor being published.
    void compare_places(const ledger& jobs) const;
    /// After a recovery: what shows is acknowledged, unless another job has its dataset's commit point.
    void compare_acknowledged(const ledger& jobs) const;

  private:
    std::set<std::string> shown() const;
    struct seen {
        std::int64_t commit_sequence = 0;
        std::set<std::string> visible;
        std::set<std::string> superseded;
    };
    void advance(seen& known, const dataset::current_dataset& now, const std::string& name) const;

    std::filesystem::path root_;
    std::map<std::filesystem::path, seen> datasets_;
    std::set<std::string> left_over_; ///< showed when a backup came back
};

} // namespace waybill::test
