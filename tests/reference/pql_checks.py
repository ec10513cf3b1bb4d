"""What is wrong with an expression that can be read: of all mistakes the first in the text.

A node's kinds are the types that its value may have, as far as they can be known without a schema.
"""

from pql_times import day_of
from pql_tokens import ExpressionError
from pql_tree import *

BOOLEAN, NUMBER, TEXT, TIME = {"boolean"}, {"number"}, {"text"}, {"time"}
LIST = {"array"}
WRITTEN_LIST = {"written array"}  # a literal, which is no condition
OBJECT = {"object"}
ANY = BOOLEAN | NUMBER | TEXT | TIME | LIST | OBJECT
CONDITIONS = BOOLEAN | LIST | OBJECT
ARRAYS = LIST | WRITTEN_LIST
TIMES = NUMBER | TEXT | TIME
MAYBE_TIMES = TIMES | ARRAYS  # some element of an array may be one

CONDITION = "a condition about an item"
WRITTEN_COUNT = "a number literal"

WITH_CASE = (1, 2, [TEXT, BOOLEAN], BOOLEAN)
OF_NUMBERS = (0, 1, [NUMBER | ARRAYS], NUMBER)
WITH_ARRAY = (1, 1, [ARRAYS], BOOLEAN)
PICKING = (2, 2, [TIMES, WRITTEN_COUNT], LIST)
METHOD_CHECKS = {  # fewest and most arguments, their kinds, the kinds of the value
    "equals": (1, 2, [ANY | WRITTEN_LIST, BOOLEAN], BOOLEAN),
    "notEqualTo": (1, 2, [ANY | WRITTEN_LIST, BOOLEAN], BOOLEAN),
    "startsWith": WITH_CASE,
    "doesNotStartWith": WITH_CASE,
    "endsWith": WITH_CASE,
    "doesNotEndWith": WITH_CASE,
    "contains": WITH_CASE,
    "doesNotContain": WITH_CASE,
    "isNull": (0, 0, [], BOOLEAN),
    "isNotNull": (0, 0, [], BOOLEAN),
    "exists": (1, 1, [CONDITION], BOOLEAN),
    "count": (0, 0, [], NUMBER),
    "get": (1, 1, [TEXT], ANY),
    "sum": OF_NUMBERS,
    "average": OF_NUMBERS,
    "min": OF_NUMBERS,
    "max": OF_NUMBERS,
    "includes": (1, 1, [ANY | WRITTEN_LIST], BOOLEAN),
    "intersects": WITH_ARRAY,
    "subsetOf": WITH_ARRAY,
    "supersetOf": WITH_ARRAY,
    "intersection": (1, 1, [ARRAYS], LIST),
    "distinct": (0, 0, [], LIST),
    "filter": (1, 1, [CONDITION], LIST),
    "keys": (0, 0, [], LIST),
    "values": (0, 0, [], LIST),
    "head": (0, 0, [], ANY),
    "topN": PICKING,
    "bottomN": PICKING,
    "getMonth": (0, 0, [], NUMBER),
    "getYear": (0, 0, [], NUMBER),
    "getDayOfMonth": (0, 0, [], NUMBER),
}
ITEM_ARGUMENTS = ["sum", "average", "min", "max", "topN", "bottomN"]  # their first argument is about an item
CALL_ARGUMENTS = {"inSegment": 1, "date": 3, "if": 3, "currentMonth": 0, "currentYear": 0, "currentDayOfMonth": 0}


def check(segment):
    checks = Checks()
    checks.condition(segment.body, 0)
    if checks.mistakes:
        raise min(checks.mistakes, key=lambda mistake: mistake.position)


