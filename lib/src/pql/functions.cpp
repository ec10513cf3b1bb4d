#include "pql/functions.hpp"

#include <algorithm>
#include <array>

namespace waybill::pql {
namespace {

using enum argument;
constexpr auto truth = may_be::boolean;
constexpr auto numeric = may_be::number;
constexpr auto listed = may_be::array;
constexpr auto any = may_be::anything;

constexpr std::array methods{
    method{"equals", op::equals, 1, 2, value, flag, truth},
    method{"notEqualTo", op::not_equal_to, 1, 2, value, flag, truth},
    method{"startsWith", op::starts_with, 1, 2, text, flag, truth},
    method{"doesNotStartWith", op::not_starts_with, 1, 2, text, flag, truth},
    method{"endsWith", op::ends_with, 1, 2, text, flag, truth},
    method{"doesNotEndWith", op::not_ends_with, 1, 2, text, flag, truth},
    method{"contains", op::contains, 1, 2, text, flag, truth},
    method{"doesNotContain", op::not_contains, 1, 2, text, flag, truth},
    method{"isNull", op::is_null, 0, 0, none, none, truth},
    method{"isNotNull", op::is_not_null, 0, 0, none, none, truth},
    method{"exists", op::exists_item, 1, 1, condition, none, truth},
    method{"count", op::count, 0, 0, none, none, numeric},
    method{"get", op::get, 1, 1, text, none, any},
    method{"sum", op::sum, 0, 1, amount, none, numeric},
    method{"average", op::average, 0, 1, amount, none, numeric},
    method{"min", op::least, 0, 1, amount, none, numeric},
    method{"max", op::greatest, 0, 1, amount, none, numeric},
    method{"includes", op::includes, 1, 1, value, none, truth},
    method{"intersects", op::intersects, 1, 1, array, none, truth},
    method{"subsetOf", op::subset_of, 1, 1, array, none, truth},
    method{"supersetOf", op::superset_of, 1, 1, array, none, truth},
    method{"intersection", op::intersection, 1, 1, array, none, listed},
    method{"distinct", op::distinct, 0, 0, none, none, listed},
    method{"filter", op::filter, 1, 1, condition, none, listed},
    method{"keys", op::keys, 0, 0, none, none, listed},
    method{"values", op::values, 0, 0, none, none, listed},
    method{"head", op::head, 0, 0, none, none, any},
    method{"topN", op::top, 2, 2, key, how_many, listed},
    method{"bottomN", op::bottom, 2, 2, key, how_many, listed},
    method{"getMonth", op::month_of, 0, 0, none, none, numeric},
    method{"getYear", op::year_of, 0, 0, none, none, numeric},
    method{"getDayOfMonth", op::day_of, 0, 0, none, none, numeric},
};

constexpr std::array<std::string_view, 7> functions{
    "inSegment", "date", "if", "chain", "currentMonth", "currentYear", "currentDayOfMonth"};

constexpr std::array<std::string_view, 5> foreign{"matches", "regexGroup", "groupBy", "map", "mapEntry"};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_but_for_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

template <class Names>
bool has(const Names& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

} // namespace

const method* find_method(std::string_view name) {
    const auto* const found =
        std::find_if(methods.begin(), methods.end(), [&](const method& one) { return one.name == name; });
    return found == methods.end() ? nullptr : found;
}

std::string_view spelled_otherwise(std::string_view name) {
    for (const auto& one : methods)
        if (same_but_for_case(one.name, name)) return one.name;
    for (const auto one : functions)
        if (same_but_for_case(one, name)) return one;
    return {};
}

bool is_foreign_function(std::string_view name) { return has(foreign, name); }

bool is_function(std::string_view name) { return has(functions, name); }

} // namespace waybill::pql
