#include "pql/evaluation.hpp"

#include <algorithm>

namespace waybill::pql {
namespace {

constexpr std::int64_t most_visits = 10'000'000;
constexpr std::size_t bytes_of_a_unit = 128;
constexpr std::size_t most_cells_kept = 100'000; ///< from one profile to the next

std::int64_t cost_of(std::size_t bytes) { return static_cast<std::int64_t>(bytes / bytes_of_a_unit); }

} // namespace

evaluation::evaluation(const plan& what)
    : plan_(what), contexts_(what.source->levels), variables_(what.source->variables) {}

bool evaluation::holds(json::value profile, std::span<const event> events,
                       std::span<const std::uint8_t> members) {
    events_ = events;
    members_ = members;
    budget_.set(most_visits);
    pool_.resize(kept_);
    if (pool_.capacity() > kept_ + most_cells_kept) pool_.shrink_to_fit();
    cursors_.clear();
    candidates_.clear();
    contexts_[0] = cell::object(profile);
    return condition(plan_.source->root);
}

std::int64_t evaluation::keep(index constant_node) { return keep(value(constant_node)); }

std::int64_t evaluation::keep(const cell& constant) {
    pool_.push_back(constant);
    kept_ = pool_.size();
    return static_cast<std::int64_t>(kept_ - 1);
}

std::optional<interval> evaluation::time_of_kept(std::int64_t kept) {
    return pool_[static_cast<std::size_t>(kept)].as_time(first_text_);
}

/// What has many characters costs more.
cell evaluation::cell_of(json::value of) {
    if (of.type() == json::kind::number) spend(cost_of(of.raw().size()));
    return cell::of(of);
}

std::string_view evaluation::characters_of(const cell& text, std::string& buffer) {
    spend(cost_of(text.size()));
    return text.characters(buffer);
}

std::optional<interval> evaluation::moment_of(const cell& value) {
    if (value.is_text()) spend(cost_of(value.size()));
    return value.as_time(first_text_);
}

/// Null and false are false, and so is an empty array.
bool evaluation::truth_of(const cell& value) {
    switch (value.kind()) {
    case cell_kind::null: return false;
    case cell_kind::boolean: return value.truth();
    case cell_kind::slice: return value.size() != 0;
    case cell_kind::array: return value.document().size() != 0;
    default: return true;
    }
}

bool evaluation::condition(index which) {
    const auto mark = pool_.size();
    const bool held = decided(at(which));
    cut_back(mark);
    return held;
}

bool evaluation::decided(const node& one) {
    spend(visit);
    switch (one.what) {
    case op::all_of:
        for (index i = 0; i < one.count; ++i)
            if (!condition(plan_.child(one, i))) return false;
        return true;
    case op::any_of:
        for (index i = 0; i < one.count; ++i)
            if (condition(plan_.child(one, i))) return true;
        return false;
    case op::negation: return !condition(plan_.child(one, 0));
    case op::within:
        return occurs(value(plan_.child(one, 0)), plan_.windows[static_cast<std::size_t>(one.number)]);
    case op::occurs: return occurs(one);
    case op::in_segment: {
        const auto place = static_cast<std::size_t>(one.number);
        return place < members_.size() && members_[place] != 0;
    }
    case op::exists:
    case op::for_all:
    case op::select: return quantified(one);
    case op::chain: return chained(one);
    case op::compare:
    case op::in:
    case op::not_in:
    case op::like: {
        const auto a = value(plan_.child(one, 0));
        const auto b = value(plan_.child(one, 1));
        if (one.what == op::compare) return compared(one.relation, a, b);
        if (one.what == op::like) return like(a, b);
        return one.what == op::in ? is_in(a, b) : not_in(a, b);
    }
    default: {
        const auto found = value(static_cast<index>(&one - plan_.nodes.data()));
        return found.kind() == cell_kind::events ? !events_.empty() : truth_of(found);
    }
    }
}

cell evaluation::value(index which) {
    const auto& one = at(which);
    spend(visit);
    switch (one.what) {
    case op::constant: return pool_[static_cast<std::size_t>(one.number)];
    case op::pipeline: return piped(one);
    case op::profile: return contexts_[0];
    case op::events: return cell::events();
    case op::item: return contexts_[one.level];
    case op::variable: return variables_[one.level];
    case op::choice: return value(plan_.child(one, condition(plan_.child(one, 0)) ? 1 : 2));
    case op::negative: {
        const auto operand = value(plan_.child(one, 0));
        return operand.is_number() ? cell::of(negate(operand.as_number())) : cell{};
    }
    case op::list: return list(one);
    case op::date: return date(one);
    case op::select: return selected(one);
    case op::all_of:
    case op::any_of:
    case op::negation:
    case op::compare:
    case op::in:
    case op::not_in:
    case op::like:
    case op::occurs:
    case op::within:
    case op::in_segment:
    case op::exists:
    case op::for_all:
    case op::chain: return cell::of(condition(which));
    default: return constant_of(one);
    }
}

/// What depends on `now` at most.
cell evaluation::constant_of(const node& one) {
    const auto today = [&] { return date_of(plan_.now); };
    switch (one.what) {
    case op::boolean: return cell::of(one.number != 0);
    case op::integer: return cell::of(number{.integer = one.number});
    case op::real: return cell::of(number{.whole = false, .real = one.real});
    case op::text: return cell::of(text_of(one));
    case op::now: return cell::of(interval{plan_.now, plan_.now + 1});
    case op::day: return cell::of(period_of(plan_.now, unit::day, one.number));
    case op::period: return cell::of(period_of(plan_.now, one.unit, one.number));
    case op::current_month: return cell::of(number{.integer = today().month});
    case op::current_year: return cell::of(number{.integer = today().year});
    case op::current_day: return cell::of(number{.integer = today().day});
    default: return {};
    }
}

cell evaluation::piped(const node& one) {
    const auto mark = pool_.size();
    auto found = value(plan_.child(one, 0));
    for (index i = 1; i < one.count; ++i) {
        spend(visit);
        const auto& step = child_node(one, i);
        if (step.what == op::member && found.is_object())
            found = member(found, text_of(step));
        else
            found = stepped(step, found);
        if (found.is_slice())
            compact(found, mark);
        else
            cut_back(mark);
    }
    return found;
}

/// Moves what was left of an array to where its making began, so that a long pipeline does not fill the pool.
void evaluation::compact(cell& slice, std::size_t to) {
    if (slice.nested() || slice.begin() <= to) return;
    const auto from = pool_.begin() + slice.begin();
    std::copy(from, from + slice.size(), pool_.begin() + static_cast<std::ptrdiff_t>(to));
    pool_.resize(to + slice.size());
    slice = cell::slice(to, slice.size(), false);
}

cell evaluation::list(const node& one) {
    const auto mark = candidates_.size();
    bool nested = false;
    for (index i = 0; i < one.count; ++i) {
        const auto element = value(plan_.child(one, i));
        nested = nested || element.is_slice();
        candidates_.push_back({element, i});
    }
    const auto begin = pool_.size();
    for (auto i = mark; i < candidates_.size(); ++i)
        pool_.push_back(candidates_[i].key);
    candidates_.resize(mark);
    return cell::slice(begin, one.count, nested);
}

cell evaluation::date(const node& one) {
    number parts[3];
    for (index i = 0; i < 3; ++i) {
        const auto part = value(plan_.child(one, i));
        if (!part.is_number()) return {};
        parts[i] = part.as_number();
    }
    const auto day = day_of(parts[0], parts[1], parts[2]);
    return day ? cell::of(*day) : cell{};
}

} // namespace waybill::pql
