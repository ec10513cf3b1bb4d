"""The methods of the segment query language whose arguments are values, and those that look at one item after another."""

from pql_times import date_of, time_of
from pql_values import *


def count(receiver):
    if receiver is None:
        return 0
    return len(without_nulls(receiver)) if isinstance(receiver, list) else None


def distinct(receiver):
    if not isinstance(receiver, list):
        return None
    found = []
    for element in without_nulls(receiver):
        if not is_in(element, found):
            found.append(element)
    return found


def intersection(receiver, other):
    if not isinstance(receiver, list) or not isinstance(other, list):
        return None
    return distinct([element for element in receiver if is_in(element, other)]) or None


def includes(receiver, value):
    return isinstance(receiver, list) and is_in(value, receiver)


def of_arrays(test):
    return lambda one, other: isinstance(one, list) and isinstance(other, list) and test(one, other)


def values(receiver):
    if not isinstance(receiver, dict):
        return None
    found = []
    for value in receiver.values():
        found += value if isinstance(value, list) else [value]
    return without_nulls(found)


def date_part(part):
    def read(receiver):
        time = time_of(receiver)
        return None if time is None else getattr(date_of(time.start), part)

    return read


METHODS_OF_VALUES = {
    "isNull": lambda receiver: receiver is None,
    "isNotNull": lambda receiver: receiver is not None,
    "count": count,
    "get": lambda receiver, name: member(receiver, name) if isinstance(name, str) else None,
    "includes": includes,
    "intersects": of_arrays(lambda one, other: any(is_in(element, other) for element in one)),
    "subsetOf": of_arrays(is_subset),
    "supersetOf": of_arrays(lambda one, other: is_subset(other, one)),
    "intersection": intersection,
    "distinct": distinct,
    "keys": lambda receiver: list(receiver) if isinstance(receiver, dict) else None,
    "values": values,
    "head": lambda receiver: receiver[0] if isinstance(receiver, list) and receiver else None,
    "getMonth": date_part("month"),
    "getYear": date_part("year"),
    "getDayOfMonth": date_part("day"),
}


def aggregate(name, numbers):
    if name == "sum":
        return total(numbers)
    if not numbers:
        return None
    if name == "average":
        return calculated("/", total(numbers), len(numbers))
    return min(numbers) if name == "min" else max(numbers)


def picked(name, keyed, most):
    """The items of [(item, key)] with the largest keys, or the smallest; those without a key are the last."""
    sign = -1 if name == "topN" else 1
    keyed = [(item, key if is_number(key) else start_of(key)) for item, key in keyed]
    with_key = sorted((pair for pair in keyed if pair[1] is not None), key=lambda pair: sign * pair[1])
    return [item for item, _ in with_key + [pair for pair in keyed if pair[1] is None]][:most]


def start_of(value):
    time = time_of(value)
    return None if time is None else time.start
