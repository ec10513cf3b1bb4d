// One expression over one profile after the other: a `switch` over flat nodes, values in a pool that is cut
// back after each item. Internal to the pql folder; one thread. Throws `budget_exceeded`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pql/cell.hpp"
#include "pql/evaluator.hpp"
#include "pql/plan.hpp"
#include "pql/scratch.hpp"
#include "json/document.hpp"

namespace waybill::pql {

class evaluation {
  public:
    explicit evaluation(const plan& what);

    bool holds(json::value profile, std::span<const event> events, std::span<const std::uint8_t> members);

    // For the plan, before the first profile.
    /// A value that stays: its place.
    std::int64_t keep(std::uint32_t constant_node);
    std::int64_t keep(const cell& constant);
    bool is_true(std::int64_t kept) const { return truth_of(pool_[static_cast<std::size_t>(kept)]); }
    std::optional<interval> time_of_kept(std::int64_t kept);

  private:
    using index = std::uint32_t;

    // Nodes (evaluation.cpp).
    bool condition(index which);
    bool decided(const node& one);
    cell value(index which);
    cell constant_of(const node& one);
    cell piped(const node& one);
    cell list(const node& one);
    cell date(const node& one);
    static bool truth_of(const cell& value);
    cell cell_of(json::value of);
    std::string_view characters_of(const cell& text, std::string& buffer);
    std::optional<interval> moment_of(const cell& value);
    void compact(cell& slice, std::size_t to);

    // Steps (evaluate_steps.cpp).
    cell stepped(const node& one, const cell& from);
    cell member(const cell& of, std::string_view name);
    void append_members(const cell& of, std::string_view name);
    void append_items(const cell& array);
    cell filtered(const node& one, const cell& from);
    bool some_item(const node& one, const cell& from);
    cell got(const node& one, const cell& from);
    cell head(const cell& from);
    cell keys(const cell& from);
    cell values(const cell& from);
    cell date_part(op what, const cell& from);
    cell calculated(const node& one, const cell& from);
    bool any_item(const cell& array, auto visit_item);
    bool is_empty(const cell& array);

    // Aggregates (evaluate_aggregates.cpp).
    struct total;
    cell counted(const cell& from);
    cell aggregated(const node& one, const cell& from);
    void gather(total& into, const cell& value);
    cell best(const node& one, const cell& from);
    cell sorting_key(const cell& value);
    bool contains_item(const cell& array, const cell& value);
    bool is_subset(const cell& array, const cell& of);
    cell set_result(op what, const cell& from, const cell& other);
    cell common_items(const cell& from, const cell* other);
    cell distinct(const cell& from);

    // Comparisons (evaluate_comparisons.cpp).
    bool compared(relation by, const cell& a, const cell& b);
    bool equal(const cell& a, const cell& b);
    bool equal_scalars(const cell& a, const cell& b);
    bool equal_objects(json::value a, json::value b);
    bool not_equal(const cell& a, const cell& b);
    bool ordered(relation by, const cell& a, const cell& b);
    bool ordered_scalars(relation by, const cell& a, const cell& b);
    bool is_in(const cell& value, const cell& array);
    bool not_in(const cell& value, const cell& array);

    // Texts (evaluate_texts.cpp).
    bool text_test(const node& one, const cell& from);
    bool like(const cell& from, const cell& pattern);
    bool matches(op how, const cell& from, std::string_view wanted, bool with_case);
    bool is_like(std::string_view text, std::string_view pattern);

    // Times, quantifiers, chains (evaluate_quantifiers.cpp).
    bool occurs(const node& one);
    bool occurs(const cell& what, const window& asked);
    bool window_holds(const node& one, index first_time, window& found);
    bool quantified(const node& one);
    cell selected(const node& one);
    std::size_t combinations(const node& one, std::size_t enough, bool every, bool& failed);
    void open_cursor(const node& binding);
    bool advance(std::size_t which, cell& item);
    bool chained(const node& one);
    bool step_found(const node& one, std::size_t& at, std::int64_t& after);

    void spend(std::int64_t units) { budget_.spend(units); }
    void cut_back(std::size_t to) {
        if (pool_.size() > to) pool_.resize(to);
    }
    cell event_at(std::size_t which) const {
        return cell::object(events_[which].record, static_cast<index>(which + 1));
    }
    const node& at(index which) const { return plan_.nodes[which]; }
    const node& child_node(const node& of, index which) const { return at(plan_.child(of, which)); }
    std::string_view text_of(const node& one) const { return plan_.source->texts[one.text]; }

    const plan& plan_;
    std::span<const event> events_{};
    std::span<const std::uint8_t> members_{};
    budget budget_{};
    std::size_t kept_ = 0; ///< constants, at the pool's bottom
    std::vector<cell> pool_{};
    std::vector<cell> contexts_;
    std::vector<cell> variables_;
    std::vector<cursor> cursors_{};
    std::vector<candidate> candidates_{};
    std::string first_text_{}, second_text_{}, first_folded_{}, second_folded_{};
};

/// Calls `visit_item` with each item until it answers true; answers whether it did.
bool evaluation::any_item(const cell& array, auto visit_item) {
    if (array.kind() == cell_kind::array) {
        for (auto at = array.document().first(); at; at = at.next()) {
            spend(1);
            if (visit_item(cell_of(at))) return true;
        }
        return false;
    }
    const auto count = array.is_slice() ? array.size() : events_.size();
    for (std::size_t i = 0; i < count; ++i) {
        spend(1);
        if (visit_item(array.is_slice() ? cell(pool_[array.begin() + i]) : event_at(i))) return true;
    }
    return false;
}

} // namespace waybill::pql
