// Which profiles an export has to look at, in the order of their ids: everybody who may be a member of one of
// the segments, or what came in since a moment, or all of a tenant. One thread and connection, inside a
// snapshot; a `candidate_rule` is fixed once made, and may be looked at from any thread. Throws
// `store_failure`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "profile/export_plan.hpp"
#include "sql/connection.hpp"

namespace waybill::profile {

/// How the candidates of a plan are found in a snapshot.
class candidate_rule {
  public:
    /// Whom an export has to look at beside those whom the profile store knows as members.
    struct evaluated {
        bool everybody = false;              ///< memberships may become anything
        std::vector<std::int64_t> members{}; ///< ascending
    };
    /// The plan outlives the rule.
    candidate_rule(sql::connection& on, std::int64_t tenant_id, const export_plan& plan, evaluated more);

    /// Whether a walk comes by this profile of the tenant.
    bool includes(sql::connection& on, std::int64_t profile_id) const;

  private:
    friend class candidate_walk;
    struct segment {
        std::int64_t id = 0;
        std::span<const membership_status> statuses;
    };

    std::int64_t tenant_id_;
    bool by_segment_ = false;
    std::vector<segment> segments_;                    ///< those that are known
    std::vector<std::int64_t> evaluated_;              ///< ascending; where it goes by segments
    std::optional<std::vector<std::int64_t>> changed_; ///< ascending; nothing: all, or too many to hold
};

/// Reads by the piece, so memory is bounded and no statement stays open.
class candidate_walk {
  public:
    /// The rule outlives the walk.
    candidate_walk(sql::connection& on, const candidate_rule& rule);

    std::optional<std::int64_t> next();
    /// Of a walk of its own, from the beginning.
    std::int64_t count() const;

  private:
    struct source {
        std::optional<candidate_rule::segment> segment; ///< nothing: all profiles, or those that are `listed`
        const std::vector<std::int64_t>* listed = nullptr;
        std::vector<std::int64_t> piece;
        std::size_t at = 0;
        std::int64_t last = 0; ///< the last profile that was read
    };

    bool refill(source& from);
    void queue(std::size_t index);
    bool later(std::size_t a, std::size_t b) const;

    sql::connection& on_;
    const candidate_rule& rule_;
    std::vector<source> sources_;
    std::vector<std::size_t>
        heap_; ///< sources that are not at their end, the one with the lowest head in front
};

} // namespace waybill::profile
