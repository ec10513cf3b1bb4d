#include <algorithm>

#include <waybill/result.hpp>

#include "store/child_rows.hpp"

namespace waybill::store {

job_group::job_group(std::span<export_job* const> jobs) {
    by_id_.reserve(jobs.size());
    ids_ = "[";
    for (auto* const job : jobs) {
        by_id_.emplace_back(job->id, job);
        if (ids_.size() > 1) ids_ += ',';
        ids_ += std::to_string(job->id);
    }
    ids_ += ']';
    std::sort(by_id_.begin(), by_id_.end());
}

export_job& job_group::operator[](job_id id) const {
    const auto at = std::lower_bound(by_id_.begin(), by_id_.end(), id,
                                     [](const auto& entry, job_id wanted) { return entry.first < wanted; });
    if (at == by_id_.end() || at->first != id)
        throw store_failure(store_failure::kind::internal, "child rows of a job that was not asked for");
    return *at->second;
}

} // namespace waybill::store
