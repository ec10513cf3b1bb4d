"""The specification's sentences, each with a case by hand: python3 -m unittest, in this folder."""

import json
import unittest

from reference import outcome_of
from spelled_json import milliseconds, parse, write

T1, T2, T3 = ("2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z", "2024-01-03T00:00:00Z")
PDG = {"mergePolicy": {"id": "timestampOrdered-pdg-mp"}}
WEB_FIRST = {"id": "web-first", "version": 1, "identityGraph": "none", "attributeMerge": "dataSetPrecedence"}
WEB_FIRST["order"] = ["web", "crm"]


def load(*records, dataset="crm", at=T1, kind="profiles", identities=()):
    text = "\n".join(record if isinstance(record, str) else json.dumps(record) for record in records)
    return {"kind": kind, "dataset": dataset, "ingestTime": at, "identities": list(identities), "text": text}


def path(name, namespace, primary=False):
    return {"path": name, "namespace": namespace, "primary": primary}


def person(name="1", namespace="ECID", **members):
    return {"identityMap": {namespace: [{"id": name}]}} | members


def event(name, at=T1, who="1", **members):
    return person(who) | {"_id": name, "timestamp": at} | members


def member(status, at=T1, segment="s", namespace="ups"):
    return {"segmentMembership": {namespace: {segment: {"status": status, "lastQualificationTime": at}}}}


def run(*imports, policies=(), **job):
    job.setdefault("destination", {"datasetId": "d"})
    return outcome_of({"seed": 0, "policies": list(policies), "imports": list(imports), "job": job})


def rows(*imports, **job):
    outcome = run(*imports, **job)
    assert outcome["status"] == "SUCCEEDED", outcome
    return [json.loads(row) for batch in outcome["batches"] for row in batch["rows"]]


def attributes(*imports, **job):
    """The rows without their identity map."""
    return [{k: v for k, v in row.items() if k != "identityMap"} for row in rows(*imports, **job)]


class Imports(unittest.TestCase):
    def test_a_later_ingest_time_replaces_the_record_whole(self):
        self.assertEqual(attributes(load(person(a=1, b=2)), load(person(a=3), at=T2)), [{"a": 3}])

    def test_an_earlier_ingest_time_replaces_nothing(self):
        self.assertEqual(attributes(load(person(a=1), at=T2), load(person(a=2), at=T1)), [{"a": 1}])

    def test_with_equal_ingest_times_the_later_imported_stays(self):
        self.assertEqual(attributes(load(person(a=1), person(a=2))), [{"a": 2}])

    def test_the_same_record_again_changes_nothing_its_ingest_time_included(self):
        imports = load(person(a=1)), load(person(a=1, b=None), at=T3)
        self.assertEqual(rows(*imports, filter={"fromIngestTimestamp": T2}), [])

    def test_another_order_of_members_is_another_record(self):
        imports = load(person(a=1, b=2)), load(person(b=2, a=1), at=T3)
        self.assertEqual(len(rows(*imports, filter={"fromIngestTimestamp": T2})), 1)

    def test_null_members_are_dropped(self):
        self.assertEqual(attributes(load(person(a={"b": None}, c=[{"d": None}]))), [{"a": {}, "c": [{}]}])

    def test_of_an_event_the_first_stays(self):
        imports = load(event("e", a=1), kind="events"), load(event("e", a=2), kind="events", at=T2)
        (row,) = rows(*imports, filter={"emptyProfiles": True}, additionalFields={"eventList": {"fields": "a"}})
        self.assertEqual(row["eventList"], [{"a": 1}])

    def test_namespaces_compare_without_case_and_show_the_spelling_ingested_last(self):
        imports = load(person(namespace="ECID", a=1)), load(person(namespace="ecid", b=2), dataset="web", at=T2)
        self.assertEqual(rows(*imports), [{"a": 1, "b": 2, "identityMap": {"ecid": [{"id": "1"}]}}])

    def test_ids_compare_exactly(self):
        self.assertEqual(len(rows(load(person("a"), person("A")))), 2)

    def test_records_are_rejected(self):
        wrong = ["{", "5", '{"a":1,"a":2}', '{"a":"\\ud800"}', {}, person("") | {"a": 1}, {"identityMap": []}]
        wrong += [{"identityMap": {"ECID": {"id": "1"}}}, {"identityMap": {"ECID": [{"id": True}]}}]
        wrong += [{"identityMap": {"ECID": [{"id": "1", "primary": "true"}]}}]
        wrong += [person(segmentMembership={"ups": {}, "UPS": {}}), {"declared": True}]
        wrong += ['{"declared":"1","a":' + "[" * 32 + "]" * 32 + "}"]
        outcome = run(load("\n".join(json.dumps(w) if isinstance(w, dict) else w for w in wrong), person(), "",
                           '{"declared":"1","a":' + "[" * 31 + "]" * 31 + "}", identities=[path("declared", "CRMID")]))
        self.assertEqual((outcome["accepted"], outcome["rejected"]), ([2], [len(wrong)]))

    def test_an_event_without_id_or_timestamp_is_rejected(self):
        wrong = [person(_id="e"), person(timestamp=T1), event("e", at="yesterday"), {"_id": "e", "timestamp": T1}]
        self.assertEqual(run(load(*wrong, event("e"), kind="events"))["rejected"], [4])

    def test_an_array_is_read_too(self):
        self.assertEqual(len(rows(load(" [" + json.dumps(person("1")) + ',\n{"a":",]"},,' + json.dumps(person("2")) + "]\n"))), 2)


