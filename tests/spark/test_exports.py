"""What attempts of the driver stage, in a local Spark session; skipped where there is no PySpark or no Java."""

import sys
import unittest
import unittest.mock
from pathlib import Path

from exporting import Exports
from local_cluster import Attempt
from people import PDG, Place, event, fragment, job, member
from staged_rules import check_staged


class Rows(Exports):
    def test_each_profile_is_a_row_and_other_tenants_have_none(self):
        others = [fragment("3") | {"org": "other"}, fragment("4") | {"sandbox": "dev"}]
        attempt = self.export([fragment("1", a=1), fragment("2", a=2), *others], asked=job(fields="a"))
        self.assertEqual(sorted(attempt.rows()), ['{"a":1}', '{"a":2}'])
        told = {name: attempt.result[name] for name in ("exported", "byNamespace", "candidates", "lookedAt", "errors")}
        self.assertEqual(told, {"exported": 2, "byNamespace": {"ECID": 2}, "candidates": 2, "lookedAt": 2, "errors": []})

    def test_of_several_fragments_of_one_identity_in_one_dataset_the_last_ingested_counts(self):
        older, newer = fragment("1", at=5, sequence=1, a=1, b=1), fragment("1", at=5, sequence=2, a=2)
        for asked in ({}, PDG):
            self.assertEqual(self.rows(newer, older, fields="a,b", **asked), [{"a": 2}])

    def test_of_several_events_of_one_name_the_first_ingested_counts(self):
        events = [event("e", at=6, sequence=2, x=2), event("e", at=5, sequence=3, x=1), event("f", at=5, sequence=9)]
        found = self.rows(fragment("1"), events=events, fields="a", additionalFields={"eventList": {"fields": "x,_id"}})
        self.assertEqual(found, [{"eventList": [{"_id": "e", "x": 1}, {"_id": "f"}]}])

    def test_an_event_that_came_later_does_not_count_because_the_first_one_is_of_nobody_who_is_selected(self):
        events = [event("e", who="2", at=5), event("e", who="1", at=6)]
        asked = {"filter": {"segments": [{"segmentId": "s"}]}, "additionalFields": {"eventList": {}}, "fields": "a"}
        self.assertEqual(self.rows(fragment("1", **member("s")), fragment("2"), events=events, **asked), [{"eventList": []}])

    def test_links_are_followed_through_records_and_events(self):
        fragments = [fragment("1", also=[("CRMID", "x")], a=1), fragment("2", also=[("Email", "y")], b=2), fragment("3", c=3)]
        events = [event("e", who="9", also=[("crmid", "x"), ("Email", "y")])]
        self.assertEqual(self.rows(*fragments, events=events, fields="a,b,c", **PDG), [{"a": 1, "b": 2}, {"c": 3}])

    def test_a_record_that_was_replaced_links_no_more(self):
        fragments = [fragment("1", at=5, also=[("CRMID", "x")]), fragment("1", at=6, a=1), fragment("2", also=[("CRMID", "x")], a=2)]
        self.assertEqual(self.rows(*fragments, fields="a", **PDG), [{"a": 1}, {"a": 2}])

    def test_more_than_fifty_linked_identities_are_left_apart_and_counted(self):
        chain = [fragment(f"{at:02d}", also=[("ECID", f"{at + 1:02d}")], a=1) for at in range(50)]
        attempt = self.export([*chain, fragment("x", also=[("CRMID", "y")])], asked=job(fields="a", **PDG))
        self.assertEqual(len(attempt.rows()), 51)
        self.assertEqual(attempt.manifest()["unlinkedProfiles"], 50)
        attempt = self.export(chain[1:], asked=job(fields="a", **PDG))
        self.assertEqual(attempt.rows(), ['{"a":1}'])
        self.assertNotIn("unlinkedProfiles", attempt.manifest())


    def test_the_names_of_inputs_are_no_patterns(self):
        place = self.enterContext(Place([fragment("1", a=1)]))
        odd = place.path / "a [1]{b} *\u00e4"
        odd.mkdir()
        for name in ("fragments", "events", "policies.json"):
            (place.path / name).rename(odd / name)
        (odd / "fragments" / "part-0.ndjson").rename(odd / "fragments" / "?^{}.ndjson")
        with Attempt(job(fields="a"), odd) as attempt:
            self.assertEqual(attempt.run(self.spark), "staged", attempt.result if attempt.spool.exists() else "")
            self.assertEqual(attempt.rows(), ['{"a":1}'])


