#include "pql/evaluation.hpp"

namespace waybill::pql {
namespace {

bool fits(relation by, std::strong_ordering order) {
    switch (by) {
    case relation::less: return order < 0;
    case relation::less_equal: return order <= 0;
    case relation::greater: return order > 0;
    default: return order >= 0;
    }
}

/// The texts `true` and `false` stand for the booleans.
bool is_spelled(bool truth, std::string_view text) { return text == (truth ? "true" : "false"); }

} // namespace

bool evaluation::compared(relation by, const cell& a, const cell& b) {
    if (by == relation::equal) return equal(a, b);
    if (by == relation::not_equal) return not_equal(a, b);
    return ordered(by, a, b);
}

/// An array has the value as an element; two arrays are equal as sets. Null equals nothing.
bool evaluation::equal(const cell& a, const cell& b) {
    spend(1);
    if (a.is_null() || b.is_null()) return false;
    if (a.is_array() && b.is_array()) return is_subset(a, b) && is_subset(b, a);
    if (a.is_array()) return contains_item(a, b);
    if (b.is_array()) return contains_item(b, a);
    return equal_scalars(a, b);
}

bool evaluation::equal_scalars(const cell& a, const cell& b) {
    if (a.is_time() || b.is_time()) {
        const auto left = a.as_time(first_text_);
        const auto right = b.as_time(first_text_);
        return left && right && left->begin == right->begin;
    }
    if (a.is_number() && b.is_number()) return compare(a.as_number(), b.as_number()) == 0;
    if (a.is_text() && b.is_text()) return a.characters(first_text_) == b.characters(second_text_);
    if (a.is_object() && b.is_object()) return equal_objects(a.document(), b.document());
    if (a.kind() == cell_kind::boolean) {
        if (b.is_text()) return is_spelled(a.truth(), b.characters(first_text_));
        return b.kind() == cell_kind::boolean && a.truth() == b.truth();
    }
    return b.kind() == cell_kind::boolean && a.is_text() && is_spelled(b.truth(), a.characters(first_text_));
}

/// Member by member; one that is null is as good as one that is not there.
bool evaluation::equal_objects(json::value a, json::value b) {
    std::int64_t wanted = 0;
    for (auto at = a.first(); at; at = at.next()) {
        if (at.is_null()) continue;
        spend(1 + static_cast<std::int64_t>(b.size() / visit));
        if (!equal(cell::of(at), cell::of(b.member(at.key())))) return false;
        ++wanted;
    }
    for (auto at = b.first(); at; at = at.next())
        if (!at.is_null()) --wanted;
    return wanted == 0;
}

/// Not the opposite of `equal`: both have to be there, and neither an empty array.
bool evaluation::not_equal(const cell& a, const cell& b) {
    if (a.is_null() || b.is_null() || is_empty(a) || is_empty(b)) return false;
    const bool readable = (a.is_array() || !b.is_time() || a.as_time(first_text_)) &&
                          (b.is_array() || !a.is_time() || b.as_time(first_text_));
    return readable && !equal(a, b);
}

bool evaluation::is_empty(const cell& array) {
    return array.is_array() && !any_item(array, [](const cell&) { return true; });
}

bool evaluation::ordered(relation by, const cell& a, const cell& b) {
    spend(1);
    if (a.is_array() && b.is_array()) return false;
    if (a.is_array()) return any_item(a, [&](const cell& item) { return ordered(by, item, b); });
    if (b.is_array()) return any_item(b, [&](const cell& item) { return ordered(by, a, item); });
    return ordered_scalars(by, a, b);
}

bool evaluation::ordered_scalars(relation by, const cell& a, const cell& b) {
    if (a.is_time() || b.is_time()) {
        const auto left = a.as_time(first_text_);
        const auto right = b.as_time(first_text_);
        return left && right && fits(by, left->begin <=> right->begin);
    }
    if (a.is_number() && b.is_number()) return fits(by, compare(a.as_number(), b.as_number()));
    if (!a.is_text() || !b.is_text()) return false;
    return fits(by, a.characters(first_text_) <=> b.characters(second_text_));
}

bool evaluation::is_in(const cell& value, const cell& array) {
    if (!array.is_array()) return false;
    if (!value.is_array()) return contains_item(array, value);
    return any_item(value, [&](const cell& item) { return contains_item(array, item); });
}

bool evaluation::not_in(const cell& value, const cell& array) {
    return !value.is_null() && array.is_array() && !is_empty(value) && !is_in(value, array);
}

} // namespace waybill::pql
