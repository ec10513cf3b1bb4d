// An expression made ready for one `now`: what depends on nothing else is a constant, windows of time are
// numbers, and operands that cost little come first. Internal to the pql folder; one evaluator's.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "pql/calendar.hpp"
#include "pql/tree.hpp"

namespace waybill::pql {

struct plan {
    std::shared_ptr<const tree> source;
    std::int64_t now = 0;
    std::vector<node> nodes;
    std::vector<std::uint32_t> children;
    std::vector<window> windows{};

    plan(std::shared_ptr<const tree> of, std::int64_t moment)
        : source(std::move(of)), now(moment), nodes(source->nodes), children(source->children) {}

    std::uint32_t child(const node& of, std::uint32_t which) const { return children[of.first + which]; }
};

class evaluation;

/// Evaluates what is constant by `with`, which keeps its value. The evaluation must be of this plan.
void prepare(plan& what, evaluation& with);

} // namespace waybill::pql
