// Removes superseded batches that have been so for long enough (contract 2.3, "Pruning"), in passes of small
// steps, between which whoever has something more urgent comes in. A batch goes aside into `.staging` by one
// rename, synced, before anything of it is removed; what a crash leaves there, the next pass removes, also
// where nothing is pruned any more. Never touches a batch that `current.json` names or does not list. One
// thread at a time, also with the placements. Throws `store_failure` when a pass cannot begin or end, and
// then the next one makes up for it; a dataset that cannot be looked at is passed over.
#pragma once

#include <chrono>
#include <deque>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dataset/current.hpp"
#include "dataset/housekeeping.hpp"
#include "dataset/superseded_ledger.hpp"

namespace waybill::dataset {

class pruning {
  public:
    using milliseconds = std::chrono::milliseconds;
    using time_point = std::chrono::steady_clock::time_point;

    /// Nothing to `keep` for: superseded batches stay for ever.
    pruning(std::filesystem::path root, std::optional<milliseconds> keep)
        : root_(std::move(root)), keep_(keep) {}

    /// A pass begins now, in the place of one that was broken off. What passes between two of these is what
    /// counts as running time.
    void begin(time_point now);
    /// One step; false at the end of the pass.
    bool step();

  private:
    void count_time(time_point now);
    void look_at(const found_dataset& dataset);
    void take_out(const std::filesystem::path& dataset);
    std::vector<std::string> expired(const std::filesystem::path& dataset, const current_dataset& current);
    void note_numbers(const std::filesystem::path& dataset, const current_dataset& current,
                      const std::vector<std::string>& gone);
    void find_aside(const std::filesystem::path& dataset);
    void remove_some();
    void write_down();

    const std::filesystem::path root_;
    const std::optional<milliseconds> keep_;
    std::optional<superseded_ledger> ledger_; ///< once it was read
    std::optional<time_point> counted_until_;

    // Of the pass.
    std::deque<found_dataset> datasets_;           ///< still to be looked at
    std::deque<std::filesystem::path> aside_;      ///< to be removed
    std::map<std::string, milliseconds> still_in_; ///< the superseded batches that stay for now
    bool whole_ = true;                            ///< every dataset could be looked at
};

} // namespace waybill::dataset
