#!/usr/bin/env python3
"""Random expressions of the segment query language with profiles and events to ask about.

    expressions.py --seeds A-B            prints scenarios, one a line; pql.py tells the format

Names and values come from small pools, so that answers are often true. An expression grows along the types that members
mostly have, and leaves them now and then; one of eight is broken.
"""

import argparse
import random

from broken_expressions import Breaker
from expression_documents import Documents, Values
from expression_pools import *
from pql_tokens import tokens_of
from scenarios import seeds_of
from spelled_json import write

OPERATORS = ["=", "=", "=", "!=", "<", "<=", ">", ">="]
TEXT_METHODS = ["equals", "notEqualTo", "startsWith", "doesNotStartWith", "endsWith", "doesNotEndWith", "contains", "doesNotContain"]
VALUES = ["text", "number", "time", "boolean", "texts", "numbers", "times", "object", "order"]
ITEMS = ["order", "line", "event"]


class Place:
    """What names mean where a part of an expression stands."""

    def __init__(self, kinds, variables=()):
        self.kinds = kinds  # the profile, and each item that is around
        self.variables = variables  # [(name, kind)]

    def inside(self, kind):
        return Place([*self.kinds, kind], self.variables)

    def with_variable(self, name, kind):
        return Place(self.kinds, (*self.variables, (name, kind)))

    def roots(self):
        """[(how a path may begin, the kind that it begins in)]"""
        up = [("^" * level, kind) for level, kind in enumerate(reversed(self.kinds)) if level]
        named = [(name + ".", kind) for name, kind in self.variables]
        bare = [("", self.kinds[-1])] * 3 + [("this.", self.kinds[-1])]
        return bare + [("$1.", "profile")] + 2 * up + 3 * named


