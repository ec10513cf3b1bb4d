"""race.py TOOLS PYTHON [--people 10000,100000,300000] [--rounds 1]: how long both engines take for the same jobs on this machine.

TOOLS is that of a release build. People are those of waybill-generate, three records each. Both exports are asked over HTTP of a real
waybilld, in turns; told is the time from a job's creation to its end, for Spark also the part of it in which the driver read and
wrote, and the seconds of a processor that each took, which do not grow when others use the machine. The cluster is one worker with both cores, its properties those that are printed."""

import argparse
import signal
import statistics
import subprocess
import sys
import threading
from pathlib import Path

from cluster import Cluster, processor_seconds_of
from export_host import Document, ExportHost

IDENTITIES = ("_acme.systemIdentifier.crmId=CRMID:primary", "_acme.systemIdentifier.loyaltyId=LOYALTYID")
SOURCES = ("crm", "loyalty", "web")
CONF = {"spark.driver.extraJavaOptions": "", "spark.executor.extraJavaOptions": "", "spark.executor.memory": "1g"}
SCHEMA = {"name": "_xdm.context.profile"}


def jobs_of(segment: str) -> dict[str, Document]:
    def job(**more: object) -> Document:
        return {"schema": SCHEMA, "destination": {"datasetId": "out"}, **more}

    return {
        "all, all fields": job(),
        "all, all fields, pdg": job(mergePolicy={"id": "timestampOrdered-pdg-mp"}),
        "a segment, two fields": job(filter={"segments": [{"segmentId": segment}]}, fields="person.name,identities.id"),
    }


def prepared(tools: Path, cluster: Cluster, people: int) -> tuple[ExportHost, str]:
    """A Spark host with that many people, and a segment of about a hundredth of them."""
    host = ExportHost(tools, cluster, **CONF)
    generate = [str(tools / "generate/waybill-generate"), "--people", str(people), "--seed", "7", "--out", str(host.path / "sample")]
    subprocess.run([*generate, "--events-per-person", "0"], check=True, capture_output=True)
    flags = [flag for one in IDENTITIES for flag in ("--identity", one)]
    for dataset in SOURCES:
        where = ("--profiles", "profiles.db", "--dataset", dataset, "--org", "acme", "--sandbox", "prod")
        host.waybill("profiles", "import", f"sample/{dataset}.ndjson", *where, *flags)
    host.export_profiles()
    return host, segment_of(host, people)


def segment_of(host: ExportHost, people: int) -> str:
    text = "select s.name, count(distinct m.profile_id) c from memberships m join segments s on s.id = m.segment_id"
    text += " where m.status in ('realized', 'existing') group by 1"
    found = subprocess.run(["sqlite3", "profiles.db", text], cwd=host.path, check=True, capture_output=True, text=True).stdout
    sizes = {name: int(count) for name, count in (line.rsplit("|", 1) for line in found.splitlines())}
    return min(sizes, key=lambda name: abs(sizes[name] - people / 100))


def embedded_beside(host: ExportHost) -> ExportHost:
    """An embedded host with the same profiles."""
    other = ExportHost(host.tools)
    (other.path / "profiles.db").symlink_to(host.path / "profiles.db")
    return other


def seconds_of(job: Document, span: str) -> float:
    return float(job["metrics"][span]["totalTimeInMs"]) / 1000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition(":")[2])
    parser.add_argument("tools", type=Path)
    parser.add_argument("python", type=Path)
    parser.add_argument("--people", default="10000,100000,300000")
    parser.add_argument("--rounds", type=int, default=1)
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the cluster ends, too
    columns = ("embedded s", "of processor", "Spark s", "its work s", "of processor")
    print(f"{'people':>8} {'job':24} {'rows':>8} " + " ".join(f"{column:>12}" for column in columns))
    with Cluster(asked.python.absolute()) as cluster:
        for people in map(int, asked.people.split(",")):
            spark, segment = prepared(asked.tools.resolve(), cluster, people)
            with spark, embedded_beside(spark) as embedded:
                spark.start()
                embedded.start()
                for name, body in jobs_of(segment).items():
                    tell(people, name, [round_of(embedded, spark, body) for _ in range(asked.rounds)])
    return 0


class Meter:
    """Sums up what the processes of a cluster take, also those that end meanwhile."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster, self._ended = cluster, threading.Event()
        self._taken: dict[int, float] = {}
        self._thread = threading.Thread(target=self._watch)

    def _watch(self) -> None:
        while not self._ended.wait(0.2):
            for process, seconds in self._cluster.processor_seconds().items():
                self._taken[process] = max(seconds, self._taken.get(process, 0.0))

    def __enter__(self) -> "Meter":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def seconds(self) -> float:
        return sum(self._taken.values())


def round_of(embedded: ExportHost, spark: ExportHost, body: Document) -> tuple[float, ...]:
    before = processor_seconds_of(embedded.process.pid)
    one = embedded.wait_for_end(embedded.create(body), "SUCCEEDED", patience=3000)
    ours = processor_seconds_of(embedded.process.pid) - before
    assert spark.cluster is not None
    with Meter(spark.cluster) as meter:
        two = spark.wait_for_end(spark.create(body), "SUCCEEDED", patience=3000)
    rows, same = (int(job["metrics"]["totalExportedProfileCounter"]) for job in (one, two))
    if rows != same:
        raise AssertionError(f"{rows} rows with the embedded engine, {same} on Spark")
    work = seconds_of(two, "profileExportTime") + seconds_of(two, "aCPDatasetWriteTime")
    return rows, seconds_of(one, "totalTime"), ours, seconds_of(two, "totalTime"), work, meter.seconds()


def tell(people: int, name: str, rounds: list[tuple[float, ...]]) -> None:
    rows, *figures = (statistics.median(column) for column in zip(*rounds))
    print(f"{people:8} {name:24} {rows:8.0f} " + " ".join(f"{figure:12.2f}" for figure in figures), flush=True)


if __name__ == "__main__":
    sys.exit(main())
