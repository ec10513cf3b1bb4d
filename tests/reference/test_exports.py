"""The sentences about what is exported, each with a case by hand: python3 -m unittest, in this folder."""

import unittest

from cases import *
from spelled_json import milliseconds, parse, write


class Selection(unittest.TestCase):
    def found(self, status, at, **wanted):
        return len(rows(load(person(**member(status, at))), filter=wanted))

    def test_the_status_must_be_one_of_those_asked_for(self):
        segment = {"segmentId": "s", "segmentNs": "UPS"}
        for status, asked, count in [("realized", {}, 1), ("existing", {}, 1), ("exited", {}, 0),
                                     ("exited", {"status": "exited"}, 1), ("Realized", {}, 0)]:
            self.assertEqual(self.found(status, T1, segments=[segment | asked]), count)
        self.assertEqual(self.found("realized", T1, segments=[{"segmentId": "S"}]), 0)

    def test_the_window_is_half_open(self):
        window = {"startTime": "2024-01-02T01:00:00+01:00", "endTime": T3}
        for at, count in [("2024-01-01T23:59:59.999Z", 0), (T2, 1), ("2024-01-02T23:59:59.999Z", 1), (T3, 0)]:
            asked = {"segmentQualificationTime": window}
            self.assertEqual(self.found("realized", at, segments=[{"segmentId": "s"}], **asked), count)
            self.assertEqual(self.found("odd", at, **asked), count)

    def test_a_membership_without_a_readable_time_is_in_no_window(self):
        segments = [{"segmentId": "s"}]
        self.assertEqual(self.found("realized", "soon", segments=segments), 1)
        self.assertEqual(self.found("realized", "soon", segments=segments, segmentQualificationTime={"startTime": T1}), 0)

    def test_the_last_ingest_time_must_be_strictly_later(self):
        for bound, count in [(T1, 1), (T2, 0)]:
            imports = load(person(a=1)), load(person(b=1), dataset="web", at=T2)
            self.assertEqual(len(rows(*imports, filter={"fromIngestTimestamp": bound})), count)

    def test_for_a_profile_with_a_record_its_events_do_not_count(self):
        imports = load(person()), load(event("e"), kind="events", at=T3)
        self.assertEqual(rows(*imports, filter={"fromIngestTimestamp": T2}), [])

    def test_a_profile_with_events_only_is_exported_when_asked_for(self):
        imports = [load(event("e"), kind="events", at=T2)]
        self.assertEqual(rows(*imports), [])
        shown = [{"identityMap": {"ECID": [{"id": "1", "primary": True}]}}]
        for bound, expected in [(T1, shown), (T2, [])]:
            asked = {"emptyProfiles": True, "fromIngestTimestamp": bound}
            self.assertEqual(rows(*imports, filter=asked), expected)


class Projection(unittest.TestCase):
    DOCUMENT = person(a={"b": 1, "c": [{"d": 1, "e": 2}, {"e": 3}, 4, [{"d": 5}]]}, f=[1], g={})

    def check(self, fields, expected):
        self.assertEqual(rows(load(self.DOCUMENT), fields=fields), [expected])

    def test_the_shape_is_kept(self):
        self.check(" a.b , g", {"a": {"b": 1}, "g": {}})

    def test_a_path_through_an_array_selects_in_every_element(self):
        self.check("a.c.d", {"a": {"c": [{"d": 1}, [{"d": 5}]]}})
        self.check("a.c.e,a.c.d", {"a": {"c": [{"d": 1, "e": 2}, {"e": 3}, [{"d": 5}]]}})

    def test_overlapping_paths_unite(self):
        self.check("a.b,a,a.c.d", {"a": self.DOCUMENT["a"]})

    def test_what_is_missing_is_left_out_and_what_holds_nothing_of_it(self):
        self.check("a.x,f.x,g.x,a.b.x", {})

    def test_a_profile_of_which_nothing_was_selected_counts(self):
        self.assertEqual(run(load(self.DOCUMENT), fields="x")["counters"]["total"], 1)

    def test_identities_is_a_view_of_the_identity_map(self):
        record = '{"identities":7,"identityMap":{"B":[{"id":5}],"A":[{"id":"2","primary":true},{"id":"1"}]}}'
        view = [{"id": i, "namespace": {"code": n}, "primary": p} for i, n, p in [("1", "A", False), ("2", "A", True), ("5", "B", False)]]
        self.assertEqual(rows(load(record), fields="identities"), [{"identities": view}])
        self.assertEqual(rows(load(record), fields="identities.id")[0]["identities"], [{"id": "1"}, {"id": "2"}, {"id": "5"}])
        self.assertEqual(rows(load(record))[0]["identities"], 7)

    def test_numbers_keep_their_spelling_and_texts_every_character(self):
        text = '{"n":[0.10,1e400,9007199254740993,-0],"t":"\U0001f600\\u0000\\"\\\\"}'
        outcome = run(load(text[:-1] + ',"id":"1"}', identities=[path("id", "ECID")]), fields="n,t")
        self.assertEqual(write(parse(outcome["batches"][0]["rows"][0])), text)


