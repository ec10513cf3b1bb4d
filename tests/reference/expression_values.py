"""Random parts of expressions that are values, times and paths."""

from expression_pools import *

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


class ValueExpressions:
    def __init__(self, random, values):
        self.random = random
        self.values = values

    def chance(self, percent):
        return self.random.random() * 100 < percent

    def pick(self, choices):
        return self.random.choice(choices)

    def one_of(self, choices, *arguments):
        return self.pick(choices)(*arguments)

    # --- Paths and items

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

    def items(self, place, depth=0):
        """(text, kind of the items)"""
        kind = self.pick(ITEMS)
        text = self.path(place, kind)
        if depth and self.chance(25):
            text += f"[{self.condition(place.inside(kind), depth - 1)}]"
        return text, kind

    def receiver(self, text):
        return f"({text})" if any(blank in text for blank in " -") else text

    # --- Times

    def when(self, place):
        kind = self.random.randint(0, 9)
        if kind < 5:
            count, unit = self.pick(COUNTS), self.pick(UNITS)
            operator = self.pick(["<=", "<=", "<", "=", "!=", ">", ">="])
            if self.chance(60):
                count, unit = self.pick(["0", "1", "1", "1", "2", "12"]), self.pick(["hour", "days", "day", "week", "month", "months", "years"])
            return f"{operator} {count} {unit} {self.pick(['before', 'before', 'after'])} {self.time(place)}"
        if kind < 8:
            return self.pick(["", "on ", "before ", "after "]) + self.time(place)
        return f"between {self.time(place)} and {self.time(place)}"

    def time(self, place):
        if self.chance(20):
            return f"{self.pick(['this', 'last', 'next'])} {self.pick(UNITS)}"
        if self.chance(50):
            return self.pick(["now", "now", "today"])
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
            return f"(({self.path(place, kind)}))"
        return self.path(place, kind)

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

    def two_numbers(self, place):
        first, second = (self.number() if self.chance(65) else self.path(place, "number") for _ in "12")
        return f"{self.pick(['', '', '-'])}{first} {self.pick('+-*/%%')} {second}"
