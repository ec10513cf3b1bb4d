#!/usr/bin/env python3
"""Holds what another program answers to expressions of the segment query language against the reference.

    compare_expressions.py --seeds 1-10000 -- PROGRAM ARGUMENT...
    compare_expressions.py --seeds 1-10000 --nodes

The program reads scenarios on its standard input, one a line, and answers each with one line; pql.py tells the format.
An error must have the same code and position. A scenario with different answers is shown as small as it can be made. The
exit code is 1 when anything differs, or when not every answer was there to compare. `--nodes` asks the reference alone
and shows of which value each kind of node was how often.
"""

import argparse
import collections
import json
import sys

from broken_expressions import pieces_of
from compare import Program, smaller_values
from expressions import scenario_of
from node_counts import NodeCounts
from pql import answer_of
from scenarios import seeds_of
from spelled_json import write

MAX_SHRINKING = 5000  # scenarios tried to make one smaller


class Run:
    """Compares scenario by scenario and counts what was there to compare."""

    def __init__(self, program):
        self.program = program
        self.counts = collections.Counter()

    def compare(self, seed, shrink=True):
        scenario = scenario_of(seed)
        expected, found = answer_of(scenario), self.answer_to(scenario)
        self.counts[kind_of(expected)] += 1
        if alike(expected, found):
            return
        self.counts["different"] += 1
        if shrink:
            scenario = shrunk(scenario, lambda smaller: self.differs_so(smaller, kind_of(expected), kind_of(found)))
        print(f"=== seed {seed}\n{write(scenario)}\nexpression: {scenario['expression']}")
        print(f"expected {json.dumps(answer_of(scenario))}, found {json.dumps(self.answer_to(scenario))}", flush=True)

    def answer_to(self, scenario):
        answer = self.program.answer_to(write(scenario))
        try:
            return json.loads(answer) if answer else f"the program ended, with {self.program.process.wait()}"
        except ValueError:
            return answer

    def differs_so(self, scenario, expected, found):
        """Whether a smaller scenario differs in the same respect."""
        ours, theirs = answer_of(scenario), self.answer_to(scenario)
        return not alike(ours, theirs) and kind_of(ours) == expected and kind_of(theirs) == found


# What stands where nothing of its kind may stand: the document does not say by which of these it is refused.
OUT_OF_PLACE = {"syntax", "bad_character", "unsupported", "unknown_variable"}


def alike(expected, found):
    if kind_of(expected) in OUT_OF_PLACE and kind_of(found) in OUT_OF_PLACE:
        return expected["position"] == found["position"]
    return expected == found


def kind_of(answer):
    if isinstance(answer, dict):
        return answer.get("error")
    return {True: "true", False: "false"}.get(answer, "no answer")


# --- Smaller scenarios


def shrunk(scenario, differs):
    """The scenario with everything left out without which it still differs."""
    tried = 0
    smaller = smaller_ones(scenario)
    while tried < MAX_SHRINKING and (candidate := next(smaller, None)):
        tried += 1
        if differs(candidate):
            scenario, smaller = candidate, smaller_ones(candidate)
    return scenario


def smaller_ones(scenario):
    yield from (scenario | {"expression": text} for text in smaller_expressions(scenario["expression"]))
    yield from (scenario | {"profile": profile} for profile in smaller_values(scenario["profile"]))
    for events in smaller_values(scenario["events"]):
        if all("_id" in event and "timestamp" in event for event in events):
            yield scenario | {"events": events}
    yield from (scenario | {"segments": segments} for segments in smaller_values(scenario["segments"]))


def smaller_expressions(text):
    """The expression without some of its pieces that stand together, many first, or with a part of what is in
    brackets in their place."""
    pieces = pieces_of(text)
    length = len(pieces) - 1
    while length:
        for start in range(0, len(pieces) - length + 1, max(1, length // 4)):
            yield " ".join(pieces[:start] + pieces[start + length :])
        length = length // 2 if length > 24 else length - 1
    for start, end in brackets(pieces):
        before = start - 1 if start and pieces[start - 1][0].isalpha() else start
        for part in parts(pieces[start + 1 : end]):
            yield " ".join(pieces[:start] + part + pieces[end + 1 :])
            yield " ".join(pieces[:before] + part + pieces[end + 1 :])


def brackets(pieces):
    opened = []
    for place, piece in enumerate(pieces):
        if piece in ("(", "["):
            opened.append(place)
        elif piece in (")", "]") and opened:
            yield opened.pop(), place


def parts(pieces):
    """What commas divide, outside of brackets."""
    inside = [place for start, end in brackets(pieces) for place in range(start, end)]
    commas = [place for place, piece in enumerate(pieces) if piece == "," and place not in inside]
    for start, end in zip([-1, *commas], [*commas, len(pieces)]):
        yield pieces[start + 1 : end]


def summary(counts):
    """What there was, and whether it was enough to say anything."""
    errors = {name: n for name, n in counts.items() if name not in ("true", "false", "different")}
    shown = ", ".join(f"{name} {n}" for name, n in sorted(errors.items()))
    text = f"{counts['true']} true, {counts['false']} false, {sum(errors.values())} errors ({shown})"
    return text + f"; {counts['different']} different", bool(counts["true"] and counts["false"] and errors)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seeds", default="1-1000", help="FROM-TO")
    options.add_argument("--stop-after", type=int, default=1, metavar="N", help="how many differences to show")
    options.add_argument("--nodes", action="store_true", help="show how often each kind of node had which value")
    options.add_argument("program", nargs="*", help="after --")
    given = options.parse_args()
    if given.nodes:
        return print(NodeCounts().table(map(scenario_of, seeds_of(given.seeds))))
    if not given.program:
        options.error("which program?")
    run = Run(Program(given.program))
    for seed in seeds_of(given.seeds):
        run.compare(seed)
        if run.counts["different"] >= given.stop_after:
            break
    run.program.end()
    text, is_enough = summary(run.counts)
    print(text)
    sys.exit(1 if run.counts["different"] or not is_enough else 0)


if __name__ == "__main__":
    main()
