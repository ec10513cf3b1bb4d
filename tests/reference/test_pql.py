"""The segment query language: its cases, and sentences of its document that no case says."""

import unittest
from pathlib import Path

from pql import answer_of
from spelled_json import parse

CASES = Path(__file__).parent.parent / "pql" / "cases.json"


def segments_of(profile):
    """The segments that a stored profile is in: namespace ups in any case."""
    inside = []
    for namespace, entries in profile.get("segmentMembership", {}).items():
        if namespace.lower() == "ups":
            inside += [name for name, entry in entries.items() if entry["status"] in ("realized", "existing")]
    return inside


class Cases(unittest.TestCase):
    def test_every_case_is_answered_as_it_says(self):
        cases = parse(CASES.read_text(encoding="utf-8"))
        self.assertEqual(len(cases), 150)
        for case in cases:
            with self.subTest(case["name"]):
                expected = case["expected"]
                if isinstance(expected, dict):
                    expected = expected | {"position": int(expected["position"])}
                self.assertEqual(answer_of(case | {"segments": segments_of(case["profile"])}), expected)
