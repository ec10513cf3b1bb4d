#!/usr/bin/env python3
"""What the segment query language says: its document, written down a second time and as plainly as can be.

    pql.py < SCENARIOS > ANSWERS           one a line

A scenario is {"expression": text, "profile": {…}, "events": [{…}], "now": RFC 3339, "segments": [id]}; the events have
an `_id` and a `timestamp`, the segments are those that the profile is in. An answer is `true`, `false`, or
{"error": code, "position": byte}.

It was written from the document of the language alone, never from the engine; keep it so. Case is folded by the Unicode
of the Python that runs it: 14.0 with Python 3.11.
"""

import json
import sys

import pql_parser
from pql_checks import check
from pql_evaluator import Evaluation
from pql_tokens import ExpressionError
from pql_values import read_value
from spelled_json import milliseconds, parse as parse_json

sys.setrecursionlimit(20_000)


def parse(text):
    """The tree; raises ExpressionError, which has a code and a position."""
    segment = pql_parser.read(text)
    check(segment)
    return segment


def evaluate(tree, profile, events, now, in_segment):
    """Whether the profile is in the segment. Numbers of profile and events are spelled_json's, now is a text."""
    return Evaluation(read_value(profile), read_value(events), milliseconds(now), in_segment).holds(tree)


def answer_of(scenario):
    """The answer as a value: a boolean, or an object with the error."""
    try:
        tree = parse(scenario["expression"])
    except ExpressionError as error:
        return {"error": error.code, "position": error.position}
    inside = scenario["segments"]
    return evaluate(tree, scenario["profile"], scenario["events"], scenario["now"], lambda segment: segment in inside)


def main():
    for line in sys.stdin:
        print(json.dumps(answer_of(parse_json(line)), separators=(",", ":")), flush=True)


if __name__ == "__main__":
    main()
