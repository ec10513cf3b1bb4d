#include "pql/plan.hpp"

#include <algorithm>
#include <limits>

#include "pql/evaluation.hpp"

namespace waybill::pql {
namespace {

/// Whether a node is as constant as its children.
bool follows_children(op what) {
    switch (what) {
    case op::profile:
    case op::events:
    case op::item:
    case op::variable:
    case op::in_segment:
    case op::exists:
    case op::for_all:
    case op::select:
    case op::binding:
    case op::chain:
    case op::chain_step: return false;
    default: return true;
    }
}

bool is_step(op what) { return what >= op::member && what < op::constant; }

bool looks_at_items(op what) {
    switch (what) {
    case op::filter:
    case op::exists_item:
    case op::sum:
    case op::average:
    case op::least:
    case op::greatest:
    case op::top:
    case op::bottom:
    case op::binding:
    case op::chain_step: return true;
    default: return false;
    }
}

bool looks_into_texts(op what) {
    return what == op::like || what == op::contains || what == op::not_contains;
}

class preparation {
  public:
    preparation(plan& what, evaluation& with)
        : plan_(what), with_(with), constant_(what.nodes.size()), cost_(what.nodes.size()) {}

    void run() {
        for (std::uint32_t i = 0; i < plan_.nodes.size(); ++i)
            prepare_node(i);
        if (const auto root = plan_.source->root; !constant_[root]) decide(root);
    }

  private:
    node& at(std::uint32_t which) { return plan_.nodes[which]; }

    void prepare_node(std::uint32_t which) {
        auto& one = at(which);
        bool constant = follows_children(one.what);
        double cost = looks_into_texts(one.what) ? 4 : 1;
        for (std::uint32_t i = 0; i < one.count; ++i) {
            const auto child = plan_.child(one, i);
            constant = constant && constant_[child];
            cost += cost_[child];
        }
        if (looks_at_items(one.what)) cost *= 16;
        constant_[which] = constant;
        cost_[which] = cost;
        if (is_step(one.what)) return decide_items(one);
        if (constant) return keep(one, which);
        if (one.what == op::all_of || one.what == op::any_of) return order_operands(which);
        if (one.what == op::occurs) return fix_window(which);
        if (one.what == op::chain_step) return fix_step(one);
        if (one.what == op::negation || one.what == op::choice) decide(plan_.child(one, 0));
        if (one.what == op::binding && one.count == 2) decide(plan_.child(one, 1));
    }

    void keep(node& one, std::uint32_t which) {
        const auto kept = with_.keep(which);
        one.what = op::constant;
        one.number = kept;
        cost_[which] = 0;
    }

    void decide_items(node& one) {
        if (one.what == op::filter || one.what == op::exists_item) decide(plan_.child(one, 0));
    }

    /// Of an array that was filtered for a condition it is enough to find one item.
    void decide(std::uint32_t which) {
        auto& one = at(which);
        if (one.what != op::pipeline) return;
        auto& last = at(plan_.child(one, one.count - 1));
        if (last.what == op::filter) last.what = op::exists_item;
    }

    /// Leaves out those that change nothing, and puts cheap ones first.
    void order_operands(std::uint32_t which) {
        auto& one = at(which);
        const bool decisive = one.what == op::any_of;
        const auto begin = plan_.children.begin() + one.first;
        const auto is_constant = [&](std::uint32_t child) { return constant_[child]; };
        const auto is_decisive = [&](std::uint32_t child) {
            return constant_[child] && with_.is_true(at(child).number) == decisive;
        };
        if (std::any_of(begin, begin + one.count, is_decisive)) {
            one.what = op::constant;
            one.number = with_.keep(cell::of(decisive));
            constant_[which] = true;
            cost_[which] = 0;
            return;
        }
        const auto end = std::remove_if(begin, begin + one.count, is_constant);
        one.count = static_cast<std::uint32_t>(end - begin);
        std::for_each(begin, end, [&](std::uint32_t child) { decide(child); });
        std::stable_sort(begin, end, [&](std::uint32_t a, std::uint32_t b) { return cost_[a] < cost_[b]; });
    }

    std::int64_t add_window(const window& made) {
        plan_.windows.push_back(made);
        return static_cast<std::int64_t>(plan_.windows.size() - 1);
    }

    /// Of constant times; nothing in it when one of them is none.
    bool find_window(const node& one, window& found) {
        interval times[2];
        for (std::uint32_t i = 1; i < one.count; ++i) {
            if (!constant_[plan_.child(one, i)]) return false;
            const auto time = with_.time_of_kept(at(plan_.child(one, i)).number);
            if (!time) {
                found = {};
                return true;
            }
            times[i - 1] = *time;
        }
        found = window_of(one, times[0], times[1]);
        return true;
    }

    void fix_window(std::uint32_t which) {
        auto& one = at(which);
        window found;
        if (!find_window(one, found)) return;
        one.what = op::within;
        one.number = add_window(found);
        one.count = 1;
    }

    void fix_step(node& one) {
        decide(plan_.child(one, 0));
        window found;
        if (!find_window(one, found)) return;
        one.number = add_window(found);
        one.count = 1;
    }

    plan& plan_;
    evaluation& with_;
    std::vector<bool> constant_;
    std::vector<double> cost_;
};

} // namespace

void prepare(plan& what, evaluation& with) { preparation(what, with).run(); }

} // namespace waybill::pql
