// The memberships of one person after the other, as they count: what was evaluated, unless something was
// ingested later; and, where the job evaluates segments, what becomes of them now (docs/segments.md). What a
// thread of an export needs for itself; an object is one thread's. Throws `store_failure` when the stores
// cannot be read, and `export_refused` when a condition takes too much work.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "profile/fragment_table.hpp"
#include "profile/person_finder.hpp"
#include "profile/segment_plan.hpp"
#include "sql/connection.hpp"
#include "json/document.hpp"

namespace waybill::profile {

/// What an evaluation has come to, by the plan's segments.
struct evaluation_counts {
    struct of_a_segment {
        std::int64_t realized = 0;
        std::int64_t existing = 0;
        std::int64_t exited = 0; ///< who left now
    };
    std::int64_t profiles = 0;
    std::vector<of_a_segment> segments{};

    /// Both are of one plan, so that no memory is needed.
    void add(const evaluation_counts& more) noexcept;
};

class membership_view {
  public:
    /// Everything outlives it; the connections are in the export's snapshots.
    membership_view(sql::connection& profiles, sql::connection& segments, const segment_plan& plan);
    ~membership_view();
    membership_view(const membership_view&) = delete;
    membership_view& operator=(const membership_view&) = delete;

    /// Looks at what counts of a person before any evaluation. `telling` and `records`, which have at least
    /// the member `segmentMembership`, stand in the order of their ingest, and must stay until the next
    /// person.
    void look_at(const person& who, std::span<const fragment* const> telling,
                 std::span<const json::value> records);

    /// Evaluates the plan's segments; `merged` has at least the fields that they look at.
    void evaluate(json::value merged);

    /// A record that, ingested last, makes the memberships in the person's records what they are; an empty
    /// value where they are that already. Good until the next call.
    json::value overlay();

    /// Lines for the attempt's staged memberships: what the evaluation of this person changes.
    std::string_view changes() const;
    const evaluation_counts& counts() const noexcept;

  private:
    struct impl;
    std::unique_ptr<impl> self_;
};

} // namespace waybill::profile
