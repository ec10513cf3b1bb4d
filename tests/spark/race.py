"""race.py TOOLS PYTHON [--people 10000,100000,300000] [--rounds 1]: how long both engines take for the same jobs on this machine.

TOOLS is that of a release build. People are those of waybill-generate, three records each. Both exports are asked over HTTP of a real
waybilld, in turns; told is the time from a job's creation to its end, and for Spark the part of it in which the driver read and
wrote. The cluster is one worker with both cores, its properties those that are printed."""

import argparse
import statistics
import subprocess
import sys
from pathlib import Path

from cluster import Cluster
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
    text = "select s.name, count(distinct m.profile_id) c from memberships m join segments s on s.id = m.segment_id group by 1"
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
    print(f"{'people':>8} {'job':24} {'rows':>8} {'embedded s':>10} {'spark s':>8} {'its work s':>10} {'ratio':>6}")
    with Cluster(asked.python.absolute()) as cluster:
        for people in map(int, asked.people.split(",")):
            spark, segment = prepared(asked.tools.resolve(), cluster, people)
            with spark, embedded_beside(spark) as embedded:
                spark.start()
                embedded.start()
                for name, body in jobs_of(segment).items():
                    tell(people, name, [round_of(embedded, spark, body) for _ in range(asked.rounds)])
    return 0


def round_of(embedded: ExportHost, spark: ExportHost, body: Document) -> tuple[int, float, float, float]:
    one = embedded.wait_for_end(embedded.create(body), "SUCCEEDED", patience=3000)
    two = spark.wait_for_end(spark.create(body), "SUCCEEDED", patience=3000)
    rows, same = (int(job["metrics"]["totalExportedProfileCounter"]) for job in (one, two))
    if rows != same:
        raise AssertionError(f"{rows} rows with the embedded engine, {same} on Spark")
    work = seconds_of(two, "profileExportTime") + seconds_of(two, "aCPDatasetWriteTime")
    return rows, seconds_of(one, "totalTime"), seconds_of(two, "totalTime"), work


def tell(people: int, name: str, rounds: list[tuple[int, float, float, float]]) -> None:
    rows, ours, theirs, work = (statistics.median(column) for column in zip(*rounds))
    print(f"{people:8} {name:24} {rows:8.0f} {ours:10.2f} {theirs:8.1f} {work:10.1f} {theirs / ours:6.0f}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
