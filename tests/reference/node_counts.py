"""How often each kind of node of random expressions had which value, so that one sees what is really asked."""

import collections

from pql import ExpressionError, parse
from pql_evaluator import Evaluation
from pql_times import Time
from pql_tree import *
from pql_values import read_value
from spelled_json import milliseconds

COLUMNS = ["expressions", "null", "false", "true", "empty", "array", "number", "text", "time", "object"]


class NodeCounts:
    def __init__(self):
        self.counts = collections.defaultdict(collections.Counter)

    def table(self, scenarios):
        for scenario in scenarios:
            self.count(scenario)
        lines = [f"{'':28}" + "".join(f"{name:>12}" for name in COLUMNS)]
        for label, counts in sorted(self.counts.items()):
            lines.append(f"{label:28}" + "".join(f"{counts[name] or '-':>12}" for name in COLUMNS))
        return "\n".join(lines)

    def count(self, scenario):
        try:
            tree = parse(scenario["expression"])
        except ExpressionError as error:
            self.counts["error " + error.code]["expressions"] += 1
            return
        profile, events = read_value(scenario["profile"]), read_value(scenario["events"])
        counting = CountingEvaluation(profile, events, milliseconds(scenario["now"]), scenario["segments"].__contains__)
        counting.seen["whole"][kind_of(counting.holds(tree))] += 1
        for label, kinds in counting.seen.items():
            self.counts[label] += kinds | {"expressions": 1}


class CountingEvaluation(Evaluation):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.seen = collections.defaultdict(collections.Counter)

    def value(self, node, scope):
        return self.counted(label_of(node), super().value(node, scope))

    def step(self, step, receiver, scope):
        return self.counted(label_of(step), super().step(step, receiver, scope))

    def occurs(self, value, when, scope):
        return self.counted("when " + label_of(when), super().occurs(value, when, scope))

    def time(self, node, scope):
        return self.counted("time " + type(node).__name__, super().time(node, scope))

    def counted(self, label, value):
        self.seen[label][kind_of(value)] += 1
        return value


def label_of(node):
    kind = type(node).__name__
    if isinstance(node, (Literal, Name, Member, Up)):
        return kind
    if isinstance(node, Arithmetic):
        return kind + " " + node.others[0][0]
    if isinstance(node, Distance):
        return f"{kind} {node.operator} {node.word}"
    detail = [getattr(node, name) for name in ("word", "operator", "name", "which") if hasattr(node, name)]
    many = " several" if isinstance(node, Quantified) and len(node.bindings) > 1 else ""
    return " ".join([kind, *detail]) + many


def kind_of(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "array" if value else "empty"
    return {str: "text", dict: "object", Time: "time"}.get(type(value), "number")
