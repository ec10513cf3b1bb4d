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
from expression_values import *
from pql_tokens import tokens_of
from scenarios import seeds_of
from spelled_json import write

OPERATORS = ["=", "=", "=", "!=", "<", "<=", ">", ">="]
TEXT_METHODS = ["equals", "notEqualTo", "startsWith", "doesNotStartWith", "endsWith", "doesNotEndWith", "contains", "doesNotContain"]


class Expressions(ValueExpressions):
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

    # --- Times, and items

    def occurs(self, place, depth=0):
        value = self.value(place, "time", depth) if self.chance(20) else self.path(place, self.pick(["time"] * 6 + ["times"]))
        return f"{value} occurs {self.when(place)}"

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
