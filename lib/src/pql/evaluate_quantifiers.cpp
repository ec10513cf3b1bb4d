#include "pql/evaluation.hpp"

#include <algorithm>
#include <limits>

namespace waybill::pql {

bool evaluation::occurs(const node& one) {
    window asked;
    if (!window_holds(one, 1, asked)) return false;
    return occurs(value(plan_.child(one, 0)), asked);
}

/// Of an array some element has to.
bool evaluation::occurs(const cell& what, const window& asked) {
    if (what.is_array()) return any_item(what, [&](const cell& item) { return occurs(item, asked); });
    const auto time = moment_of(what);
    return time && asked.contains(time->begin);
}

/// The window that a WHEN or `occurs` asks for; false when one of its times is none.
bool evaluation::window_holds(const node& one, index first_time, window& found) {
    interval times[2];
    for (auto i = first_time; i < one.count; ++i) {
        const auto time = moment_of(value(plan_.child(one, i)));
        if (!time) return false;
        times[i - first_time] = *time;
    }
    found = window_of(one, times[0], times[1]);
    return true;
}

bool evaluation::quantified(const node& one) {
    const bool every = one.what == op::for_all;
    bool failed = false;
    const auto found = combinations(one, every ? std::numeric_limits<std::size_t>::max() : 1, every, failed);
    return every ? !failed : found != 0;
}

/// The items that a `select` has; with several variables as many objects without members, as a combination
/// has no name.
cell evaluation::selected(const node& one) {
    const auto& binding = child_node(one, 0);
    if (one.count > 1) {
        bool failed = false;
        const auto count = combinations(one, std::numeric_limits<std::size_t>::max(), false, failed);
        const auto begin = pool_.size();
        pool_.resize(begin + count, cell::object({}));
        return cell::slice(begin, count, false);
    }
    const auto source = value(plan_.child(binding, 0));
    const auto begin = pool_.size();
    if (source.is_array())
        any_item(source, [&](const cell& item) {
            variables_[binding.level] = item;
            spend(visit);
            if (binding.count == 1 || condition(plan_.child(binding, 1))) pool_.push_back(item);
            return false;
        });
    return cell::slice(begin, pool_.size() - begin, source.is_slice() && source.nested());
}

/// How many combinations of items meet all conditions, `enough` at most. With `every` it ends at the first
/// condition that fails, and says so. A loop, for a quantifier may have a thousand variables.
std::size_t evaluation::combinations(const node& one, std::size_t enough, bool every, bool& failed) {
    const auto base = cursors_.size();
    std::size_t found = 0;
    open_cursor(child_node(one, 0));
    while (cursors_.size() > base && found < enough && !failed) {
        const auto inner = cursors_.size() - 1;
        const auto& binding = child_node(one, static_cast<index>(inner - base));
        cell item;
        if (!advance(inner, item)) {
            cut_back(cursors_[inner].pool);
            cursors_.pop_back();
            continue;
        }
        spend(visit);
        variables_[binding.level] = item;
        if (binding.count == 2 && !condition(plan_.child(binding, 1)))
            failed = every;
        else if (inner - base + 1 == one.count)
            ++found;
        else
            open_cursor(child_node(one, static_cast<index>(inner - base + 1)));
    }
    if (cursors_.size() > base) {
        cut_back(cursors_[base].pool);
        cursors_.resize(base);
    }
    return found;
}

void evaluation::open_cursor(const node& binding) {
    const auto mark = pool_.size();
    const auto source = value(plan_.child(binding, 0));
    const auto first = source.kind() == cell_kind::array ? source.document().first() : json::value{};
    cursors_.push_back({source, 0, first, mark});
}

bool evaluation::advance(std::size_t which, cell& item) {
    auto& from = cursors_[which];
    switch (from.array.kind()) {
    case cell_kind::array:
        if (!from.coming) return false;
        item = cell_of(from.coming);
        from.coming = from.coming.next();
        return true;
    case cell_kind::slice:
        if (from.next == from.array.size()) return false;
        item = pool_[from.array.begin() + from.next++];
        return true;
    case cell_kind::events:
        if (from.next == events_.size()) return false;
        item = event_at(from.next++);
        return true;
    default: return false;
    }
}

/// Each step takes its earliest events behind the last of the step before. Nothing bounds the gap, so no
/// later choice could do better.
bool evaluation::chained(const node& one) {
    std::size_t at = 0;
    auto after = std::numeric_limits<std::int64_t>::min();
    for (index i = 0; i < one.count; ++i)
        if (!step_found(child_node(one, i), at, after)) return false;
    return true;
}

/// Moves `at` behind the events that the step takes, and `after` to the time of the last.
bool evaluation::step_found(const node& one, std::size_t& at, std::int64_t& after) {
    window asked;
    if (one.count == 1)
        asked = plan_.windows[static_cast<std::size_t>(one.number)];
    else if (!window_holds(one, 1, asked))
        return false;
    const auto from = events_.begin() + static_cast<std::ptrdiff_t>(at);
    const auto earliest =
        after == std::numeric_limits<std::int64_t>::min() ? asked.begin : std::max(asked.begin, after + 1);
    const auto first = std::lower_bound(from, events_.end(), earliest, [](const event& e, std::int64_t time) {
        return e.occurred_at < time;
    });
    at = static_cast<std::size_t>(first - events_.begin());
    for (std::uint32_t taken = 0; at < events_.size() && events_[at].occurred_at < asked.end;) {
        spend(visit);
        contexts_[one.level] = event_at(at);
        after = events_[at].occurred_at;
        if (asked.contains(after) && condition(plan_.child(one, 0))) ++taken;
        ++at;
        if (taken == one.text) return true;
    }
    return false;
}

} // namespace waybill::pql