class Checks:
    """`levels` counts the items that are around a node, beyond the profile."""

    def __init__(self):
        self.mistakes = []

    def mistake(self, code, node):
        self.mistakes.append(ExpressionError(code, node.at))

    def condition(self, node, levels):
        if not self.kinds(node, levels) & CONDITIONS:
            self.mistake("not_boolean", node)

    def operand(self, node, levels, fitting):
        if not self.kinds(node, levels) & fitting:
            self.mistake("type_mismatch", node)

    def kinds(self, node, levels):
        return getattr(self, "of_" + type(node).__name__.lower())(node, levels)

    # --- Values

    def of_literal(self, node, _):
        return BOOLEAN if isinstance(node.value, bool) else TEXT if isinstance(node.value, str) else NUMBER

    def of_timeword(self, *_):
        return TIME

    def of_array(self, node, levels):
        for element in node.elements:
            self.kinds(element, levels)
        return WRITTEN_LIST

    def of_profile(self, *_):
        return ANY

    of_this = of_name = of_profile

    def of_events(self, *_):
        return LIST

    def of_up(self, node, levels):
        if node.levels > levels:
            self.mistake("unknown_variable", node)
        return ANY

    def of_minus(self, node, levels):
        self.kinds(node.value, levels)
        return NUMBER

    def of_arithmetic(self, node, levels):
        for operand in [node.first, *(operand for _, operand in node.others)]:
            self.kinds(operand, levels)
        return NUMBER

    # --- What follows a value

    def of_postfix(self, node, levels):
        kinds = self.kinds(node.value, levels)
        for step in node.steps:
            kinds = self.kinds(step, levels)
        return kinds

    def of_member(self, *_):
        return ANY

    def of_filter(self, node, levels):
        self.condition(node.condition, levels + 1)
        return LIST

    def of_method(self, node, levels):
        fewest, most, wanted, result = METHOD_CHECKS[node.name]
        inner = levels + 1 if node.name in ITEM_ARGUMENTS else levels
        if not fewest <= len(node.arguments) <= most:
            self.mistake("wrong_arguments", node)
            wanted = [CONDITION if CONDITION in wanted else ANY | WRITTEN_LIST] * len(node.arguments)
        for number, (argument, kinds) in enumerate(zip(node.arguments, wanted)):
            if kinds is CONDITION:
                self.condition(argument, levels + 1)
            elif kinds is WRITTEN_COUNT:
                self.written_count(argument, levels)
            else:
                self.operand(argument, inner if number == 0 else levels, kinds)
        return result

    def written_count(self, node, levels):
        self.kinds(node, levels)
        value = node.value if isinstance(node, Literal) else None
        if not isinstance(value, int) or isinstance(value, bool):
            self.mistake("type_mismatch", node)

    def of_call(self, node, levels):
        if len(node.arguments) != CALL_ARGUMENTS[node.name]:
            self.mistake("wrong_arguments", node)
            for argument in node.arguments:
                self.kinds(argument, levels)
            return {"if": ANY, "date": TIME, "inSegment": BOOLEAN}.get(node.name, NUMBER)
        return getattr(self, "call_" + node.name.lower(), lambda *_: NUMBER)(node, levels)

    def call_insegment(self, node, _):
        if not isinstance(node.arguments[0], Literal) or not isinstance(node.arguments[0].value, str):
            self.mistake("type_mismatch", node.arguments[0])
        return BOOLEAN

    def call_date(self, node, levels):
        for argument in node.arguments:
            self.operand(argument, levels, NUMBER)
        written = [written_number(argument) for argument in node.arguments]
        if None not in written and day_of(*written) is None:
            self.mistake("invalid_date", node)
        return TIME

    def call_if(self, node, levels):
        self.condition(node.arguments[0], levels)
        return self.kinds(node.arguments[1], levels) | self.kinds(node.arguments[2], levels)

    # --- Conditions

    def of_comparison(self, node, levels):
        self.kinds(node.left, levels)
        self.kinds(node.right, levels)
        return BOOLEAN

    def of_within(self, node, levels):
        self.kinds(node.value, levels)
        self.operand(node.array, levels, ARRAYS)
        return BOOLEAN

    def of_like(self, node, levels):
        self.kinds(node.value, levels)
        self.kinds(node.pattern, levels)
        return BOOLEAN

    def of_occurs(self, node, levels):
        self.operand(node.value, levels, MAYBE_TIMES)
        self.when(node.when, levels)
        return BOOLEAN

    def of_not(self, node, levels):
        self.condition(node.value, levels)
        return BOOLEAN

    def of_junction(self, node, levels):
        for part in node.parts:
            self.condition(part, levels)
        return BOOLEAN

    def of_quantified(self, node, levels):
        for binding in node.bindings:
            self.kinds(binding.array, levels)
            if binding.condition:
                self.condition(binding.condition, levels)
        return LIST if node.word == "select" else BOOLEAN

    def of_chain(self, node, levels):
        for step in node.steps:
            self.condition(step.what, levels + 1)
            if step.when:
                self.when(step.when, levels)
        return BOOLEAN

    def when(self, when, levels):
        times = [when.first, when.last] if isinstance(when, Between) else [when.time]
        for time in times:
            if not isinstance(time, Period):
                self.operand(time, levels, TIMES)


def written_number(node):
    """The number that stands there, perhaps with a minus, or None."""
    if isinstance(node, Minus):
        value = written_number(node.value)
        return None if value is None else -value
    is_number = isinstance(node, Literal) and not isinstance(node.value, (bool, str))
    return node.value if is_number else None
