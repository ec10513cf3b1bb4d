"""Random profiles and events for the expressions of expressions.py."""

from expression_pools import *
from pql_times import DAY, FIRST, LAST, date_of, moved, unit_around
from spelled_json import milliseconds


class Values:
    """The texts and numbers that one scenario mostly has."""

    def __init__(self, random):
        self.random = random
        self.texts, self.numbers = random.choice(TEXT_GROUPS), random.choice(NUMBER_GROUPS)

    def text(self):
        return self.random.choice(self.texts if self.random.random() < 0.85 else TEXTS)

    def number(self):
        return self.random.choice(self.numbers if self.random.random() < 0.85 else NUMBERS)


class Documents:
    def __init__(self, random, values):
        self.random = random
        self.values = values
        self.now = self.pick(NOWS)

    def chance(self, percent):
        return self.random.random() * 100 < percent

    def pick(self, choices):
        return self.random.choice(choices)

    def some(self, make, most, odd):
        return [odd() if self.chance(8) else make() for _ in range(self.random.randint(0, most))]

    def documents(self):
        profile, events = self.profile(), self.events()
        segments = self.random.sample(SEGMENTS, self.random.randint(0, 2))
        return {"profile": profile, "events": events, "now": self.now, "segments": segments}

    def members(self, makers):
        """An object, in any order, in which some members are missing and some are of another type."""
        names = self.random.sample(list(makers), len(makers))
        return {name: self.anything() if self.chance(6) else makers[name]() for name in names if self.chance(88)}

    def profile(self):
        number = self.number
        return self.members(
            {
                "a": self.text, "b": self.text, "n": number, "m": number, "flag": self.boolean, "due": self.time, "born": self.time,
                "tags": self.texts, "nums": self.numbers, "times": lambda: self.some(self.time, 3, self.anything),
                "orders": lambda: self.some(self.order, 3, self.anything), "home": self.home, "map": self.map,
                "last": number, "sum": number, "in": number, "xEvent": self.text, "now": self.time, "E": number, "let": self.text,
            }
        )

    def order(self):
        return self.members(
            {
                "sku": self.text, "price": self.number, "qty": self.number, "when": self.time, "tags": self.texts,
                "flag": self.boolean, "lines": lambda: self.some(self.line, 2, self.anything), "n": self.number,
            }
        )

    def line(self):
        return self.members({"sku": self.text, "qty": self.number, "price": self.number})

    def home(self):
        return self.members({"city": self.text, "x": self.text, "n": self.number, "geo": lambda: self.members({"n": self.number})})

    def map(self):
        return {name: self.pick([self.text, self.number, self.texts])() for name in self.random.sample(["x", "y", "X", "é"], 2)}

    def events(self):
        names = self.random.sample(["e1", "e2", "e3", "e4", "E1", "é"], self.pick([0, 1, 2, 3, 4, 6]))
        return [self.event() | {"_id": name, "timestamp": self.instant()} for name in names]

    def event(self):
        return self.members(
            {
                "eventType": lambda: self.pick(["x", "y", "X"]), "a": self.text, "n": self.number, "at": self.time, "tags": self.texts,
                "flag": self.boolean, "items": lambda: self.some(self.line, 2, self.anything), "home": self.home,
            }
        )

    # --- Single values

    def text(self):
        return self.values.text()

    def number(self):
        return Number(self.values.number())

    def boolean(self):
        return self.pick([True, False, True, False, "true", "false"])

    def texts(self):
        return self.some(self.text, 3, self.anything)

    def numbers(self):
        return self.some(self.number, 3, self.anything)

    def anything(self):
        choices = [None, [], {}, [None], [[]], True, "", [Number("1"), [Number("2"), [Number("3")]]], ["x", ["y", None]]]
        return self.pick([self.text, self.number, self.time, self.boolean, lambda: self.pick(choices), lambda: {"a": self.text(), "n": None}])()

    def time(self):
        if self.chance(12):
            return self.pick(UNREADABLE_TIMES if self.chance(60) else EXTREME_TIMES)
        when = self.moment()
        if self.chance(15):
            return Number(str(when))
        return date_of(when).isoformat() if self.chance(30) else self.spelled(when, without_offset=self.chance(10))

    def instant(self):
        return self.spelled(self.moment() // 60_000 * 60_000 if self.chance(30) else self.moment())

    def moment(self):
        when, sign = milliseconds(self.now), self.pick([-1, -1, 1])
        if self.chance(35):
            when -= when % DAY
        if self.chance(40):
            return self.beside_a_bound(when, sign)
        if self.chance(30):
            when = moved(when, sign * self.pick([1, 1, 2, 3, 12]), self.pick(["month", "month", "year"]))
        elif self.chance(40):
            when += sign * self.pick([DAY, 3_600_000, 7 * DAY])
        else:
            when += sign * self.pick(DISTANCES)
        return when + self.pick([0, 0, 0, 1, -1])

    def beside_a_bound(self, when, sign):
        """Where an answer about a distance or a period turns."""
        unit = self.pick(["hour", "day", "day", "week", "month", "month", "year", "decade", "century", "millennium"])
        bound = moved(when, sign * self.pick([0, 1, 1, 1, 2, 12]), unit)
        around = unit_around(bound, unit)
        chosen = self.pick([bound, bound, bound - 1, bound + 1, around.start, around.start - 1, around.end, around.end - 1])
        return max(FIRST + DAY, min(chosen, LAST - DAY))

    def spelled(self, when, without_offset=False):
        offset = 0 if without_offset else self.pick([0, 0, 0, 60, -60, 345, -720])
        local = when + offset * 60_000
        clock = local % DAY
        text = f"{date_of(local).isoformat()}T{clock // 3_600_000:02}:{clock // 60_000 % 60:02}:{clock // 1000 % 60:02}"
        if clock % 1000 or self.chance(10):
            text += f".{clock % 1000:03}" + self.pick(["", "", "9"])
        if without_offset:
            return text
        sign = "-" if offset < 0 else "+"
        return text + (self.pick(["Z", "Z", "z", "+00:00"]) if offset == 0 else f"{sign}{abs(offset) // 60:02}:{abs(offset) % 60:02}")
