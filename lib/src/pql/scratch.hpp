// What an evaluation keeps from one profile to the next, so that it allocates nothing. Internal to the pql
// folder; one evaluation's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "pql/cell.hpp"
#include "pql/evaluator.hpp"
#include "json/document.hpp"

namespace waybill::pql {

/// A visit of a node is eight units, for comparisons within a node are less than one.
inline constexpr std::int64_t visit = 8;

class budget {
  public:
    void set(std::int64_t visits) { left_ = visits * visit; }
    void spend(std::int64_t units) {
        left_ -= units;
        if (left_ < 0) throw budget_exceeded{};
    }

  private:
    std::int64_t left_ = std::numeric_limits<std::int64_t>::max();
};

/// Where a quantifier is in an array.
struct cursor {
    cell array;
    std::uint32_t next; ///< which item comes
    json::value coming; ///< the same, of a document's array
    std::size_t pool;   ///< how much of it was there before the array
};

/// An item that is sorted, or an element that is gathered.
struct candidate {
    cell key;
    std::uint32_t which;
};

} // namespace waybill::pql
