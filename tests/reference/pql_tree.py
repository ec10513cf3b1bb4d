"""What an expression of the segment query language is made of. `at` is the byte where a node begins."""

from dataclasses import dataclass


@dataclass
class Segment:
    parameter: str | None  # the name that the head gives to the profile
    body: object


@dataclass
class Node:
    at: int


@dataclass
class Literal(Node):
    value: object  # a text, a number or a boolean


@dataclass
class TimeWord(Node):
    word: str  # now, today, yesterday, tomorrow


@dataclass
class Array(Node):
    elements: list


@dataclass
class Profile(Node):
    pass


@dataclass
class Events(Node):
    pass


@dataclass
class This(Node):
    pass


@dataclass
class Up(Node):
    levels: int
    name: str


@dataclass
class Name(Node):
    name: str


@dataclass
class Postfix(Node):
    """A value and what follows it: Member, Filter and Method."""

    value: object
    steps: list


@dataclass
class Member(Node):
    name: str


@dataclass
class Filter(Node):
    condition: object


@dataclass
class Method(Node):
    name: str
    arguments: list


@dataclass
class Call(Node):
    name: str
    arguments: list


@dataclass
class Minus(Node):
    value: object


@dataclass
class Arithmetic(Node):
    """Operators of one rank, from left to right."""

    first: object
    others: list  # [(operator, operand)]


@dataclass
class Comparison(Node):
    operator: str
    left: object
    right: object


@dataclass
class Within(Node):
    """`in` and `notIn`."""

    word: str
    value: object
    array: object


@dataclass
class Like(Node):
    value: object
    pattern: object


@dataclass
class Occurs(Node):
    value: object
    when: object


@dataclass
class Not(Node):
    value: object


@dataclass
class Junction(Node):
    """`and` or `or` of two and more."""

    word: str
    parts: list


@dataclass
class Quantified(Node):
    word: str
    bindings: list


@dataclass
class Binding(Node):
    name: str
    array: object
    condition: object | None


@dataclass
class Chain(Node):
    steps: list


@dataclass
class Step(Node):
    label: str
    what: object
    when: object | None
    count: int


# --- When


@dataclass
class On(Node):
    time: object


@dataclass
class Beside(Node):
    word: str  # before, after
    time: object


@dataclass
class Between(Node):
    first: object
    last: object


@dataclass
class Distance(Node):
    operator: str
    count: int
    unit: str
    word: str  # before, after
    time: object


@dataclass
class Period(Node):
    which: str  # this, last, next
    unit: str
