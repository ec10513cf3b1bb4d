#include "pql/constant_number.hpp"

namespace waybill::pql {
namespace {

std::optional<number> calculated(op what, const number& a, const number& b) {
    switch (what) {
    case op::plus: return add(a, b);
    case op::minus: return subtract(a, b);
    case op::times: return multiply(a, b);
    case op::divided: return divide(a, b);
    case op::remainder: return remainder(a, b);
    default: return std::nullopt;
    }
}

} // namespace

std::optional<number> constant_number(const tree& of, std::uint32_t which) {
    const auto& one = of.nodes[which];
    if (one.what == op::integer) return number{.integer = one.number};
    if (one.what == op::real) return number{.whole = false, .real = one.real};
    if (one.what != op::negative && one.what != op::pipeline) return std::nullopt;
    auto value = constant_number(of, of.child(one, 0));
    if (one.what == op::negative) return value ? std::optional(negate(*value)) : value;
    for (std::uint32_t i = 1; i < one.count && value; ++i) {
        const auto& step = of.nodes[of.child(one, i)];
        if (step.count != 1) return std::nullopt;
        const auto operand = constant_number(of, of.child(step, 0));
        value = operand ? calculated(step.what, *value, *operand) : std::nullopt;
    }
    return value;
}

} // namespace waybill::pql
