"""Reads an expression of the segment query language, by the grammar of its document, one method a rule.

What cannot be read is refused where reading stops, and so are functions that nobody knows or that are not built.
"""

from pql_tokens import Cursor, ExpressionError
from pql_tree import *
from pql_words import *


def read(text):
    """The tree; ExpressionError when the text cannot be read."""
    if len(text.encode()) > MAX_BYTES:
        raise ExpressionError("too_long", MAX_BYTES)
    return Parser(text).segment()


class Parser(Cursor):
    def __init__(self, text):
        super().__init__(text)
        self.depth = 0

    def inside(self, read):
        """What stands one level deeper than the token before it."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExpressionError("too_deep", self.tokens[self.place - 1].at)
        found = read()
        self.depth -= 1
        return found

    def inside_brackets(self, opening, read, closing):
        self.expect_symbol(opening)
        found = self.inside(read)
        self.expect_symbol(closing)
        return found

    # --- Conditions

    def segment(self):
        parameter = None
        if self.is_symbol("(") and self.is_name(at=1) and self.is_symbol(")", at=2) and self.is_symbol("=>", at=3):
            parameter = self.after(1).spelling
            self.place += 4
        body = self.expr()
        return Segment(parameter, body) if self.next.kind == "end" else self.unexpected()

    def expr(self):
        return self.junction("or", lambda: self.junction("and", self.negation))

    def junction(self, word, read):
        at = self.next.at
        parts = [read()]
        while self.is_name(word):
            self.take()
            parts.append(read())
        return Junction(at, word, parts) if len(parts) > 1 else parts[0]

    def negation(self):
        if not self.is_name("not") and not self.is_symbol("!"):
            return self.relation()
        return Not(self.take().at, self.inside(self.negation))

    def relation(self):
        at = self.next.at
        left = self.sum()
        if self.is_symbol(*COMPARISONS):
            return Comparison(at, self.take().spelling, left, self.sum())
        if self.is_name("in", "notIn"):
            return Within(at, self.take().spelling, left, self.sum())
        if self.is_name("like"):
            self.take()
            return Like(at, left, self.sum())
        if self.is_name("occurs"):
            self.take()
            return Occurs(at, left, self.when())
        if self.is_name("matches"):
            self.unexpected("unsupported")
        return left

    # --- Values

    def sum(self):
        return self.arithmetic(["+", "-"], lambda: self.arithmetic(["*", "/", "%"], self.unary))

    def arithmetic(self, operators, read):
        at = self.next.at
        first, others = read(), []
        while self.is_symbol(*operators):
            others.append((self.take().spelling, read()))
        return Arithmetic(at, first, others) if others else first

    def unary(self):
        if self.is_symbol("-"):
            return Minus(self.take().at, self.inside(self.unary))
        return self.postfix()

    def postfix(self):
        at = self.next.at
        value, steps = self.primary(), []
        while self.is_symbol(".", "["):
            steps.append(self.member() if self.is_symbol(".") else self.filter())
        return Postfix(at, value, steps) if steps else value

    def filter(self):
        return Filter(self.next.at, self.inside_brackets("[", self.expr, "]"))

    def member(self):
        self.take()
        name = self.next
        if self.is_name() and self.is_symbol("(", at=1):
            self.check_function(METHODS)
        self.expect_name()
        if self.is_symbol("("):
            return Method(name.at, name.spelling, self.arguments(self.expr))
        return Member(name.at, name.spelling)

    def check_function(self, known):
        if self.next.spelling not in known:
            self.unexpected("unsupported" if self.next.spelling in NOT_BUILT else "unknown_function")

    def arguments(self, read):
        return self.inside_brackets("(", lambda: self.listed(read, ")"), ")")

    def listed(self, read, closing, most=None):
        if self.is_symbol(closing):
            return []
        found = [read()]
        while self.is_symbol(","):
            self.take()
            if len(found) == most:
                self.unexpected("too_long")
            found.append(read())
        return found

    def primary(self):
        token = self.next
        if token.kind == "text":
            return Literal(self.take().at, token.value)
        if token.kind == "number":
            return Literal(self.take().at, number(token.spelling))
        if token.kind == "parameter":
            return Profile(self.take().at) if token.spelling == "$1" else self.unexpected("unknown_variable")
        if self.is_symbol("["):
            elements = self.inside_brackets("[", lambda: self.listed(self.sum, "]", MAX_ELEMENTS), "]")
            return Array(token.at, elements)
        if self.is_symbol("("):
            return self.inside_brackets("(", self.expr, ")")
        if self.is_symbol("^"):
            return self.up()
        if token.spelling == "{" or (token.spelling == "@" and self.after(1).spelling == "{"):
            raise ExpressionError("unsupported", token.at)
        return self.word() if self.is_name() else self.unexpected()

    def up(self):
        at, levels = self.next.at, 0
        while self.is_symbol("^"):
            self.take()
            levels += 1
        if self.is_symbol("."):
            self.take()
        return Up(at, levels, self.expect_name().spelling)

    def word(self):
        at, word = self.next.at, self.next.spelling
        if word in NO_FIELDS:
            self.unexpected()
        if word in QUANTIFIERS and self.is_binding(at=1):
            self.take()
            return Quantified(at, word, self.bindings())
        if word in ("true", "false"):
            return Literal(self.take().at, word == "true")
        if word in TIME_WORDS:
            return TimeWord(self.take().at, word)
        if word in ("xEvent", "this"):
            return Events(self.take().at) if word == "xEvent" else This(self.take().at)
        if self.is_symbol("(", at=1):
            return self.call()
        follows_a_field = not self.is_name(at=1) or self.is_name(*AFTER_A_FIELD, at=1)
        if word in ["let", *AGGREGATES] and not follows_a_field:
            self.unexpected("unsupported")
        return Name(self.take().at, word)

    def call(self):
        if self.is_word_in_any_case("CHAIN"):
            return self.chain()
        self.check_function(FUNCTIONS)
        name = self.take()
        return Call(name.at, name.spelling, self.arguments(self.sum if name.spelling == "date" else self.expr))

    # --- Quantifiers and chains

    def bindings(self):
        found = [self.binding()]
        while self.is_symbol(",") and self.is_binding(at=1):
            self.take()
            found.append(self.binding())
        return found

    def is_binding(self, at):
        return self.is_name(at=at) and not self.is_name(*NO_VARIABLES, at=at) and self.is_name("from", at=at + 1)

    def binding(self):
        name = self.expect_name()
        self.expect_name("from")
        array, condition = self.postfix(), None
        if self.is_name("where") or self.is_symbol(":"):
            self.take()
            condition = self.inside(self.expr)
        return Binding(name.at, name.spelling, array, condition)

    def chain(self):
        at = self.take().at
        return Chain(at, self.inside_brackets("(", self.chain_arguments, ")"))

    def chain_arguments(self):
        self.expect_name("xEvent")
        self.expect_symbol(",")
        self.expect_name("timestamp")
        self.expect_symbol(",")
        return self.inside_brackets("[", lambda: self.listed(self.step, None), "]")

    def step(self):
        label = self.expect_name()
        self.expect_symbol(":")
        what = self.part("WHAT", self.expr) or self.refuse_where() or self.unexpected()
        self.refuse_where()
        when = self.part("WHEN", self.when)
        self.refuse_where()
        count = self.part("COUNT", lambda: self.integer(least=1)) or 1
        self.refuse_where()
        return Step(label.at, label.spelling, what, when, count)

    def part(self, word, read):
        if not self.is_word_in_any_case(word):
            return None
        self.take()
        return self.inside_brackets("(", read, ")")

    def refuse_where(self):
        if self.is_word_in_any_case("WHERE"):
            self.unexpected("unsupported")

    def integer(self, least=0):
        digits = self.next.spelling
        if self.next.kind != "number" or not digits.isdigit() or len(digits) > MAX_INTEGER_DIGITS or int(digits) < least:
            self.unexpected()
        self.take()
        return int(digits)

    # --- Times

    def when(self):
        at = self.next.at
        if self.is_symbol(*COMPARISONS):
            return self.distance()
        word = self.take().spelling if self.is_name("on", "before", "after", "between") else "on"
        if word == "on":
            return On(at, self.time())
        if word != "between":
            return Beside(at, word, self.time())
        first = self.time()
        self.expect_name("and")
        return Between(at, first, self.time())

    def distance(self):
        operator = self.take()
        count = self.integer()
        unit = UNITS[self.expect_name(*UNITS).spelling]
        if self.is_name("from"):
            self.unexpected("unsupported")
        word = self.expect_name("before", "after").spelling
        return Distance(operator.at, operator.spelling, count, unit, word, self.time())

    def time(self):
        if self.is_name("this", "last", "next") and self.is_name(*UNITS, at=1):
            which = self.take()
            return Period(which.at, which.spelling, UNITS[self.take().spelling])
        return self.postfix()
