"""What the scenarios share: some profiles, jobs for them, and what must be there in the end."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cluster import Cluster
from export_host import Document, ExportHost
from running_host import ORG
from waiting import until

GOLD, SILVER = "5f5b2d1e-gold", "7c1a9b30-silver"
PEOPLE = 40

Scenario = Callable[["Place"], None]


def scenario(function: Scenario) -> Scenario:
    """Its name is the first line of its description."""
    function.is_scenario = True  # type: ignore[attr-defined]
    return function


def in_short(function: Scenario) -> Scenario:
    """One that CI runs."""
    function.in_short = True  # type: ignore[attr-defined]
    return function


@dataclass(frozen=True)
class Place:
    tools: Path
    _cluster: Cluster | None  # none: the embedded engine

    @property
    def cluster(self) -> Cluster:
        assert self._cluster is not None
        return self._cluster

    def empty_host(self) -> ExportHost:
        return ExportHost(self.tools, self._cluster)

    def host(self, *options: str, people: int = PEOPLE, **conf: str) -> ExportHost:
        """With people in its profiles, not yet started."""
        host = ExportHost(self.tools, self._cluster, options, **conf)
        host.import_profiles("-", "--ingest-time", "2024-01-01T00:00:00Z", text="".join(map(line_of, range(people))))
        host.export_profiles()
        return host


def is_gold(number: int) -> bool:
    return number % 4 == 0


def is_silver(number: int) -> bool:
    return number % 3 == 0


def line_of(number: int) -> str:
    realized = {"status": "realized", "lastQualificationTime": "2024-01-01T00:00:00Z"}
    memberships = {segment: realized for segment, has in ((GOLD, is_gold), (SILVER, is_silver)) if has(number)}
    person: Document = {
        "identityMap": {"ECID": [{"id": f"e{number}", "primary": True}], "Email": [{"id": f"p{number}@example.com"}]},
        "name": f"Person {number}",
        "balance": number / 4,
        "segmentMembership": {"ups": memberships},
    }
    return json.dumps(person) + "\n"


def names(has: Callable[[int], bool], people: int = PEOPLE) -> set[str]:
    return {f"Person {number}" for number in range(people) if has(number)}


def request(*segments: str, dataset: str = "people", per_batch: bool = False) -> Document:
    return {
        "fields": "name,identities.id",
        "filter": {"segments": [{"segmentId": segment} for segment in segments]},
        "destination": {"datasetId": dataset, "segmentPerBatch": per_batch},
        "schema": {"name": "_xdm.context.profile"},
    }


# What must be so


def expect(what: str, seen: Any, wanted: Any) -> None:
    if seen != wanted:
        raise AssertionError(f"{what}: expected {wanted!r}, got {seen!r}")


def batch_ids(job: Document) -> list[str]:
    destination = job["destination"]
    return [one["batchId"] for one in destination["batches"]] if destination["segmentPerBatch"] else [destination["batchId"]]


def names_in(host: ExportHost, dataset: str, batch: str) -> list[str]:
    """Of the rows of a batch, each file held against its manifest."""
    place = host.dataset(dataset) / f"batch-{batch}"
    manifest = json.loads((place / "manifest.json").read_text())
    rows = []
    for file in manifest["files"]:
        content = (place / file["name"]).read_bytes()
        expect(f"{file['name']}: bytes and SHA-256", (len(content), hashlib.sha256(content).hexdigest()), (file["bytes"], file["sha256"]))
        lines = [json.loads(line) for line in content.splitlines()]
        expect(f"{file['name']}: rows", len(lines), file["rows"])
        rows += lines
    expect("the manifest's total of rows", manifest["totals"]["rows"], len(rows))
    return [row["name"] for row in rows]


def expect_published(host: ExportHost, job: Document, *wanted: set[str], dataset: str = "people") -> None:
    """These people, once each, a batch each set; nothing else is in place, nothing staged, and no spool left."""
    batches = batch_ids(job)
    expect("batches", len(batches), len(wanted))
    current = host.current(dataset)
    expect("the batches that current.json names", [one["batchId"] for one in (current or {"batches": []})["batches"]], batches)
    for batch, people in zip(batches, wanted):
        expect(f"the rows of batch {batch}", sorted(names_in(host, dataset, batch)), sorted(people))
    expect("the batches in place", host.batches_in_place(dataset), sorted(batches))
    expect("times that it succeeded", [move["to"] for move in host.moves(job["id"])].count("SUCCEEDED"), 1)
    expect("what the job counted", job["metrics"]["totalExportedProfileCounter"], sum(map(len, wanted)))
    expect_tidy(host, dataset)
    host.waybill("datasets", "verify", dataset, "--datasets", "datasets", "--org", ORG)


def expect_nothing_published(host: ExportHost, dataset: str = "people") -> None:
    expect("current.json", host.current(dataset), None)
    expect("the batches in place", host.batches_in_place(dataset), [])


def expect_tidy(host: ExportHost, dataset: str = "people") -> None:
    until(lambda: not host.staged(dataset), "staging that is swept", 60)
    until(lambda: not host.spools(), "spools that are removed", 60)


def attempts(host: ExportHost, number: int) -> int:
    return max(int(move["attempt"]) for move in host.moves(number))


def driver_of(host: ExportHost, number: int) -> str:
    return until(lambda: str(host.job(number)["computeGatewayJobId"]["exportJob"]), "the driver's id")