class PrimaryIdentities(unittest.TestCase):
    PATHS = [path("one", "ONE"), path("two.id", "TWO", True)]
    BOTH = {"Z": [{"id": "z", "primary": True}], "A": [{"id": "a0"}, {"id": "a1"}]}

    def primary(self, record, paths=PATHS):
        """The record with the same primary identity is replaced, so one row stays."""
        found = []
        for namespace, name in [("ONE", "1"), ("TWO", "2"), ("Z", "z"), ("A", "a0"), ("A", "a1")]:
            if len(rows(load(record, identities=paths), load(person(name, namespace), at=T2))) == 1:
                found.append(name)
        return found

    def test_the_choice(self):
        whole = {"one": 1, "two": {"id": "2"}, "identityMap": self.BOTH}
        self.assertEqual(self.primary(whole), ["2"])
        self.assertEqual(self.primary(whole | {"two": {"id": ""}}), ["z"])
        unmarked = {"Z": [{"id": "z"}], "A": self.BOTH["A"]}
        self.assertEqual(self.primary({"one": 1, "identityMap": unmarked}), ["1"])
        self.assertEqual(self.primary({"identityMap": unmarked}), ["a0"])

    def test_a_path_through_an_array_counts_as_missing(self):
        self.assertEqual(self.primary({"one": 1, "two": [{"id": "2"}]}), ["1"])

    def test_a_declared_identity_is_shown_and_an_equal_entry_stays_as_sent(self):
        record = {"one": 1.5, "two": {"id": "2"}, "identityMap": {"TWO": [{"id": "2", "state": "x"}]}}
        (row,) = rows(load(record, identities=self.PATHS))
        shown = {"ONE": [{"id": "1.5", "primary": False}], "TWO": [{"id": "2", "state": "x"}]}
        self.assertEqual(row["identityMap"], shown)


