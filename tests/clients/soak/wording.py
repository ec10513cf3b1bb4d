"""What the soak asks for, and what must come of it: the documents of jobs, and how many rows their batches have."""

import json
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Document = dict[str, Any]

STATUSES = ("NEW", "PROCESSING", "SUCCEEDED", "FAILED", "CANCELLING", "CANCELLED")
FINAL = frozenset({"SUCCEEDED", "FAILED", "CANCELLED"})
MOVES = frozenset(
    {
        ("NEW", "PROCESSING"),
        ("NEW", "CANCELLED"),
        ("NEW", "FAILED"),
        ("PROCESSING", "SUCCEEDED"),
        ("PROCESSING", "FAILED"),
        ("PROCESSING", "NEW"),
        ("PROCESSING", "CANCELLING"),
        ("CANCELLING", "CANCELLED"),
    }
)
VOLATILE = frozenset({"status", "updateTime", "metrics", "errors", "computeGatewayJobId", "retriedBy"})
DEFAULT_POLICY = {"id": "timestampOrdered-none-mp", "version": 1}
UNKNOWN_POLICY = "nobody-declared-this"
GROWING = "growing"  # the segment that imports add to meanwhile


@dataclass(frozen=True)
class Rows:
    """At least and at most so many."""

    least: int
    most: int

    def __add__(self, other: "Rows") -> "Rows":
        return Rows(self.least + other.least, self.most + other.most)

    def __contains__(self, count: int) -> bool:
        return self.least <= count <= self.most


@dataclass
class Sample:
    """What waybill-generate tells of its profiles, and which tenants have them."""

    people: int
    segments: list[Document]
    tenants: set[tuple[str, str]] = field(default_factory=set)

    @staticmethod
    def read(file: Path) -> "Sample":
        told = json.loads(file.read_text())
        return Sample(told["records"]["crm"], told["segments"])

    def members(self, segment: Document, year: str | None) -> int:
        """Of one entry of a job's `filter.segments`."""
        for known in self.segments:
            if (known["segmentId"], known["segmentNs"]) == (segment["segmentId"], segment["segmentNs"]):
                counted = known["byYear"][year] if year else known["members"]
                return sum(counted[status] for status in segment["status"])
        return 0


def answered_filter(sent: Document) -> Document:
    """As the answer has it, with the defaults filled in."""
    shown = dict(sent)
    if "segments" in sent:
        shown["segments"] = [
            {
                "segmentId": one["segmentId"],
                "segmentNs": one.get("segmentNs", "ups"),
                "status": [one["status"]] if isinstance(one.get("status"), str) else one.get("status", ["realized", "existing"]),
            }
            for one in sent["segments"]
        ]
    return shown


def expected_document(sent: Document, org: str, request_id: str, retry_of: int | None) -> Document:
    """What never changes in the job that `sent` asks for, without id, creation time and the ids of batches."""
    destination = {"datasetId": sent["destination"]["datasetId"], "segmentPerBatch": False}
    destination |= {name: value for name, value in sent["destination"].items() if name == "segmentPerBatch"}
    whole = {name: sent[name] for name in ("fields", "schema", "additionalFields") if name in sent}
    if "filter" in sent:
        whole["filter"] = answered_filter(sent["filter"])
    if retry_of is not None:
        whole["retryOf"] = retry_of
    return whole | {
        "jobType": "BATCH",
        "destination": destination,
        "mergePolicy": sent.get("mergePolicy", DEFAULT_POLICY),
        "imsOrgId": org,
        "profileInstanceId": "ups",
        "requestId": request_id,
    }


def constant_part(document: Document) -> Document:
    return {name: value for name, value in document.items() if name not in VOLATILE}


def batches_of(document: Document) -> list[str]:
    destination = document["destination"]
    if destination["segmentPerBatch"]:
        return [one["batchId"] for one in destination["batches"]]
    return [destination["batchId"]]