class Batches(Exports):
    SEGMENTS = {"filter": {"segments": [{"segmentId": "s"}, {"segmentId": "t", "segmentNs": "UPS", "status": ["exited"]}]}}

    def test_a_profile_in_two_segments_is_in_both_batches_and_counts_twice(self):
        both = {"segmentMembership": {"ups": {"s": {"status": "realized"}, "t": {"status": "exited"}}}}
        asked = job(**self.SEGMENTS) | {"destination": {"datasetId": "out", "segmentPerBatch": True}}
        attempt = self.export([fragment("1", **both), fragment("2", **member("s"))], asked=asked)
        self.assertEqual([len(attempt.rows(number)) for number in (0, 1)], [2, 1])
        self.assertEqual(attempt.result["exported"], 3)
        named = {name: attempt.manifest(1)[name] for name in ("segmentId", "segmentNs", "status", "totals")}
        self.assertEqual(named.pop("totals")["rows"], 1)
        self.assertEqual(named, {"segmentId": "t", "segmentNs": "UPS", "status": ["exited"]})

    def test_an_empty_result_is_a_batch_with_one_part_without_rows(self):
        for how in ({}, {"compression": "gzip"}, {"format": "csv"}, {"format": "csv", "compression": "gzip"}):
            attempt = self.export(asked=job(fields="a,b"), **how)
            (text,) = attempt.texts()
            self.assertEqual(text, "a,b\r\n" if "format" in how else "")
            self.assertEqual(attempt.manifest()["totals"]["rows"], 0)
            if "compression" in how:
                self.assertGreater(attempt.manifest()["totals"]["bytes"], 0)

    def test_a_manifest_repeats_what_was_asked_for(self):
        asked = job(fields=" a , b.c", mergePolicy={"id": "timestampOrdered-none-mp", "version": 1}, **self.SEGMENTS)
        manifest = self.export(asked=asked).manifest()
        for name in ("schema", "fields", "mergePolicy", "filter"):
            self.assertEqual(manifest[name], asked[name])
        self.assertEqual((manifest["columns"], manifest["tenant"]), (["a", "b.c"], {"imsOrgId": "acme", "sandbox": "prod"}))
        self.assertLess(manifest["startTime"], manifest["endTime"])

    def test_csv_has_its_header_in_each_part(self):
        people = [fragment(f"{at:03d}", a=f"x,{at:03d}") for at in range(40)]
        attempt = self.export(people, asked=job(fields=" a ,n"), format="csv", part_bytes=20)
        texts = attempt.texts()
        self.assertGreater(len(texts), 1)
        self.assertTrue(all(text.startswith("a,n\r\n") for text in texts))
        lines = sorted(line for text in texts for line in text.split("\r\n")[1:] if line)
        self.assertEqual(lines, [f'"x,{at:03d}",' for at in range(40)])

    def test_small_files_of_tasks_become_one_part(self):
        people = [fragment(str(at), a=at) for at in range(20)]
        for how in ({}, {"compression": "gzip"}, {"format": "csv"}):
            attempt = self.export(people, asked=job(fields="a"), **how)
            (text,) = attempt.texts()
            self.assertEqual(len(text.split()), 20 + ("format" in how))

    def test_zstd_is_frames_that_are_read_as_one(self):
        import zstandard

        people = [fragment(str(at), a=at) for at in range(20)]
        with Place(people) as place, Attempt(job(fields="a"), place.path, compression="zstd") as attempt:
            self.assertEqual(attempt.run(self.spark), "staged")
            check_staged(attempt)
            content = (attempt.batch() / "part-00000.ndjson.zst").read_bytes()
            text = zstandard.ZstdDecompressor().stream_reader(content, read_across_frames=True).read()
            self.assertEqual(sorted(text.decode().splitlines()), sorted(f'{{"a":{at}}}' for at in range(20)))

    def test_zstd_is_refused_by_a_clear_word_where_python_cannot_write_it(self):
        with Place([fragment("1", a=1)]) as place, Attempt(job(fields="a"), place.path, compression="zstd") as attempt:
            with unittest.mock.patch.dict(sys.modules, {"zstandard": None}):
                self.assertEqual(attempt.run(self.spark), "failed")
            self.assertIn("needs the Python package zstandard", attempt.result["errors"][0]["msg"])
            self.assertFalse(attempt.result["transient"])

    def test_a_task_that_is_tried_again_writes_once(self):
        from waybill_export import parts, staging
        from waybill_export.groups import Group
        from waybill_export.plan import plan_of
        from waybill_export.policies import BUILT_IN
        from waybill_export.progress import Reporter
        from waybill_export.records import Fragment
        from waybill_export.spool import Spool

        with Place() as place, Attempt(job(fields="a"), place.path) as attempt:
            plan, policy = plan_of(attempt.request), BUILT_IN["timestampOrdered-none-mp"]
            counters = Reporter(self.spark.sparkContext, Spool(attempt.request)).counters
            self.assertTrue(staging.claim(str(attempt.staging)))
            folder, failed = staging.pieces_folder(str(attempt.staging)), str(attempt.spool / "failed")
            people = [Group([Fragment("crm", (at, at), [("ECID", str(at), {"id": str(at)})], {"a": "x"})], 1, False) for at in range(9)]

            def written_twice(groups):
                reports = list(parts.write_groups(groups, plan, policy, folder, counters))
                fail_once(failed)
                return reports

            reports = self.spark.sparkContext.parallelize(people, 1).mapPartitions(written_twice).collect()
            self.assertEqual(len(list(Path(folder).iterdir())), 2)
            staging.stage_batches(attempt.request, plan, staging.totals_of(reports, plan), 0, lambda: None)
            check_staged(attempt)
            self.assertEqual(len(attempt.rows()), 9)
            self.assertEqual(counters.exported.value, 9)


def fail_once(mark):
    """In a task."""
    try:
        open(mark, "x").close()
    except FileExistsError:
        return
    raise RuntimeError("this task is to be tried again")


if __name__ == "__main__":
    unittest.main()
