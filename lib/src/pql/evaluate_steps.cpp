#include "pql/evaluation.hpp"

namespace waybill::pql {

cell evaluation::stepped(const node& one, const cell& from) {
    switch (one.what) {
    case op::member: return member(from, text_of(one));
    case op::filter: return filtered(one, from);
    case op::plus:
    case op::minus:
    case op::times:
    case op::divided:
    case op::remainder: return calculated(one, from);
    case op::equals:
    case op::not_equal_to:
    case op::starts_with:
    case op::not_starts_with:
    case op::ends_with:
    case op::not_ends_with:
    case op::contains:
    case op::not_contains: return cell::of(text_test(one, from));
    case op::is_null: return cell::of(from.is_null());
    case op::is_not_null: return cell::of(!from.is_null());
    case op::exists_item: return cell::of(some_item(one, from));
    case op::count: return counted(from);
    case op::get: return got(one, from);
    case op::sum:
    case op::average:
    case op::least:
    case op::greatest: return aggregated(one, from);
    case op::includes: return cell::of(from.is_array() && contains_item(from, value(plan_.child(one, 0))));
    case op::intersects:
    case op::subset_of:
    case op::superset_of:
    case op::intersection: return set_result(one.what, from, value(plan_.child(one, 0)));
    case op::distinct: return distinct(from);
    case op::keys: return keys(from);
    case op::values: return values(from);
    case op::head: return head(from);
    case op::top:
    case op::bottom: return best(one, from);
    case op::month_of:
    case op::year_of:
    case op::day_of: return date_part(one.what, from);
    default: return {};
    }
}

/// The member of an object; of an array that of every element, flattened once, without nulls.
cell evaluation::member(const cell& of, std::string_view name) {
    if (of.is_object()) {
        const auto found = cell::of(of.document().member(name));
        constexpr std::size_t length_of_date = 10;
        if (of.event_number() == 0 || !found.is_text() || found.size() <= length_of_date ||
            name != "timestamp")
            return found;
        return found.at_moment(events_[of.event_number() - 1].occurred_at);
    }
    if (!of.is_array()) return {};
    const auto begin = pool_.size();
    append_members(of, name);
    const auto size = pool_.size() - begin;
    return size == 0 ? cell{} : cell::slice(begin, size, false);
}

void evaluation::append_members(const cell& of, std::string_view name) {
    any_item(of, [&](const cell& item) {
        if (item.is_array()) {
            append_members(item, name);
        } else if (item.is_object()) {
            const auto found = member(item, name);
            if (found.kind() == cell_kind::array)
                append_items(found);
            else if (!found.is_null())
                pool_.push_back(found);
        }
        return false;
    });
}

/// Those that are not null.
void evaluation::append_items(const cell& array) {
    any_item(array, [&](const cell& item) {
        if (!item.is_null()) pool_.push_back(item);
        return false;
    });
}

cell evaluation::filtered(const node& one, const cell& from) {
    if (!from.is_array()) return {};
    const auto begin = pool_.size();
    any_item(from, [&](const cell& item) {
        contexts_[one.level] = item;
        if (condition(plan_.child(one, 0))) pool_.push_back(item);
        return false;
    });
    return cell::slice(begin, pool_.size() - begin, from.is_slice() && from.nested());
}

bool evaluation::some_item(const node& one, const cell& from) {
    return from.is_array() && any_item(from, [&](const cell& item) {
               contexts_[one.level] = item;
               return condition(plan_.child(one, 0));
           });
}

cell evaluation::got(const node& one, const cell& from) {
    const auto key = value(plan_.child(one, 0));
    return key.is_text() ? member(from, key.characters(second_text_)) : cell{};
}

cell evaluation::head(const cell& from) {
    cell found;
    if (from.is_array())
        any_item(from, [&](const cell& item) {
            found = item;
            return true;
        });
    return found;
}

cell evaluation::keys(const cell& from) {
    if (!from.is_object()) return {};
    const auto begin = pool_.size();
    for (auto at = from.document().first(); at; at = at.next()) {
        spend(1);
        pool_.push_back(cell::of(at.key()));
    }
    return cell::slice(begin, pool_.size() - begin, false);
}

/// Without nulls; arrays among them are flattened once.
cell evaluation::values(const cell& from) {
    if (!from.is_object()) return {};
    const auto begin = pool_.size();
    for (auto at = from.document().first(); at; at = at.next()) {
        spend(1);
        const auto found = cell::of(at);
        if (found.is_array())
            append_items(found);
        else if (!found.is_null())
            pool_.push_back(found);
    }
    return cell::slice(begin, pool_.size() - begin, false);
}

cell evaluation::date_part(op what, const cell& from) {
    const auto time = from.as_time(first_text_);
    if (!time) return {};
    const auto date = date_of(time->begin);
    return cell::of(number{.integer = what == op::month_of  ? date.month
                                      : what == op::year_of ? date.year
                                                            : date.day});
}

cell evaluation::calculated(const node& one, const cell& from) {
    const auto operand = value(plan_.child(one, 0));
    if (!from.is_number() || !operand.is_number()) return {};
    const auto a = from.as_number();
    const auto b = operand.as_number();
    std::optional<number> result;
    switch (one.what) {
    case op::plus: result = add(a, b); break;
    case op::minus: result = subtract(a, b); break;
    case op::times: result = multiply(a, b); break;
    case op::divided: result = divide(a, b); break;
    default: result = remainder(a, b); break;
    }
    return result ? cell::of(*result) : cell{};
}

} // namespace waybill::pql
