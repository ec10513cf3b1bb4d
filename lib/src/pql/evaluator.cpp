#include "pql/evaluator.hpp"

#include <utility>

#include "pql/evaluation.hpp"
#include "pql/plan.hpp"

namespace waybill::pql {

struct evaluator::impl {
    plan what;
    evaluation over{what};

    impl(std::shared_ptr<const tree> of, std::int64_t now) : what(std::move(of), now) { prepare(what, over); }
};

evaluator::evaluator(const expression& what, timestamp now)
    : self_(std::make_unique<impl>(what.tree_, now.time_since_epoch().count())) {}
evaluator::~evaluator() = default;
evaluator::evaluator(evaluator&&) noexcept = default;
evaluator& evaluator::operator=(evaluator&&) noexcept = default;

bool evaluator::holds(json::value profile, std::span<const event> events,
                      std::span<const std::uint8_t> members) {
    return self_->over.holds(profile, events, members);
}

} // namespace waybill::pql
