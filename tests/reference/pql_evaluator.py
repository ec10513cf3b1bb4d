"""What an expression of the segment query language says of one profile with its events."""

from dataclasses import dataclass

from pql_functions import METHODS_OF_VALUES, aggregate, picked
from pql_times import Time, date_of, day_of, moved, period, time_of, unit_around
from pql_tree import *
from pql_values import *


@dataclass(frozen=True)
class Scope:
    items: tuple  # the profile, and each item that is around
    names: dict  # variables and labels

    def inside(self, item):
        return Scope((*self.items, item), self.names)

    def with_name(self, name, value):
        return Scope(self.items, self.names | {name: value})


class Evaluation:
    def __init__(self, profile, events, now, in_segment):
        self.profile = profile
        self.events = sorted(events, key=lambda event: (time_of(event["timestamp"]).start, event["_id"]))
        self.now = now
        self.in_segment = in_segment

    def holds(self, segment):
        names = {segment.parameter: self.profile} if segment.parameter else {}
        return is_true(self.value(segment.body, Scope((self.profile,), names)))

    def value(self, node, scope):
        return getattr(self, "of_" + type(node).__name__.lower())(node, scope)

    def is_true(self, node, scope):
        return is_true(self.value(node, scope))

    # --- Values

    def of_literal(self, node, _):
        return node.value

    def of_timeword(self, node, _):
        if node.word == "now":
            return Time(self.now, self.now + 1)
        today = unit_around(self.now, "day")
        days = {"yesterday": -1, "today": 0, "tomorrow": 1}[node.word]
        return unit_around(moved(today.start, days, "day"), "day")

    def of_array(self, node, scope):
        return [self.value(element, scope) for element in node.elements]

    def of_profile(self, *_):
        return self.profile

    def of_events(self, *_):
        return self.events

    def of_this(self, _, scope):
        return scope.items[-1]

    def of_up(self, node, scope):
        return member(scope.items[-1 - node.levels], node.name)

    def of_name(self, node, scope):
        return scope.names[node.name] if node.name in scope.names else member(scope.items[-1], node.name)

    def of_minus(self, node, scope):
        return negated(self.value(node.value, scope))

    def of_arithmetic(self, node, scope):
        result = self.value(node.first, scope)
        for operator, operand in node.others:
            result = calculated(operator, result, self.value(operand, scope))
        return result

    # --- What follows a value

    def of_postfix(self, node, scope):
        value = self.value(node.value, scope)
        for step in node.steps:
            value = self.step(step, value, scope)
        return value

    def step(self, step, receiver, scope):
        if isinstance(step, Member):
            return member(receiver, step.name)
        if isinstance(step, Filter):
            return self.filtered(receiver, step.condition, scope)
        return self.method(step, receiver, scope)

    def filtered(self, array, condition, scope):
        if not isinstance(array, list):
            return None
        return [item for item in array if self.is_true(condition, scope.inside(item))]

    def method(self, node, receiver, scope):
        name = node.name
        if name in ("filter", "exists"):
            found = self.filtered(receiver, node.arguments[0], scope)
            return found if name == "filter" else is_true(found)
        if name in ("sum", "average", "min", "max"):
            return self.aggregated(node, receiver, scope)
        if name in ("topN", "bottomN"):
            return self.picked(node, receiver, scope)
        arguments = [self.value(argument, scope) for argument in node.arguments]
        if name in TEXT_TESTS or name in OPPOSITES:
            with_case = len(arguments) < 2 or arguments[1] is not False
            return text_method(name, receiver, arguments[0], with_case)
        return METHODS_OF_VALUES[name](receiver, *arguments)

    def aggregated(self, node, receiver, scope):
        if receiver is not None and not isinstance(receiver, list):
            return None
        items = receiver or []
        if node.arguments:
            items = [self.value(node.arguments[0], scope.inside(item)) for item in items]
        return aggregate(node.name, numbers_in(items))

    def picked(self, node, receiver, scope):
        if not isinstance(receiver, list):
            return None
        key, most = node.arguments
        keyed = [(item, self.value(key, scope.inside(item))) for item in receiver]
        return picked(node.name, keyed, self.value(most, scope))

    def of_call(self, node, scope):
        if node.name == "if":
            condition, yes, no = node.arguments
            return self.value(yes if self.is_true(condition, scope) else no, scope)
        arguments = [self.value(argument, scope) for argument in node.arguments]
        if node.name == "inSegment":
            return self.in_segment(arguments[0])
        if node.name == "date":
            return day_of(*arguments) if all(map(is_number, arguments)) else None
        today = date_of(self.now)
        return {"currentMonth": today.month, "currentYear": today.year, "currentDayOfMonth": today.day}[node.name]

    # --- Conditions

    def of_comparison(self, node, scope):
        left, right = self.value(node.left, scope), self.value(node.right, scope)
        if node.operator == "=":
            return equal(left, right)
        return not_equal(left, right) if node.operator == "!=" else ordered(node.operator, left, right)

    def of_within(self, node, scope):
        test = within if node.word == "in" else not_within
        return test(self.value(node.value, scope), self.value(node.array, scope))

    def of_like(self, node, scope):
        return is_like(self.value(node.value, scope), self.value(node.pattern, scope))

    def of_occurs(self, node, scope):
        return self.occurs(self.value(node.value, scope), node.when, scope)

    def of_not(self, node, scope):
        return not self.is_true(node.value, scope)

    def of_junction(self, node, scope):
        test = any if node.word == "or" else all
        return test(self.is_true(part, scope) for part in node.parts)

    def of_quantified(self, node, scope):
        if node.word == "forall":
            return self.is_true_of_all(node.bindings, scope)
        found = list(self.combinations(node.bindings, scope))
        if node.word == "exists":
            return found != []
        # A tuple has no members of its own, and no name leads through it.
        return [one[0] if len(one) == 1 else {} for one in found]

    def items_of(self, binding, scope):
        """Each item with a scope in which it has its name."""
        array = self.value(binding.array, scope)
        return [(item, scope.with_name(binding.name, item)) for item in array] if isinstance(array, list) else []

    def combinations(self, bindings, scope):
        if not bindings:
            yield []
            return
        first = bindings[0]
        for item, inner in self.items_of(first, scope):
            if first.condition is None or self.is_true(first.condition, inner):
                yield from ([item, *rest] for rest in self.combinations(bindings[1:], inner))

    def is_true_of_all(self, bindings, scope):
        if not bindings:
            return True
        first = bindings[0]
        return all(
            (first.condition is None or self.is_true(first.condition, inner))
            and self.is_true_of_all(bindings[1:], inner)
            for _, inner in self.items_of(first, scope)
        )

    def of_chain(self, node, scope):
        """Each step takes the earliest events that it can."""
        last = None
        for step in node.steps:
            fitting = [event for event in self.events if (last is None or start(event) > last)]
            fitting = [event for event in fitting if self.fits(event, step, scope)]
            if len(fitting) < step.count:
                return False
            last = start(fitting[step.count - 1])
        return True

    def fits(self, event, step, scope):
        if step.when and not self.occurs(event["timestamp"], step.when, scope):
            return False
        return self.is_true(step.what, scope.with_name(step.label, event).inside(event))

    # --- When

    def occurs(self, value, when, scope):
        """Of an array some element."""
        if isinstance(value, list):
            return any(self.occurs(element, when, scope) for element in value)
        time = time_of(value)
        return time is not None and getattr(self, "when_" + type(when).__name__.lower())(time.start, when, scope)

    def time(self, node, scope):
        if isinstance(node, Period):
            return period(node.which, node.unit, self.now)
        return time_of(self.value(node, scope))

    def when_on(self, value, when, scope):
        time = self.time(when.time, scope)
        return time is not None and time.start <= value < time.end

    def when_beside(self, value, when, scope):
        time = self.time(when.time, scope)
        return time is not None and (value < time.start if when.word == "before" else value >= time.end)

    def when_between(self, value, when, scope):
        first, last = self.time(when.first, scope), self.time(when.last, scope)
        return first is not None and last is not None and first.start <= value < last.end

    def when_distance(self, value, when, scope):
        time = self.time(when.time, scope)
        if time is None or (value >= time.start if when.word == "before" else value <= time.start):
            return False
        sign = -1 if when.word == "before" else 1
        bound = moved(time.start, sign * when.count, when.unit)
        if when.operator in ("=", "!="):
            unit = unit_around(bound, when.unit)
            return (unit.start <= value < unit.end) == (when.operator == "=")
        return ORDERS[when.operator](sign * value, sign * bound)


def start(event):
    return time_of(event["timestamp"]).start
