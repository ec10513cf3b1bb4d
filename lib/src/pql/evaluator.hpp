// Says of one profile after the other whether an expression holds of it. Keeps its scratch memory, so that an
// evaluation allocates nothing; an evaluator is one thread's.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include <waybill/timestamp.hpp>

#include "pql/expression.hpp"
#include "json/document.hpp"

namespace waybill::pql {

struct event {
    std::int64_t occurred_at = 0; ///< its `timestamp`, in milliseconds since 1970
    json::value record{};
};

/// Thrown when one profile takes more than ten million visits of nodes.
struct budget_exceeded {};

class evaluator {
  public:
    /// `now` is the run's, the same for every profile.
    evaluator(const expression& what, timestamp now);
    ~evaluator();
    evaluator(evaluator&&) noexcept;
    evaluator& operator=(evaluator&&) noexcept;

    /// `profile` is the merged record (an empty value counts as `{}`), of which fields that
    /// `profile_fields` does not name may be missing; likewise of events, which stand by time, then by `_id`.
    /// `members` has an entry for each of `segments()`: not 0 when the profile is in it.
    bool holds(json::value profile, std::span<const event> events, std::span<const std::uint8_t> members);

  private:
    struct impl;
    std::unique_ptr<impl> self_;
};

} // namespace waybill::pql
