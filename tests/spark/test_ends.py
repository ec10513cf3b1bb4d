"""How attempts of the driver end when they do not stage: duplicates, cancels, failures."""

import json
import shutil
import threading
import unittest

from exporting import Exports
from local_cluster import Attempt
from people import TENANT, Place, event, fragment, job


class Ends(Exports):
    def failed(self, asked=None, change=None, place=None, **how):
        """The result of an attempt that fails."""
        with Place([fragment("1", a=1)], [event("e")]) as form:
            if change:
                change(form.path)
            with Attempt(asked or job(), place or form.path, **how) as attempt:
                self.assertEqual(attempt.run(self.spark), "failed")
                self.assertFalse((attempt.batch() / "_SUCCESS").exists())
                return attempt.result

    def failure(self, **what):
        result = self.failed(**what)
        self.assertEqual((result["state"], len(result["errors"])), ("failed", 1))
        return result["errors"][0] | {"transient": result["transient"]}

    def test_a_claim_says_who_has_the_attempt(self):
        attempt = self.export()
        claim = json.loads((attempt.spool / "claim.json").read_text())
        self.assertEqual((claim["submissionId"], claim["applicationId"]), (None, self.spark.sparkContext.applicationId))

    def test_a_driver_whose_staging_directory_is_there_touches_nothing(self):
        with Place() as place, Attempt(job(), place.path) as attempt:
            attempt.staging.mkdir(parents=True)
            self.assertEqual(attempt.run(self.spark), "duplicate")
            self.assertEqual(list(attempt.staging.iterdir()), [])
            self.assertEqual([path.name for path in attempt.spool.iterdir()], ["request.json"])

    def test_what_was_cancelled_before_it_began_is_not_claimed(self):
        with Place() as place, Attempt(job(), place.path) as attempt:
            attempt.cancel()
            self.assertEqual(attempt.run(self.spark), "cancelled")
            self.assertFalse(attempt.staging.exists())

    def cancelled_when_claimed(self, cancel):
        """An attempt that is cancelled while it runs."""

        def cancel_it():
            wait_for(attempt.spool / "claim.json")
            cancel(attempt)

        attempt = self.enterContext(Attempt(job(), self.enterContext(Place([fragment("1")])).path))
        canceller = threading.Thread(target=cancel_it)
        canceller.start()
        self.assertEqual(attempt.run(self.spark), "cancelled")
        canceller.join()
        return attempt

    def test_what_is_cancelled_while_it_runs_has_no_result_and_no_batch(self):
        attempt = self.cancelled_when_claimed(Attempt.cancel)
        self.assertFalse((attempt.spool / "result.json").exists())
        self.assertFalse((attempt.batch() / "_SUCCESS").exists())

    def test_what_the_host_has_forgotten_is_cancelled(self):
        attempt = self.cancelled_when_claimed(lambda attempt: shutil.rmtree(attempt.spool))
        self.assertFalse(attempt.spool.exists())
        self.assertFalse((attempt.batch() / "_SUCCESS").exists())

    def test_a_cancel_ends_what_the_cluster_is_at(self):
        from waybill_export.progress import Reporter
        from waybill_export.spool import Spool

        with Place() as place, Attempt(job(), place.path) as attempt:
            reporter, go_on = Reporter(self.spark.sparkContext, Spool(attempt.request)), str(attempt.spool / "go-on")
            attempt.cancel()
            reporter.start()
            try:
                with self.assertRaisesRegex(Exception, "cancel"):
                    self.spark.sparkContext.parallelize([go_on], 1).map(wait_for).collect()
            finally:
                open(go_on, "x").close()
                reporter.stop()

    def test_an_unknown_merge_policy_is_named(self):
        declared = [TENANT | {"id": "ours", "version": 1, "identityGraph": "none", "attributeMerge": "timestampOrdered", "order": []}]
        for wanted, named in [({"id": "theirs"}, "theirs"), ({"id": "ours", "version": 2}, "ours version 2"),
                              ({"id": "timestampOrdered-pdg-mp", "version": 2}, "timestampOrdered-pdg-mp version 2")]:
            told = self.failure(asked=job(mergePolicy=wanted), change=lambda form: (form / "policies.json").write_text(json.dumps(declared)))
            expected = {"code": "0090000011", "msg": f"Merge policy '{named}' is not known", "callStack": "", "transient": False}
            self.assertEqual(told, expected)

    def test_a_policy_of_another_tenant_is_not_known(self):
        theirs = {"org": "acme", "sandbox": "dev", "id": "ours", "version": 1, "identityGraph": "none", "attributeMerge": "timestampOrdered"}
        told = self.failure(asked=job(mergePolicy={"id": "ours"}), change=lambda form: (form / "policies.json").write_text(json.dumps([theirs])))
        self.assertEqual(told["code"], "0090000011")

    def test_csv_needs_fields(self):
        told = self.failure(format="csv")
        self.assertEqual((told["code"], told["msg"]), ("0090000017", "Dataset 'out' is CSV, which needs fields"))

    def test_segments_are_not_evaluated_here(self):
        self.assertEqual(self.failure(asked=job(evaluationInfo={"segmentation": True}))["code"], "0080000001")

    def test_an_input_that_is_not_there_is_worth_another_try(self):
        missing = [lambda form: shutil.rmtree(form / "fragments"), lambda form: shutil.rmtree(form / "events"),
                   lambda form: (form / "policies.json").unlink(), shutil.rmtree]
        for change in missing:
            told = self.failure(change=change)
            self.assertEqual((told["code"], told["transient"]), ("0090000010", True))
        self.assertIn("FileNotFound", told["callStack"])
        self.assertEqual(self.failure(place="nowhere://x/y")["code"], "0090000010")

    def test_an_input_that_cannot_be_read_is_worth_another_try(self):
        for name, content in [("x.ndjson", b'{"org":"acme","sandbox":"prod","primary":{"namespace":"ECID","id":"2"},"datasetId":"c'),
                              ("x.ndjson", b'{"org":"acme"}\n'), ("x,y.ndjson", b""), ("part-0.json.gz", b""), ("x.NDJSON", b""), ("x.ndjson.gz", b"\x1f\x8b\x08 and no more"), ("x.parquet", b"no table")]:
            told = self.failure(change=lambda form: (form / "fragments" / name).write_bytes(content))
            self.assertEqual((told["code"], told["transient"]), ("0090000010", True), (name, told))

    def test_a_directory_that_is_no_table_is_not_passed_over(self):
        told = self.failure(change=lambda form: (form / "fragments" / "date=2024-05-01").mkdir())
        self.assertEqual((told["code"], told["transient"]), ("0090000010", True))

    def test_a_table_whose_columns_are_of_other_types_is_refused(self):
        good = {"org": "acme", "sandbox": "prod", "datasetId": "crm", "ingestTime": 1, "sequence": 1, "identityMap": "{}",
                "primary": '{"namespace":"ECID","id":"2"}', "record": "{}"}
        for change, said in [({"org": bytearray(b"acme")}, "column org is binary"), ({"datasetId": 7}, "column datasetId is bigint"),
                             ({"ingestTime": "1"}, "column ingestTime is string"), ({"record": None}, "no column record")]:
            row = {name: value for name, value in (good | change).items() if value is not None}
            with self.subTest(said):
                told = self.failure(change=lambda form: self.spark.createDataFrame([row]).coalesce(1).write.parquet(str(form / "fragments/x.parquet")))
                self.assertEqual(told["code"], "0090000010")
                self.assertIn(said, told["callStack"])

    def test_a_foreign_error_is_told_by_class_message_and_stack(self):
        told = self.failure(asked=job(filter={"segments": [{}]}))
        self.assertEqual((told["code"], told["msg"], told["transient"]), ("unknown", "KeyError: 'segmentId'", False))
        self.assertIn("segment_of", told["callStack"])


def wait_for(path):
    """In a task."""
    import os
    import time

    while not os.path.exists(path):
        time.sleep(0.05)


if __name__ == "__main__":
    unittest.main()
