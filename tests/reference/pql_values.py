"""Values of the segment query language: null is None, a time is a Time, the others are Python's own.

An integer is always one of 64 bits; every other number is a double.
"""

import math

from pql_folding import fold
from pql_times import Time, time_of
from pql_words import number
from spelled_json import Number


def read_value(value):
    """A JSON value with spelled numbers as one of the language's: a member that is null is none."""
    if isinstance(value, Number):
        return number(value)
    if isinstance(value, dict):
        return {name: read_value(member) for name, member in value.items() if member is not None}
    return [read_value(element) for element in value] if isinstance(value, list) else value


def is_true(value):
    return value is not None and value is not False and value != []


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def member(value, name):
    """The step of a path."""
    if isinstance(value, dict):
        return value.get(name)
    if not isinstance(value, list):
        return None
    found = []
    for element in value:
        below = member(element, name)
        found += below if isinstance(below, list) else [below]
    return without_nulls(found) or None


def without_nulls(array):
    return [element for element in array if element is not None]


# --- Comparing


def equal(one, other):
    if one is None or other is None:
        return False
    if isinstance(one, list) and isinstance(other, list):
        return is_subset(one, other) and is_subset(other, one)
    if isinstance(one, list) or isinstance(other, list):
        array, single = (one, other) if isinstance(one, list) else (other, one)
        return any(equal(element, single) for element in array)
    if isinstance(one, Time) or isinstance(other, Time):
        times = time_of(one), time_of(other)
        return None not in times and times[0].start == times[1].start
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(one[name], other[name]) for name in one)
    if isinstance(one, bool) or isinstance(other, bool):
        return as_boolean(one) is not None and as_boolean(one) == as_boolean(other)
    same_type = is_number(one) and is_number(other) or isinstance(one, str) and isinstance(other, str)
    return same_type and one == other


def as_boolean(value):
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value) if isinstance(value, str) else None


def is_subset(part, whole):
    return all(is_in(element, whole) for element in without_nulls(part))


def is_in(value, array):
    return any(equal(value, element) for element in array)


def not_equal(one, other):
    if one is None or other is None or one == [] or other == []:
        return False
    single = not isinstance(one, list) and not isinstance(other, list)
    if single and (isinstance(one, Time) or isinstance(other, Time)) and None in (time_of(one), time_of(other)):
        return False
    return not equal(one, other)


ORDERS = {
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}


def ordered(operator, one, other):
    if isinstance(one, list) and isinstance(other, list):
        return False
    if isinstance(one, list):
        return any(ordered(operator, element, other) for element in one)
    if isinstance(other, list):
        return any(ordered(operator, one, element) for element in other)
    if isinstance(one, Time) or isinstance(other, Time):
        one, other = time_of(one), time_of(other)
        return one is not None and other is not None and ORDERS[operator](one.start, other.start)
    if is_number(one) and is_number(other) or isinstance(one, str) and isinstance(other, str):
        return ORDERS[operator](one, other)
    return False


def within(value, array):
    if not isinstance(array, list):
        return False
    elements = value if isinstance(value, list) else []
    return is_in(value, array) or any(is_in(element, array) for element in elements)


def not_within(value, array):
    return value is not None and value != [] and isinstance(array, list) and not within(value, array)


# --- Texts

TEXT_TESTS = {
    "equals": lambda text, part: text == part,
    "startsWith": lambda text, part: text.startswith(part),
    "endsWith": lambda text, part: text.endswith(part),
    "contains": lambda text, part: part in text,
}
OPPOSITES = {
    "notEqualTo": "equals",
    "doesNotStartWith": "startsWith",
    "doesNotEndWith": "endsWith",
    "doesNotContain": "contains",
}


def text_method(name, receiver, argument, with_case):
    if name in OPPOSITES:
        is_one = isinstance(receiver, str) or isinstance(receiver, list) and receiver != []
        positive = text_method(OPPOSITES[name], receiver, argument, with_case)
        return is_one and isinstance(argument, str) and not positive
    if isinstance(receiver, list):
        return any(text_method(name, element, argument, with_case) for element in receiver)
    if not isinstance(receiver, str) or not isinstance(argument, str):
        return False
    folded = (lambda text: text) if with_case else fold
    return TEXT_TESTS[name](folded(receiver), folded(argument))


def is_like(value, pattern):
    if isinstance(value, list):
        return any(is_like(element, pattern) for element in value)
    return isinstance(value, str) and isinstance(pattern, str) and fits(value, pattern)


def fits(text, pattern):
    """Whether the whole text fits: % is any text, _ one character."""
    ends = {0}  # where the part of the pattern that was looked at may end in the text
    for wanted in pattern:
        if wanted == "%":
            ends = set(range(min(ends), len(text) + 1)) if ends else ends
        else:
            ends = {end + 1 for end in ends if end < len(text) and wanted in ("_", text[end])}
    return len(text) in ends


# --- Numbers


def calculated(operator, one, other):
    """Null when it is no number: for other types, by 0, and where doubles give none."""
    if not is_number(one) or not is_number(other) or (operator in "/%" and other == 0):
        return None
    if isinstance(one, int) and isinstance(other, int) and operator != "/":
        exact = exactly(operator, one, other)
        if -(2**63) <= exact < 2**63:
            return exact
    return in_doubles(operator, float(one), float(other))


def exactly(operator, one, other):
    if operator == "%":
        return abs(one) % abs(other) * (-1 if one < 0 else 1)
    return one + other if operator == "+" else one - other if operator == "-" else one * other


def in_doubles(operator, one, other):
    if operator == "%":
        result = math.nan if math.isinf(one) else math.fmod(one, other)
    elif operator == "/":
        result = one / other
    else:
        result = exactly(operator, one, other)
    return None if math.isnan(result) else result


def negated(value):
    return calculated("-", 0, value) if isinstance(value, int) else -value if is_number(value) else None


def numbers_in(value):
    """The numbers of an array, also of the arrays in it, in their order."""
    if isinstance(value, list):
        return [number for element in value for number in numbers_in(element)]
    return [value] if is_number(value) else []


def total(numbers):
    """None when doubles give none, as for infinity less infinity."""
    result = 0
    for summand in numbers:
        result = calculated("+", result, summand)
    return result
