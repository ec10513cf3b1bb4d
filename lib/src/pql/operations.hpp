// What a node of an expression's tree may do. Internal to the pql folder; constants.
#pragma once

#include <cstdint>

namespace waybill::pql {

enum class op : std::uint8_t {
    // Values. `number`, `real`, `text` or the children say which.
    boolean,
    integer,
    real,
    text,
    list, ///< of its children
    day,  ///< the day of `now`, and so many days later: `number`
    now,
    date,   ///< of year, month, day
    period, ///< the `unit` of `now`, and so many later: `number`
    current_month,
    current_year,
    current_day,
    profile,
    events,
    item,     ///< that the context on `level` is about; 0 is the profile
    variable, ///< in slot `level`
    choice,   ///< of condition, then, else
    negative,
    pipeline, ///< the first child's value, given to each step that follows

    // Conditions.
    all_of,
    any_of,
    negation,
    compare, ///< by `relation`
    in,
    not_in,
    like,
    occurs,     ///< its first child, as the children behind it and `moment`, `relation`, `unit`, `number` say
    in_segment, ///< the segment's place: `number`
    exists,     ///< of bindings
    for_all,
    select,     ///< also a value: the items
    binding,    ///< slot `level`: the source, and a condition unless there is none
    chain,      ///< of steps
    chain_step, ///< the condition, whose context is on `level`, then a WHEN like that of `occurs`; `text` is
                ///< its COUNT

    // Steps of a pipeline; their children are arguments.
    member, ///< `text`
    filter, ///< an item's condition; its context is on `level`, as with all that look at items
    plus,
    minus,
    times,
    divided,
    remainder,
    equals,
    not_equal_to,
    starts_with,
    not_starts_with,
    ends_with,
    not_ends_with,
    contains,
    not_contains,
    is_null,
    is_not_null,
    exists_item,
    count,
    get,
    sum,
    average,
    least,
    greatest,
    includes,
    intersects,
    subset_of,
    superset_of,
    intersection,
    distinct,
    keys,
    values,
    head,
    top, ///< `text` is how many
    bottom,
    month_of,
    year_of,
    day_of,

    // Of an evaluator, once `now` is known.
    constant, ///< in place `number`
    within,   ///< its first child occurs in the window `number`
};

enum class relation : std::uint8_t { equal, not_equal, less, less_equal, greater, greater_equal };

/// What a time is asked for.
enum class moment : std::uint8_t {
    any, ///< a step without WHEN
    on,
    before,
    after,
    between,         ///< of two times
    distance_before, ///< `relation`, `number` and `unit` before a time
    distance_after,
};

enum class unit : std::uint8_t {
    millisecond,
    second,
    minute,
    hour,
    day,
    week,
    month,
    year,
    decade,
    century,
    millennium,
};

} // namespace waybill::pql