class Expressions:
    def __init__(self, random, values):
        self.random = random
        self.values = values

    def chance(self, percent):
        return self.random.random() * 100 < percent

    def pick(self, choices):
        return self.random.choice(choices)

    def one_of(self, choices, *arguments):
        return self.pick(choices)(*arguments)

    def whole(self):
        head, place = "", Place(["profile"])
        if self.chance(6):
            name = self.pick(["P", "Profile", "a"])
            head, place = f"({name}) => ", place.with_variable(name, "profile")
        return head + self.condition(place, self.pick([0, 1, 1, 2, 2, 3]))

    # --- Conditions

    def condition(self, place, depth):
        if depth and self.chance(35):
            return self.one_of([self.junction, self.junction, self.negation, self.bracketed], place, depth - 1)
        if depth and self.chance(60):
            about_items = [self.filtered] * 3 + [self.quantified] * 4 + [self.chain] * 3 + [self.picked]
            return self.one_of([*about_items, self.if_condition, self.mixed], place, depth)
        simple = [self.compared] * 4 + [self.within, self.text_method, self.text_method, self.null_test, self.bare, self.like]
        simple += [self.occurs] * 3 + [self.sets] * 2 + [self.equal_sets, self.calculated, self.calculated, self.constant]
        return self.one_of([*simple, self.in_segment, self.counted, self.aggregated], place, depth)

    def junction(self, place, depth):
        word = self.pick([" and ", " or "])
        return word.join(self.operand(place, depth) for _ in range(self.pick([2, 2, 3])))

    def operand(self, place, depth):
        """A condition that takes nothing to its right."""
        return self.closed(self.condition(place, depth))

    def closed(self, text):
        takes_all = any(f"{word} {name} from" in text for word in ("exists", "forall", "select") for name in "EFI")
        return f"({text})" if takes_all or self.chance(20) else text

    def negation(self, place, depth):
        return self.pick(["not ", "not ", "!"]) + f"({self.condition(place, depth)})" if self.chance(80) else "not " + self.compared(place)

    def bracketed(self, place, depth):
        return f"({self.condition(place, depth)})"

    def if_condition(self, place, depth):
        parts = ", ".join(self.condition(place, depth - 1) for _ in range(3))
        return f"if({parts})"

    def compared(self, place, depth=0):
        kind = self.pick(["text", "number", "number", "time", "boolean", "texts", "numbers", "object", "times"])
        if self.chance(12):
            kind = self.pick(VALUES)
        return f"{self.value(place, kind, depth)} {self.pick(OPERATORS)} {self.value(place, self.other_kind(kind), depth)}"

    def other_kind(self, kind):
        if self.chance(8):
            return self.pick(VALUES)
        single = {"texts": "text", "numbers": "number", "times": "time"}
        return single[kind] if kind in single and self.chance(60) else kind

    def mixed(self, place, depth):
        return f"{self.value(place, self.pick(VALUES), depth)} {self.pick(OPERATORS)} {self.value(place, self.pick(VALUES), depth)}"

    def within(self, place, depth=0):
        kind = self.pick(["text", "number", "time", "texts", "numbers"])
        array = kind.rstrip("s") + "s"
        right = self.array(place, array) if self.chance(50) else self.path(place, array)
        return f"{self.value(place, kind, depth)} {self.pick(['in', 'notIn'])} {right}"

    def text_method(self, place, depth=0):
        receiver = self.value(place, self.pick(["text", "texts"]) if self.chance(90) else self.pick(VALUES), depth)
        argument = self.path(place, "text") if self.chance(15) else self.text()
        flag = self.pick(["", "", ", false", ", false", ", true", ", flag"])
        return f"{self.receiver(receiver)}.{self.pick(TEXT_METHODS)}({argument}{flag})"

    def receiver(self, text):
        return f"({text})" if any(blank in text for blank in " -") else text

    def null_test(self, place, depth=0):
        return f"{self.receiver(self.value(place, self.pick(VALUES), depth))}.{self.pick(['isNull', 'isNotNull'])}()"

    def bare(self, place, depth=0):
        return self.path(place, self.pick(VALUES))

    def like(self, place, depth=0):
        pattern = self.pick(['"%x%"', '"x%"', '"_"', '"%"', '"%y"', '"x_"', '"%_%"', '""', "b", '"%É%"', '"\\ud83d\\ude00_"'])
        return f"{self.value(place, self.pick(['text', 'texts', 'text', 'number']), depth)} like {pattern}"

    def constant(self, place, depth=0):
        return self.pick(["true", "false"])

    def in_segment(self, place, depth=0):
        return f'inSegment("{self.pick(SEGMENTS)}")'

    def counted(self, place, depth=0):
        kind = self.pick(["order", "line", "event", "texts", "numbers", "text", "object"])
        return f"{self.path(place, kind)}.count() {self.pick(OPERATORS)} {self.pick(['0', '1', '2', '3'])}"

    def aggregated(self, place, depth=0):
        return f"{self.aggregate(place)} {self.pick(OPERATORS)} {self.number()}"

    def sets(self, place, depth=0):
        kind = self.pick(["texts", "numbers", "times"])
        name = self.pick(["includes", "includes", "intersects", "subsetOf", "supersetOf"])
        other = self.value(place, kind[:-1], 0) if name == "includes" else self.array(place, kind)
        return f"{self.array(place, kind)}.{name}({other})"

    def equal_sets(self, place, depth=0):
        kind = self.pick(["texts", "texts", "numbers"])
        written = [self.text() if kind == "texts" else self.number() for _ in range(self.pick([0, 1, 2, 2, 3, 4]))]
        return f"{self.path(place, kind)} {self.pick(['=', '=', '!='])} [{', '.join(written)}]"

    def calculated(self, place, depth=0):
        """Two small sums with operands of one group are often equal, or nearly."""
        left, right = (self.two_numbers(place) for _ in "12")
        if self.chance(15):
            return f"({left}).isNull()"
        right = self.pick([right, right, self.number()])
        return f"{left} {self.pick(OPERATORS)} {right}"

    def two_numbers(self, place):
        first, second = (self.number() if self.chance(65) else self.path(place, "number") for _ in "12")
        return f"{self.pick(['', '', '-'])}{first} {self.pick('+-*/%%')} {second}"

    # --- Items

    def items(self, place, depth=0):
        """(text, kind of the items)"""
        kind = self.pick(ITEMS)
        text = self.path(place, kind)
        if depth and self.chance(25):
            text += f"[{self.condition(place.inside(kind), depth - 1)}]"
        return text, kind

    def filtered(self, place, depth):
        text, kind = self.items(place)
        if self.chance(15):
            text, kind = self.path(place, self.pick(["texts", "numbers"])), "line"
        inner = self.condition(place.inside(kind), depth - 1)
        if kind == "line" and self.chance(25):
            inner = self.pick(['this = "x"', "this > 1", "this.isNull()", 'this.contains("x")'])
        text += self.pick([f"[{inner}]", f".exists({inner})", f".filter({inner})"])
        if text.endswith(".exists(" + inner + ")"):
            return text
        return text + self.pick(["", ".count() = 1", ".count() > 0", ".isNull()", ".sku = \"x\"", ".qty > 1", "[true].count() <= 2"])

    def quantified(self, place, depth):
        word = self.pick(["exists", "exists", "forall", "select"])
        bindings = [self.binding(place, name, depth) for name in self.random.sample("EFI", 1)]
        text, place = bindings[0]
        for name in self.random.sample(["E2", "a", "V"], self.pick([0, 0, 1, 2])):
            more, place = self.binding(place, name, depth)
            text += ", " + more
        if word == "select" and self.chance(40):
            return f"(select {text})" + self.pick([".count() > 1", ".sku = \"x\"", ".n = 1", ".head().isNotNull()", "[true]"])
        return f"{word} {text}"

    def binding(self, place, name, depth):
        text, kind = self.items(place, depth - 1)
        if self.chance(8):
            text, kind = self.path(place, self.pick(["texts", "numbers", "object", "text"])), "object"
        inner = place.with_variable(name, kind)
        if self.chance(25):
            return f"{name} from {text}", inner
        condition = self.about(name, kind, inner) if self.chance(50) else self.condition(inner, depth - 1)
        return f"{name} from {text}{self.pick([' where ', ' where ', ' : '])}{self.closed(condition)}", inner

    def about(self, name, kind, place):
        """A condition that is often true of an item."""
        choices = [f"{name}.n > 0", f'{name}.sku != "y"', f'{name}.eventType = "x"', f"{name}.qty <= 2", f"{name}.tags"]
        choices += [f"{other}.n != {name}.n or {other}.sku = {name}.sku" for other, _ in place.variables]
        choices += [f"{name}.timestamp occurs < 8 days after {other}.timestamp" for other, _ in place.variables]
        return self.pick(choices)

    def chain(self, place, depth):
        steps = ", ".join(self.step(place, depth, label) for label in "ABC"[: self.pick([1, 1, 1, 2, 2, 3])])
        return f"{self.pick(['chain', 'CHAIN', 'Chain'])}(xEvent, timestamp, [{steps}])"

    def step(self, place, depth, label):
        inner = place.inside("event").with_variable(label, "event")
        what = self.pick(['eventType = "x"', "true", 'eventType = "y"', self.condition(inner, depth - 1)])
        when = f" WHEN({self.when(place)})" if self.chance(35) else ""
        count = f" COUNT({self.pick(['1', '1', '2', '3'])})" if self.chance(30) else ""
        return f"{label}: {self.pick(['WHAT', 'what'])}({what}){when}{count}"

    def picked(self, place, depth):
        text, kind = self.items(place, depth)
        key = self.path(Place([kind]), self.pick(["number", "number", "time", "text"] if kind != "line" else ["number"]))
        key = self.pick([key, "price + qty", "-qty"])
        text += f".{self.pick(['topN', 'bottomN'])}({key}, {self.pick(['0', '1', '2', '9'])})"
        return text + self.pick([".head().sku = \"x\"", ".sku = \"x\"", ".qty.count() = 1", ".head().isNull()", "", ".price.head() > 1"])

    # --- Times

    def occurs(self, place, depth=0):
        value = self.path(place, "times") if self.chance(12) else self.value(place, "time", depth)
        return f"{value} occurs {self.when(place)}"

    def when(self, place):
        kind = self.random.randint(0, 9)
        if kind < 5:
            count, unit = self.pick(COUNTS), self.pick(UNITS)
            operator = self.pick(["<=", "<=", "<", "=", "!=", ">", ">="])
            if operator in ("=", "!=") and self.chance(60):
                count, unit = self.pick(["0", "1", "1", "2"]), self.pick(["day", "week", "month", "years", "hour"])
            return f"{operator} {count} {unit} {self.pick(['before', 'before', 'after'])} {self.time(place)}"
        if kind < 8:
            return self.pick(["", "on ", "before ", "after "]) + self.time(place)
        return f"between {self.time(place)} and {self.time(place)}"

    def time(self, place):
        if self.chance(20):
            return f"{self.pick(['this', 'last', 'next'])} {self.pick(UNITS)}"
        return self.value(place, "time", 0)

    # --- Values

    def value(self, place, kind, depth=0):
        if kind in ("text", "number", "time", "boolean") and self.chance(45):
            written = {"text": self.text, "number": self.number, "time": self.written_time, "boolean": lambda: self.pick(["true", "false"])}
            return written[kind]()
        if kind in ("texts", "numbers", "times"):
            return self.array(place, kind)
        if kind == "number" and self.chance(40):
            return self.one_of([self.arithmetic, self.arithmetic, self.aggregate, self.date_part], place)
        if depth and self.chance(6):
            return f"if({self.condition(place, 0)}, {self.value(place, kind)}, {self.value(place, kind)})"
        if depth and self.chance(4):
            return self.pick(["", "(" * 2]) and f"(({self.path(place, kind)}))"
        return self.path(place, kind)

    def path(self, place, kind):
        if self.chance(4):
            return self.pick(WORDS_AS_NAMES)
        if kind == "event":
            return "xEvent"
        if kind in ("text", "number", "line", "texts") and self.chance(8):
            below = MEMBERS["event"][kind]
            return "xEvent." + self.pick(below)
        fitting = [(root, start) for root, start in place.roots() if kind in MEMBERS.get(start, {})]
        root, start = self.pick(fitting or [("$1.", "profile")])
        path = root + self.pick(MEMBERS[start].get(kind, ["missing"]))
        return self.through_get(path) if self.chance(3) else path

    def through_get(self, path):
        before, _, last = path.rpartition(".")
        return f'{before}.get("{last}")' if before and "^" not in before else path

    def text(self):
        return self.spelled_text(self.values.text())

    def spelled_text(self, text):
        escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r"}
        return '"' + "".join(self.spelled_character(c, escapes) for c in text) + '"'

    def spelled_character(self, character, escapes):
        if character in escapes:
            return escapes[character]
        if self.chance(10):
            units = character.encode("utf-16-be")
            return "".join(f"\\u{units[i]:02x}{units[i + 1]:02X}" for i in range(0, len(units), 2))
        return "\\/" if character == "/" else character

    def number(self):
        return self.pick([".5", "01", "1E+0"]) if self.chance(3) else self.values.number()

    def written_time(self):
        return self.pick(["now", "today", "yesterday", "tomorrow", "now", "today", self.pick(DAYS)])

    def arithmetic(self, place):
        parts = [self.pick([self.number, lambda: self.path(place, "number")])() for _ in range(self.pick([2, 2, 3]))]
        text = parts[0]
        for part in parts[1:]:
            text += f" {self.pick('+-*/%')} {part}"
        return self.pick([text, text, f"({text})", f"-({text})", "-" + parts[0], "currentMonth()", "currentYear() - 2025", "currentDayOfMonth()"])

    def aggregate(self, place):
        name = self.pick(["sum", "average", "min", "max", "sum"])
        if self.chance(35):
            return f"{self.path(place, 'numbers')}.{name}()"
        text, kind = self.items(place)
        argument = self.pick([self.path(place.inside(kind), "number"), self.path(Place([kind]), "number"), "price * qty", "lines.qty"])
        return f"{text}.{name}({argument})"

    def date_part(self, place):
        return f"{self.receiver(self.path(place, 'time'))}.{self.pick(['getMonth', 'getYear', 'getDayOfMonth'])}()"

    def array(self, place, kind):
        choice = self.random.randint(0, 9)
        if choice < 3:
            single = kind[:-1]
            elements = [self.value(place, single if self.chance(92) else self.pick(VALUES)) for _ in range(self.pick([0, 1, 2, 2, 3]))]
            return "[" + ", ".join(elements) + "]"
        text = self.path(place, kind)
        if choice == 3:
            return text + ".distinct()"
        if choice == 4:
            return f"{text}.intersection({self.path(place, kind)})"
        if choice == 5:
            return self.path(place, "object") + self.pick([".keys()", ".values()"])
        return text


def scenario_of(seed):
    """The scenario of a seed, its numbers as they are spelled."""
    source = random.Random(seed)
    values = Values(source)
    maker = Expressions(source, values)
    expression = respelled(source, maker.whole())
    if maker.chance(12.5):
        expression = Breaker(source).broken(expression)
    return {"expression": expression} | Documents(source, values).documents()


def respelled(source, expression):
    """Now and then with other blanks."""
    if source.random() > 0.1 or any(token.kind == "bad" for token in tokens_of(expression)):
        return expression
    spelled = ""
    for token in tokens_of(expression):
        touching = spelled[-1:].isalnum() or spelled[-1:] in "_=!<>." or token.spelling[:1].isdigit()
        spelled += source.choice([" ", "\t", "\r\n", "  "] if touching else ["", "", " "]) + token.spelling
    return spelled


def main():
    options = argparse.ArgumentParser(description="Prints random scenarios, one a line.")
    options.add_argument("--seeds", default="1-1000", help="FROM-TO")
    for seed in seeds_of(options.parse_args().seeds):
        print(write(scenario_of(seed)))


if __name__ == "__main__":
    main()