class Events(unittest.TestCase):
    def events(self, *imports, wanted=None, **event_list):
        job = {"filter": {"emptyProfiles": True} | (wanted or {}), "additionalFields": {"eventList": event_list}}
        return [[e.get("_id", e) for e in row["eventList"]] for row in rows(*imports, **job)]

    def test_events_are_there_only_when_asked_for_and_then_always(self):
        self.assertNotIn("eventList", rows(load(person()), load(event("e"), kind="events"))[0])
        self.assertEqual(self.events(load(person())), [[]])

    def test_they_are_ordered_by_time_and_then_by_id(self):
        late = event("a", at="2024-01-01T01:00:00+00:00")
        loaded = load(late, event("c"), event("b"), kind="events")
        self.assertEqual(self.events(loaded), [["b", "c", "a"]])

    def test_their_bounds_are_of_ingest_time_and_strict(self):
        imports = [load(event(name), kind="events", at=at) for name, at in [("1", T1), ("2", T2), ("3", T3)]]
        bounds = {"fromIngestTimestamp": T1, "toIngestTimestamp": T3}
        self.assertEqual(self.events(*imports, filter=bounds), [["2"]])
        self.assertEqual(self.events(*imports, filter=bounds, wanted={"fromIngestTimestamp": T2}), [[]])

    def test_they_are_projected_by_their_own_fields(self):
        loaded = load(event("e", a={"b": 1}, c=2), kind="events")
        self.assertEqual(self.events(loaded, fields="a.b"), [[{"a": {"b": 1}}]])

    def test_a_records_own_event_list_gives_way(self):
        self.assertEqual(self.events(load(person(eventList=[1]))), [[]])
        self.assertEqual(attributes(load(person(eventList=[1]))), [{"eventList": [1]}])


class Batches(unittest.TestCase):
    def test_a_profile_in_two_segments_is_in_both_batches_and_counts_twice(self):
        both = {"ups": {s: {"status": "realized", "lastQualificationTime": T1} for s in "st"}}
        imports = [load(person(segmentMembership=both), person("2"))]
        asked = {"filter": {"segments": [{"segmentId": "s"}, {"segmentId": "t", "segmentNs": "UPS"}]}}
        self.assertEqual(len(rows(*imports, **asked)), 1)
        outcome = run(*imports, **asked, destination={"datasetId": "d", "segmentPerBatch": True})
        named = [(b["segmentId"], b["segmentNs"], len(b["rows"])) for b in outcome["batches"]]
        self.assertEqual(named, [("s", "ups", 1), ("t", "UPS", 1)])
        self.assertEqual(outcome["counters"], {"total": 2, "byNamespace": {"ecid": 2}})

    def test_a_profile_counts_once_in_each_namespace(self):
        record = {"identityMap": {"ECID": [{"id": "1"}, {"id": "2"}], "Email": [{"id": "m"}]}}
        self.assertEqual(run(load(record))["counters"]["byNamespace"], {"ecid": 1, "email": 1})

    def test_an_empty_result_is_one_empty_batch(self):
        self.assertEqual([batch["rows"] for batch in run()["batches"]], [[]])


class Times(unittest.TestCase):
    def test_times_count_to_the_millisecond(self):
        self.assertEqual(milliseconds("1970-01-01T00:00:00.0019Z"), 1)
        self.assertEqual(milliseconds("1970-01-01T01:00:60+01:00"), 60_000)
        self.assertEqual(milliseconds("1970-01-01T00:00:60.5Z"), 60_000)
        self.assertEqual(milliseconds("2024-02-29T00:00:00-00:30"), 1709166600000)
        self.assertEqual(milliseconds("0000-01-01T00:00:00Z"), -62167219200000)
        self.assertEqual(milliseconds("9999-12-31T23:59:59.999Z"), 253402300799999)

    def test_what_is_no_time(self):
        for text in ["2024-01-01", "2023-02-29T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01 00:00:00Z",
                     "2024-01-01T00:00:00", "9999-12-31T23:59:59-01:00", "2024-01-01T00:00:00.Z"]:
            self.assertIsNone(milliseconds(text))


if __name__ == "__main__":
    unittest.main()