def contradictions(document: Document, expected: Document) -> list[str]:
    """What a job's document has otherwise than it was asked for."""
    shown = {name: value for name, value in constant_part(document).items() if name not in ("id", "creationTime")}
    destination = dict(shown["destination"])
    batches = destination.pop("batches", None)
    destination.pop("batchId", None)
    shown["destination"] = destination
    found = [
        f"{name} is {shown.get(name)!r}, asked for was {expected.get(name)!r}"
        for name in sorted(shown.keys() | expected.keys())
        if shown.get(name) != expected.get(name)
    ]
    if batches is not None:
        told = [{name: one[name] for name in ("segmentId", "segmentNs", "status")} for one in batches]
        if told != expected["filter"]["segments"]:
            found.append("the batches are not those of its segments")
    return found


def end_findings(document: Document) -> list[str]:
    """What is wrong with a final document, whatever was asked for."""
    metrics, status = document["metrics"], document["status"]
    total = metrics["totalTime"]
    found = []
    if total["startTimeInMs"] != document["creationTime"] or total.get("endTimeInMs") != document["updateTime"]:
        found.append(f"totalTime {total} is not from creation to end")
    if ("errors" in document) != (status == "FAILED"):
        found.append("errors do not go with its status")
    if status == "SUCCEEDED":
        progress = metrics.get("progress", {})
        if progress.get("percent") != 100 or progress.get("exported") != metrics.get("totalExportedProfileCounter"):
            found.append(f"progress {progress} of a job that succeeded")
    elif status == "FAILED":
        codes = [one["code"] for one in document["errors"]]
        if codes != ["0100000003", "0090000011"] or document["mergePolicy"]["id"] != UNKNOWN_POLICY:
            found.append(f"failed with {document['errors']}")
    return found


class Asking:
    """Draws requests for jobs."""

    def __init__(self, chance: random.Random, sample: Sample) -> None:
        self._chance = chance
        self._sample = sample

    def _segment(self) -> Document:
        drawn = self._chance.choice(self._sample.segments[:12] + self._sample.segments[-3:])
        segment = {"segmentId": drawn["segmentId"]}
        if drawn["segmentNs"] != "ups" or self._chance.random() < 0.5:
            segment["segmentNs"] = drawn["segmentNs"]
        status = self._chance.choice([None, "realized", ["exited"], ["realized", "exited"]])
        return segment if status is None else segment | {"status": status}

    def request(self) -> Document:
        dataset = self._chance.choice(["people", "people", "orders", "mail", "a-b_C", "archive"])
        asked: Document = {"destination": {"datasetId": dataset}, "schema": {"name": "_xdm.context.profile"}}
        kind = self._chance.random()
        if kind < 0.15:
            asked["mergePolicy"] = {"id": UNKNOWN_POLICY}
            return asked
        if kind < 0.22:  # everybody
            return asked | {"fields": self._chance.choice(["identities.id", "personalEmail.address, person.name"])}
        if kind < 0.25:
            return asked  # everybody, whole
        if kind < 0.35:
            asked["filter"] = {"segments": [{"segmentId": GROWING}]}
            return asked
        asked["filter"] = {"segments": [self._segment() for _ in range(self._chance.choice([1, 1, 1, 2, 3]))]}
        if self._chance.random() < 0.6:
            asked["fields"] = "identities.id,homeAddress.city"
        if len(asked["filter"]["segments"]) > 1 or self._chance.random() < 0.3:
            asked["destination"]["segmentPerBatch"] = True
        if self._chance.random() < 0.3:
            asked["filter"]["segmentQualificationTime"] = {"startTime": "2025-01-01T00:00:00Z"}
        return asked

    @staticmethod
    def spelled(request: Document) -> bytes:
        return json.dumps(request).encode()


def expected_rows(sample: Sample, tenant: tuple[str, str], document: Document, grown: Rows) -> list[Rows]:
    """Of each batch, in their order; `grown` is how many profiles imports have added."""
    here = tenant in sample.tenants
    wish = document.get("filter", {})
    if "segments" not in wish:
        return [Rows(sample.people, sample.people) + grown if here else Rows(0, 0)]
    year = "2025" if "segmentQualificationTime" in wish else None
    counts = []
    for segment in wish["segments"]:
        if not here:
            counts.append(Rows(0, 0))
        elif segment["segmentId"] == GROWING:
            counts.append(grown)
        else:
            members = sample.members(segment, year)
            counts.append(Rows(members, members))
    return counts
