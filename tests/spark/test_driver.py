"""The program as a cluster starts it: spark-submit driver.py REQUEST.json, with nothing else to find the modules by."""

import os
import subprocess
import unittest
from pathlib import Path

from local_cluster import DRIVER, Attempt, why_no_spark
from people import Place, fragment, job
from staged_rules import check_staged


@unittest.skipIf(why_no_spark(), f"skipped here: {why_no_spark()}")
class Submitted(unittest.TestCase):
    def submit(self, attempt):
        import pyspark

        submit = Path(pyspark.__file__).parent / "bin" / "spark-submit"
        request = attempt.spool / "request.json"
        settings = ["--master", "local[1]", "--conf", "spark.ui.enabled=false"]
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        ended = subprocess.run([submit, *settings, DRIVER / "driver.py", request], env=environment, cwd="/", capture_output=True)
        return ended.returncode

    def test_it_stages_once_and_its_exit_code_tells_how_it_ended(self):
        with Place([fragment("1", a=1)]) as place, Attempt(job(fields="a"), place.path) as attempt:
            self.assertEqual(self.submit(attempt), 0)
            check_staged(attempt)
            self.assertEqual(attempt.rows(), ['{"a":1}'])
            result = (attempt.spool / "result.json").stat()
            self.assertEqual(self.submit(attempt), 0)
            self.assertEqual((attempt.spool / "result.json").stat(), result)

    def test_a_failure_is_one_of_the_program_too(self):
        with Place() as place, Attempt(job(), place.path, format="csv") as attempt:
            self.assertEqual(self.submit(attempt), 1)
            self.assertEqual(attempt.result["errors"][0]["code"], "0090000017")


if __name__ == "__main__":
    unittest.main()