class MergePolicies(unittest.TestCase):
    LINK = load({"identityMap": {"ECID": [{"id": "1", "primary": True}], "CRMID": [{"id": "c"}]}}, dataset="link", at=T3)

    def test_the_last_ingested_value_wins_objects_merge_and_arrays_replace(self):
        older = person(a={"x": 1, "y": 1}, b=[1, 2], c={"x": 1}, d=1)
        newer = person(a={"x": 2, "z": 2}, b=[3], c=2, d={"x": 2})
        merged = {"a": {"x": 2, "y": 1, "z": 2}, "b": [3], "c": 2, "d": {"x": 2}}
        self.assertEqual(attributes(load(newer, dataset="web", at=T2), load(older)), [merged])

    def test_on_a_clash_of_types_the_later_is_taken_whole(self):
        imports = [load(person(a=a), dataset=d, at=t) for a, d, t in [({"x": 1}, "1", T1), (5, "2", T2), ({"y": 2}, "3", T3)]]
        self.assertEqual(attributes(*imports), [{"a": {"y": 2}}])

    def test_without_a_graph_linked_identities_are_profiles_of_their_own(self):
        self.assertEqual(len(rows(load(person("1")), load(person("c", "CRMID"), dataset="web"), self.LINK)), 2)

    def test_with_a_graph_they_are_one_also_when_the_link_arrives_late(self):
        imports = load(person("1", a=1)), load(person("c", "crmid", b=2), dataset="web", at=T2), self.LINK
        self.assertEqual(attributes(*imports, **PDG), [{"a": 1, "b": 2}])

    def test_links_hold_over_several_records(self):
        links = [{"identityMap": {"N": [{"id": str(i)}, {"id": str(i + 1)}]}} for i in range(5)]
        self.assertEqual(len(rows(load(*links), **PDG)), 1)

    def test_an_event_links_too(self):
        linking = event("e") | {"identityMap": {"ECID": [{"id": "1", "primary": True}], "CRMID": [{"id": "c"}]}}
        imports = load(person("1"), person("c", "CRMID")), load(linking, kind="events", dataset="web")
        (row,) = rows(*imports, **PDG, additionalFields={"eventList": {}})
        self.assertEqual(len(row["eventList"]), 1)

    def test_the_earlier_data_set_wins_and_one_not_listed_gives_links_and_events_only(self):
        imports = load(person(a=1, b=1), at=T2), load(person(a=2)), load(person(a=3, c=3), at=T3)
        imports[1]["dataset"], imports[2]["dataset"] = "web", "other"
        job = {"mergePolicy": {"id": "web-first"}}
        self.assertEqual(attributes(*imports, policies=[WEB_FIRST], **job), [{"a": 2, "b": 1}])
        self.assertEqual(rows(imports[2], policies=[WEB_FIRST], **job), [])

    def test_no_version_is_the_latest_and_an_unknown_policy_fails_the_job(self):
        policies = [WEB_FIRST, WEB_FIRST | {"version": 2, "order": ["crm", "web"]}]
        imports = load(person(a=1)), load(person(a=2), dataset="web")
        for version, value in [({}, 1), ({"version": 1}, 2), ({"version": 2}, 1)]:
            job = {"mergePolicy": {"id": "web-first"} | version}
            self.assertEqual(attributes(*imports, policies=policies, **job), [{"a": value}])
        for wanted in [{"id": "web-first", "version": 3}, {"id": "other"}]:
            self.assertEqual(run(*imports, policies=policies, mergePolicy=wanted)["status"], "FAILED")

    def test_an_entry_of_segment_membership_is_taken_whole_the_last_ingested(self):
        newer = {"segmentMembership": {"UPS": {"s": {"status": "exited"}}}}
        imports = load(person(**member("realized"))), load(person(**newer), dataset="web", at=T2)
        self.assertEqual(attributes(*imports), [newer])
        older_dataset_first = WEB_FIRST | {"order": ["crm", "web"]}
        job = {"policies": [older_dataset_first], "mergePolicy": {"id": "web-first"}}
        self.assertEqual(attributes(*imports, **job), [newer])

    def test_the_identity_map_is_a_union_sorted_by_id(self):
        more = {"identityMap": {"ECID": [{"id": "1", "primary": True}, {"id": "0"}], "Email": [{"id": "m"}]}}
        (row,) = rows(load(person("1", a=1), dataset="web"), load(more, at=T2))
        ecid = [{"id": "0"}, {"id": "1", "primary": True}]
        self.assertEqual(row["identityMap"], {"ECID": ecid, "Email": [{"id": "m"}]})


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
        self.assertEqual(milliseconds("2024-02-29T00:00:00-00:30"), 1709166600000)
        self.assertEqual(milliseconds("0000-01-01T00:00:00Z"), -62167219200000)
        self.assertEqual(milliseconds("9999-12-31T23:59:59.999Z"), 253402300799999)

    def test_what_is_no_time(self):
        for text in ["2024-01-01", "2023-02-29T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01 00:00:00Z",
                     "2024-01-01T00:00:00", "9999-12-31T23:59:59-01:00", "2024-01-01T00:00:00.Z"]:
            self.assertIsNone(milliseconds(text))


if __name__ == "__main__":
    unittest.main()
