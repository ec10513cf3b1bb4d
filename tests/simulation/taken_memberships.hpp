// Of which jobs the memberships count, as a segment store would keep it: each job's are taken over whole or
// not at all, and outlive the processes. Which jobs evaluate is decided by their ids.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>

#include <waybill/dataset_publisher.hpp>

#include "simulation/ledger.hpp"
#include "simulation/published_view.hpp"

namespace waybill::test {

/// Every second job does.
inline bool evaluates(job_id job) { return job % 2 == 1; }

/// Stages a batch as `stage_batch`, of a job that evaluates with its memberships.
void stage_evaluated_batch(const std::filesystem::path& root, const publication& what, std::size_t index);

class taken_memberships {
  public:
    /// The taker of a placement. Whatever it is told again must be the same.
    void take(const publication& what, const std::filesystem::path& staged);
    memberships_taker taker() {
        return [this](const auto& what, const auto& staged) { take(what, staged); };
    }
    /// What shows is taken; what is taken is past its commit point.
    void compare(const published_view& view, const ledger& jobs) const;
    /// A backup of the jobs came back, and what had been taken stays so.
    void restored() { since_restore_.clear(); }
    /// With commit sequences as `ranked` wants them.
    std::string text() const;

  private:
    std::set<job_id> ever_;
    std::map<job_id, std::int64_t> since_restore_; ///< under which commit sequence
};

} // namespace waybill::test
