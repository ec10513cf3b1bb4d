#include "pql/evaluation.hpp"

#include <algorithm>

namespace waybill::pql {

struct evaluation::total {
    std::optional<number> sum = number{};
    std::int64_t count = 0;
    number least{};
    number greatest{};

    void take(const number& value) {
        if (sum) sum = add(*sum, value);
        if (count == 0 || compare(value, least) < 0) least = value;
        if (count == 0 || compare(value, greatest) > 0) greatest = value;
        ++count;
    }
};

/// Nothing has no elements; what is no array has no count.
cell evaluation::counted(const cell& from) {
    if (from.is_null()) return cell::of(number{});
    if (!from.is_array()) return {};
    std::int64_t count = 0;
    if (from.kind() == cell_kind::events)
        count = static_cast<std::int64_t>(events_.size());
    else
        any_item(from, [&](const cell& item) {
            if (!item.is_null()) ++count;
            return false;
        });
    return cell::of(number{.integer = count});
}

cell evaluation::aggregated(const node& one, const cell& from) {
    total found;
    if (from.is_array() && one.count == 0) {
        gather(found, from);
    } else if (from.is_array()) {
        any_item(from, [&](const cell& item) {
            const auto mark = pool_.size();
            contexts_[one.level] = item;
            gather(found, value(plan_.child(one, 0)));
            cut_back(mark);
            return false;
        });
    } else if (!from.is_null()) {
        return {};
    }
    if (one.what == op::sum) return found.sum ? cell::of(*found.sum) : cell{};
    if (found.count == 0) return {};
    if (one.what == op::least) return cell::of(found.least);
    if (one.what == op::greatest) return cell::of(found.greatest);
    const auto average = found.sum ? divide(*found.sum, number{.integer = found.count}) : std::nullopt;
    return average ? cell::of(*average) : cell{};
}

void evaluation::gather(total& into, const cell& value) {
    if (value.is_number()) into.take(value.as_number());
    if (value.is_array())
        any_item(value, [&](const cell& item) {
            gather(into, item);
            return false;
        });
}

/// A number, or nothing; of a time its milliseconds.
cell evaluation::sorting_key(const cell& value) {
    if (value.is_number()) return value;
    const auto time = value.as_time(first_text_);
    return time ? cell::of(number{.integer = time->begin}) : cell{};
}

cell evaluation::best(const node& one, const cell& from) {
    if (!from.is_array()) return {};
    const auto mark = candidates_.size();
    const auto begin = pool_.size();
    any_item(from, [&](const cell& item) {
        pool_.push_back(item);
        const auto kept = pool_.size();
        contexts_[one.level] = item;
        const auto key = sorting_key(value(plan_.child(one, 0)));
        cut_back(kept);
        candidates_.push_back({key, static_cast<index>(kept - 1 - begin)});
        return false;
    });
    const auto first = candidates_.begin() + static_cast<std::ptrdiff_t>(mark);
    const bool descending = one.what == op::top;
    std::sort(first, candidates_.end(), [&](const candidate& a, const candidate& b) {
        if (a.key.is_null() != b.key.is_null()) return b.key.is_null();
        if (a.key.is_null()) return a.which < b.which;
        const auto order = compare(a.key.as_number(), b.key.as_number());
        if (order == 0) return a.which < b.which;
        return descending ? order > 0 : order < 0;
    });
    const auto taken = std::min<std::size_t>(one.text, candidates_.size() - mark);
    const auto chosen = pool_.size();
    for (std::size_t i = 0; i < taken; ++i)
        pool_.push_back(pool_[begin + candidates_[mark + i].which]);
    candidates_.resize(mark);
    return cell::slice(chosen, taken, from.is_slice() && from.nested());
}

bool evaluation::contains_item(const cell& array, const cell& value) {
    return any_item(array, [&](const cell& item) { return equal(item, value); });
}

/// Nulls are no elements.
bool evaluation::is_subset(const cell& array, const cell& of) {
    return !any_item(array, [&](const cell& item) { return !item.is_null() && !contains_item(of, item); });
}

cell evaluation::set_result(op what, const cell& from, const cell& other) {
    const bool sets = from.is_array() && other.is_array();
    switch (what) {
    case op::intersects:
        return cell::of(sets && any_item(from, [&](const cell& item) { return contains_item(other, item); }));
    case op::subset_of: return cell::of(sets && is_subset(from, other));
    case op::superset_of: return cell::of(sets && is_subset(other, from));
    default: return sets ? common_items(from, &other) : cell{};
    }
}

cell evaluation::distinct(const cell& from) { return from.is_array() ? common_items(from, nullptr) : cell{}; }

/// Each once; those that the other array has too, when there is one. Null when nothing is common.
cell evaluation::common_items(const cell& from, const cell* other) {
    const auto begin = pool_.size();
    const bool nested = from.is_slice() && from.nested();
    any_item(from, [&](const cell& item) {
        if (item.is_null() || (other && !contains_item(*other, item))) return false;
        const auto found = cell::slice(begin, pool_.size() - begin, nested);
        if (!contains_item(found, item)) pool_.push_back(item);
        return false;
    });
    const auto size = pool_.size() - begin;
    return other && size == 0 ? cell{} : cell::slice(begin, size, nested);
}

} // namespace waybill::pql
