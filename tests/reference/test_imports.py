"""The sentences about imports and merge policies, each with a case by hand: python3 -m unittest, in this folder."""

import json
import unittest

from cases import *


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

    def test_another_spelling_of_a_character_is_another_record(self):
        one, other = ('{"identityMap":{"ECID":[{"id":"1"}]},"a":"%s"}' % a for a in (r"\"a\\", r"\"\u0061\\"))
        bound = {"filter": {"fromIngestTimestamp": T2}}
        self.assertEqual(len(rows(load(one), load(other, at=T3), **bound)), 1)
        self.assertEqual(len(rows(load(one), load(" " + one.replace(":", " :"), at=T3), **bound)), 0)

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


if __name__ == "__main__":
    unittest.main()
