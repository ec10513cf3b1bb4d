"""A Spark session in this process, and attempts that run in it: what tests and compare.py have in common."""

import gzip
import importlib.util
import json
import logging
import os
import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
DRIVER = HERE.parents[1] / "tools" / "spark"
for folder in (DRIVER, HERE.parent / "reference"):
    sys.path.insert(0, str(folder))
# Tasks are processes of their own.
os.environ["PYTHONPATH"] = os.pathsep.join([str(DRIVER), str(HERE), os.environ.get("PYTHONPATH", "")])
os.environ["PYTHONPYCACHEPREFIX"] = str(Path(tempfile.gettempdir()) / f"waybill-python-{os.getuid()}")
os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")

MAX_TASK_FAILURES = 3


def why_no_spark():
    """A reason, where tests with Spark cannot run."""
    if importlib.util.find_spec("pyspark") is None:
        return "this Python has no PySpark"
    if not os.environ.get("JAVA_HOME") and not shutil.which("java"):
        return "there is no Java"
    return None


def session(partitions=2):
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    settings = {
        "spark.ui.enabled": "false",
        "spark.waybill.partitions": partitions,
        "spark.default.parallelism": 2,
        "spark.sql.shuffle.partitions": 2,
        "spark.sql.codegen.wholeStage": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",  # half the time, of tests this small
    }
    builder = SparkSession.builder.master(f"local[2,{MAX_TASK_FAILURES}]").appName("waybill tests")
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    logging.getLogger("py4j").setLevel(logging.ERROR)
    return spark


def reference_module(name):
    """Also one that has a name of ours."""
    path = HERE.parent / "reference" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"reference_{name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Attempt:
    """A request in a place of its own, and what came of it."""

    def __init__(self, job, profiles, org="acme", sandbox="prod", format="ndjson", compression="none", part_bytes=1 << 29):
        self._place = tempfile.TemporaryDirectory(prefix="waybill-spark-")
        root = Path(self._place.name)
        self.spool = root / "datasets" / ".spark" / "7.2.3"
        self.dataset = root / "datasets" / org / sandbox / job["destination"]["datasetId"]
        self.staging = self.dataset / ".staging" / "7.2.3"
        self.spool.mkdir(parents=True)
        self.request = {
            "schemaVersion": 1,
            "key": {"job": 7, "attempt": 2, "epoch": 3},
            "name": "waybill-7.2.3-" + batch_id(0),
            "spool": str(self.spool),
            "dataset": str(self.dataset),
            "staging": str(self.staging),
            "tenant": {"org": org, "sandbox": sandbox},
            "profiles": str(profiles),
            "partBytes": part_bytes,
            "output": {"format": format, "compression": compression},
            "batches": batches_of(job),
            "job": job,
        }
        (self.spool / "request.json").write_text(json.dumps(self.request))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._place.cleanup()

    def run(self, spark):
        from waybill_export import attempt

        return attempt.run(spark, self.request)

    def cancel(self):
        (self.spool / "cancel").touch()

    @property
    def result(self):
        return json.loads((self.spool / "result.json").read_text())

    def batch(self, number=0):
        return self.staging / f"batch-{batch_id(number)}"

    def manifest(self, number=0):
        return json.loads((self.batch(number) / "manifest.json").read_text())

    def texts(self, number=0):
        """Of the parts, not compressed."""
        return [plain(self.batch(number) / file["name"]) for file in self.manifest(number)["files"]]

    def rows(self, number=0):
        return [line for text in self.texts(number) for line in text.split("\n") if line]


def plain(path):
    content = path.read_bytes()
    return (gzip.decompress(content) if path.suffix == ".gz" else content).decode()


def batch_id(number):
    return f"{number + 1:032x}"


def batches_of(job):
    if not job["destination"].get("segmentPerBatch"):
        return [{"batchId": batch_id(0), "segment": None}]
    return [{"batchId": batch_id(number), "segment": number} for number in range(len(job["filter"]["segments"]))]
