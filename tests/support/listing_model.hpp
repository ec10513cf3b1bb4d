// What a listing should give, computed the plainest way from jobs kept in memory.
#pragma once

#include <algorithm>
#include <random>
#include <utility>
#include <vector>

#include <waybill/job_page.hpp>

namespace waybill::test {

inline const std::vector<std::string> some_datasets{"d1", "d2", "d3"};
inline const std::vector<std::string> some_segments{"s1", "s2", "s3", "s4"};

/// Whether a job belongs to a listing as far as what never changes of it is concerned.
inline bool matches_for_ever(const export_job& job, const job_query& query) {
    const auto has_segment = [&](const std::string& wanted) {
        if (!job.request.filter) return false;
        const auto& segments = job.request.filter->segments;
        return std::any_of(segments.begin(), segments.end(),
                           [&](const segment_filter& one) { return one.segment_id == wanted; });
    };
    const auto place = position_of(job);
    if (query.after &&
        std::pair(place.creation_time, place.id) >= std::pair(query.after->creation_time, query.after->id))
        return false;
    if (query.segment_id && !has_segment(*query.segment_id)) return false;
    if (query.dataset_id && job.request.dataset_id != *query.dataset_id) return false;
    if (query.created_after && job.creation_time < *query.created_after) return false;
    return !query.created_before || job.creation_time < *query.created_before;
}

inline bool has_wanted_status(job_status status, const job_query& query) {
    return query.statuses.empty() ||
           std::find(query.statuses.begin(), query.statuses.end(), status) != query.statuses.end();
}

/// Numbers and choices from one seed.
class dice {
  public:
    explicit dice(std::uint32_t seed) : engine_(seed) {}
    std::size_t below(std::size_t bound) {
        return std::uniform_int_distribution<std::size_t>(0, bound - 1)(engine_);
    }
    bool one_in(std::size_t times) { return below(times) == 0; }
    template <class Items>
    const auto& pick(const Items& from) {
        return from[below(from.size())];
    }

  private:
    std::mt19937 engine_;
};

/// A job for one of a few datasets, of none to three of a few segments.
inline new_export_job random_job(dice& choose) {
    new_export_job job;
    job.dataset_id = choose.pick(some_datasets);
    job.schema_name = "_xdm.context.profile";
    job.request_id = "random";
    const auto count = choose.below(4);
    for (std::size_t i = 0; i < count; ++i) {
        if (!job.filter) job.filter.emplace();
        job.filter->segments.push_back({choose.pick(some_segments),
                                        choose.one_in(2) ? "ups" : "AdCloud",
                                        {membership_status::realized}});
    }
    return job;
}

/// Any mixture of filters and a limit; the times around `about`.
inline job_query random_query(dice& choose, timestamp about) {
    const auto some_time = [&] {
        return about + std::chrono::milliseconds{static_cast<int>(choose.below(60)) - 30};
    };
    job_query query;
    query.limit = 1 + choose.below(12);
    if (choose.one_in(3))
        for (auto left = 1 + choose.below(7); left > 0; --left)
            query.statuses.push_back(choose.pick(all_job_statuses));
    if (choose.one_in(3)) query.segment_id = choose.pick(some_segments);
    if (choose.one_in(3)) query.dataset_id = choose.pick(some_datasets);
    if (choose.one_in(4)) query.created_after = some_time();
    if (choose.one_in(4)) query.created_before = some_time();
    return query;
}

} // namespace waybill::test
