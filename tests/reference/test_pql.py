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


def answer(expression, profile=None, events=(), now="2026-11-23T12:00:00Z"):
    scenario = {"expression": expression, "events": list(events), "now": now, "segments": []}
    return answer_of(scenario | {"profile": parse(profile or "{}")})


class Sentences(unittest.TestCase):
    def check(self, profile, *rows, **given):
        for expression, expected in rows:
            with self.subTest(expression):
                self.assertEqual(answer(expression, profile, **given), expected)

    def test_numbers_are_equal_by_value(self):
        profile = '{"n": 9007199254740993, "d": 9007199254740992.0, "big": 1e400, "min": -9223372036854775808}'
        self.check(profile, ("n = d", False), ("n > d", True), ("big = 1e500", True), ("big > n", True), ("min < -9223372036854775807", True),
                   ("(big - big).isNull()", True), ("min - 1 < min", False), ("-min = 9223372036854775808", True), ("0.1 + 0.2 = 0.3", False))

    def test_the_remainder_has_the_sign_of_the_dividend(self):
        self.check("{}", ("-7 % 3 = -1", True), ("7 % -3 = 1", True), ("(1 % 0).isNull()", True), ("7.5 % 2 = 1.5", True), ("7 / 2 = 3.5", True))

    def test_nulls_in_an_array_equal_nothing_and_do_not_count(self):
        self.check('{"a": [null], "b": [null, "x"], "e": []}', ("a", True), ("e", False), ("a.count() = 0", True), ('b = ["x"]', True),
                   ('a != "x"', True), ('e != "x"', False), ("e = []", True), ('e.doesNotContain("x")', False),
                   ('a.doesNotContain("x")', True), ("$1.values()[this.isNull()]", False), ("a.distinct().count() = 0", True))

    def test_a_path_flattens_one_level_and_drops_nulls(self):
        self.check('{"o": [{"t": ["x", null]}, {"t": []}, {}, 5, [{"t": [["y"]]}]]}', ("o.t.count() = 2", True), ('o.t = "y"', True),
                   ("o.u.isNull()", True), ("o.t.includes([\"x\", \"y\"])", True))

    def test_case_is_folded_simply(self):
        self.check('{"a": "straße", "k": "\\u212a", "s": "ς", "i": "İ"}', ('a.equals("STRASSE", false)', False), ('a.equals("STRAẞE", false)', True),
                   ('k.equals("k", false)', True), ('s.equals("Σ", false)', True), ('i.equals("i", false)', False), ('k.equals("k")', False))

    def test_like_takes_the_whole_text_and_characters_are_code_points(self):
        self.check('{"a": "\\ud83d\\ude00x"}', ('a like "_x"', True), ('a like "%"', True), ('a like "_"', False), ('a like "%x%x"', False))

    def test_a_side_that_is_no_time_is_null_beside_a_time(self):
        self.check('{"t": "soon", "d": "2026-11-23", "n": 1795435200000}', ("t != today", False), ("d = today", True), ("n = now", True),
                   ("d != tomorrow", True), ("d in [yesterday, today]", True), ("n > today", True))

    def test_a_distance_is_on_one_side_and_reaches_to_its_bound(self):
        self.check('{"t": "2026-11-20T12:00:00Z"}', ("t occurs <= 3 days before now", True), ("t occurs < 3 days before now", False),
                   ("t occurs >= 3 days before now", True), ("t occurs > 3 days before now", False), ("t occurs < 30 days after now", False),
                   ("t occurs = 0 days before t", False), ("t occurs = 1 week before now", True), ("t occurs != 2 weeks before now", True),
                   ("t occurs != 1 week before now", False), ("t occurs != 1 week after now", False))

    def test_the_edges_of_days_and_units(self):
        self.check('{"s": "2026-11-16T00:00:00Z", "e": "2026-11-23T00:00:00Z"}', ("s occurs = 1 week before now", True), ("e occurs on today", True),
                   ("e occurs = 1 week before now", False), ("e occurs on yesterday", False), ("e occurs after yesterday", True),
                   ("e occurs before today", False), ("e occurs between s and e", True), ("s occurs last week", True), ("e occurs last week", False))
        self.check('{"t": "2026-01-31T12:00:00Z"}', ("t occurs >= 2 months before now", True), ("t occurs > 2 months before now", False),
                   now="2026-03-31T12:00:00Z")

    def test_an_array_occurs_when_one_of_its_times_does(self):
        self.check('{"t": ["2026-11-22", "soon", "2020-01-01"]}', ("t occurs yesterday", True), ("t occurs today", False), ("now occurs after t", False))

    def test_the_largest_come_first_and_items_without_a_key_last(self):
        profile = '{"o": [{"i": 0}, {"i": 1, "k": 1}, {"i": 2, "k": 3}, {"i": 3, "k": 3.0}]}'
        self.check(profile, ("o.topN(k, 1).i = 2", True), ("o.topN(k, 9).head().i = 2", True), ("o.bottomN(k, 1).i = 1", True),
                   ("o.bottomN(k, 9).count() = 4", True), ("o.bottomN(k, 3).i = 0", False))

    def test_what_aggregates_of_nothing_are(self):
        self.check('{"a": [], "t": "x"}', ("a.sum() = 0", True), ("b.sum() = 0", True), ("b.count() = 0", True), ("t.sum().isNull()", True),
                   ("a.average().isNull()", True), ("a.min().isNull()", True), ("t.count().isNull()", True), ("[1, [2, 3], \"x\"].average() = 2", True))

    def test_weeks_begin_on_monday_and_longer_units_with_their_round_year(self):
        self.check('{"t": "2026-11-22T23:59:59.999Z", "y": "2000-01-01"}', ("t occurs last week", True), ("t occurs this week", False),
                   ("y occurs this century", True), ("y occurs this millennium", True), ("y occurs this decade", False))

    def test_a_filter_sees_the_item_and_a_quantifier_the_profile(self):
        profile = '{"k": 1, "o": [{"k": 2, "l": [{"q": 3}]}]}'
        self.check(profile, ("o[k = 2]", True), ("o[^k = 1]", True), ("o[l[^^k = 1 and ^k = 2 and q = 3]]", True), ("exists I from o where k = 1", True),
                   ("forall I from o where I.k = 2, L from I.l where L.q = 3", True), ("(select I from o, L from I.l).q = 3", False),
                   ("forall I from o, L from I.l where L.q = 4", False), ("exists I from o where I.k = 2, L from I.l where L.q = I.k + 1", True))

    def test_a_step_ends_with_its_last_event_and_its_label_is_the_event(self):
        events = [{"_id": str(9 - day), "timestamp": f"2026-11-0{day}T00:00:00Z", "k": "ab"[day == 2]} for day in (1, 2, 3)]
        self.check(None, ('chain(xEvent, timestamp, [A: WHAT(A.k = "a") COUNT(2), B: WHAT(k = "b")])', False),
                   ('chain(xEvent, timestamp, [A: WHAT(A.k = "a"), B: WHAT(k = "b")])', True), events=events)

    def test_a_chain_wants_later_times_between_steps_only(self):
        events = [{"_id": name, "timestamp": "2026-11-01T00:00:00Z"} for name in ("a", "b")]
        self.check(None, ("chain(xEvent, timestamp, [A: WHAT(true) COUNT(2)])", True), events=events)
        self.check(None, ("chain(xEvent, timestamp, [A: WHAT(true), B: WHAT(true)])", False), events=events)

    def test_of_several_mistakes_the_first_is_told_and_reading_comes_before_checking(self):
        for expression, code, position in [("1 and a.isNull(1)", "not_boolean", 0), ("1 and (a =", "syntax", 10), ("é", "bad_character", 0),
                                           ('a = "é" 1', "syntax", 9), ("a = 'x' = 1", "bad_character", 4), ("1 and $2", "unknown_variable", 6),
                                           ("1 and a.foo()", "unknown_function", 8), ("(x in 5).isNull(1)", "type_mismatch", 6)]:
            with self.subTest(expression):
                self.assertEqual(answer(expression), {"error": code, "position": position})

    def test_a_mistake_is_told_at_its_place(self):
        for expression, code, position in [("^a", "unknown_variable", 0), ("o[^^a]", "unknown_variable", 2), ("(a in 5) + 1 and b", "not_boolean", 0),
                                           ("a = date(2023, 2, 29)", "invalid_date", 4), ("true occurs before now", "type_mismatch", 0),
                                           ("a occurs < 1234567890123456 days before now", "syntax", 11)]:
            with self.subTest(expression):
                self.assertEqual(answer(expression), {"error": code, "position": position})
        for expression, code, position in [(r'a = "é\udc00"', "bad_escape", 7), ('a = "é\nb"', "unterminated_string", 4), ("a == 1", "syntax", 2)]:
            with self.subTest(expression):
                self.assertEqual(answer(expression), {"error": code, "position": position})

    def test_words_are_words_only_in_their_places(self):
        profile = '{"exists": 1, "last": 2, "date": 3, "select": {"from": 4}, "from": 5, "in": 6, "t": "2026-11-23T11:00:00"}'
        self.check(profile, ("exists = 1", True), ("last = 2", True), ("date = 3", True), ("select.from = 4", True), ("from = 5", True),
                   ("$1.in = 6", True), ("in = 6", {"error": "syntax", "position": 0}), ("t occurs before now", True), ("t occurs < 123456789012345 days before now", True),
                   ("if(exists E from xEvent, date, missing)", False), ("exists from", {"error": "syntax", "position": 7}),
                   ("exists E in", {"error": "syntax", "position": 7}), ("exists true from a", {"error": "syntax", "position": 7}),
                   ("exists E from xEvent, now from a", {"error": "syntax", "position": 20}))

    def test_limits_are_reached_and_not_passed(self):
        for expression, refused in [("a" + " " * 32767, None), ("a" + " " * 32768, ("too_long", 32768)), ("not " * 64 + "a", None),
                                    ("not " * 65 + "a", ("too_deep", 256)), ("n = " + "-" * 65 + "1", ("too_deep", 68)),
                                    ("a in [" + "1," * 999 + "1]", None), ("a in [" + "1," * 1000 + "1]", ("too_long", 2006))]:
            given = answer(expression)
            self.assertEqual(given if refused is None else (given["error"], given["position"]), False if refused is None else refused)

    def test_what_is_not_built_is_refused_at_its_word(self):
        for expression, position in [('a.matches("x")', 2), ('a matches "x"', 2), ("let S = 1 in (S > 0)", 0), ("1 < (sum X.n over X from xEvent)", 5),
                                     ("a occurs < 3 days from now", 18), ("@{_xdm;version=1}.a", 0), ("a = {}", 4),
                                     ("chain(xEvent, timestamp, [A: WHAT(a) WHERE(a)])", 37)]:
            with self.subTest(expression):
                self.assertEqual(answer(expression), {"error": "unsupported", "position": position})


if __name__ == "__main__":
    unittest.main()
