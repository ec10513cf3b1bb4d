// What an expression becomes: a flat array of nodes, children before their parents. Long chains (`a + a + …`,
// `.a.a.a`) are one node with a list of steps, so that the depth of the tree is that of the parentheses.
// Internal to the pql folder; pure values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pql/expression.hpp"
#include "pql/operations.hpp"

namespace waybill::pql {

/// Kinds of value that a node may have, as far as its text tells; null is always possible.
namespace may_be {
inline constexpr std::uint8_t boolean = 1;
inline constexpr std::uint8_t number = 2;
inline constexpr std::uint8_t text = 4;
inline constexpr std::uint8_t time = 8;
inline constexpr std::uint8_t array = 16;
inline constexpr std::uint8_t object = 32;
inline constexpr std::uint8_t anything = 63;
} // namespace may_be

struct node {
    op what = op::boolean;
    std::uint8_t types = may_be::anything; ///< of a step: of what it gives
    pql::relation relation = relation::equal;
    pql::moment moment = moment::any;
    pql::unit unit = unit::millisecond;
    std::uint32_t position = 0; ///< of its first byte
    std::uint32_t first = 0;    ///< in `tree::children`
    std::uint32_t count = 0;
    std::uint32_t text = 0; ///< in `tree::texts`, or a number
    std::uint32_t level = 0;
    std::int64_t number = 0;
    double real = 0;
};

struct tree {
    std::vector<node> nodes{};
    std::vector<std::uint32_t> children{};
    std::vector<std::string> texts{};
    std::vector<std::string> segments{};
    std::uint32_t root = 0;
    std::uint32_t levels = 1; ///< contexts inside each other, with the profile's
    std::uint32_t variables = 0;
    field_set profile_fields{};
    field_set event_fields{};
    bool reads_events = false;

    std::uint32_t child(const node& of, std::uint32_t which) const { return children[of.first + which]; }
};

} // namespace waybill::pql
