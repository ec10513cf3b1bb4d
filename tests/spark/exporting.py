"""The Spark session of a file of tests, and exports in it."""

import json
import unittest
import warnings

import local_cluster
from local_cluster import Attempt, why_no_spark
from people import Place, job
from staged_rules import check_staged


class Exports(unittest.TestCase):
    """Skipped where there is no PySpark or no Java."""

    @classmethod
    def setUpClass(cls):
        if reason := why_no_spark():
            raise unittest.SkipTest(f"skipped here: {reason}")
        cls.spark = local_cluster.session()

    def setUp(self):
        warnings.simplefilter("ignore", ResourceWarning)  # of the sockets of PySpark

    def export(self, fragments=(), events=(), policies=(), asked=None, **how):
        """A staged attempt, whose files stay until the test ends."""
        place = self.enterContext(Place(fragments, events, policies))
        attempt = self.enterContext(Attempt(asked or job(), place.path, **how))
        self.assertEqual(attempt.run(self.spark), "staged", attempt.result if (attempt.spool / "result.json").exists() else "")
        if attempt.request["output"]["compression"] != "zstd":
            check_staged(attempt)
        return attempt

    def rows(self, *fragments, events=(), **asked):
        return sorted(map(json.loads, self.export(fragments, events, asked=job(**asked)).rows()), key=str)
