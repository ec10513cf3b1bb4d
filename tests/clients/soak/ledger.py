"""What was asked and answered, and what follows from it. Threads share one ledger; whoever sees a job's document enters it here,
with the moments at which it was asked and answered, and what contradicts earlier entries is a finding."""

import threading
from collections import Counter
from dataclasses import dataclass, field
from enum import Enum

from soak.wording import FINAL, Document, constant_part, contradictions, end_findings, expected_document

MOST_FINDINGS = 50


class Outcome(Enum):
    OPEN = "not answered yet"
    GRANTED = "granted"
    REFUSED = "refused"
    LOST = "lost"


@dataclass(frozen=True)
class Span:
    """From when something was asked until it was answered; monotonic seconds."""

    sent: float
    received: float


@dataclass
class Ask:
    """A create or a retry."""

    request_id: str
    tenant: tuple[str, str]
    request: Document
    text: bytes
    key: str | None
    retry_of: int | None
    grown: int  # profiles that imports had added before
    outcome: Outcome = Outcome.OPEN
    job: int | None = None


@dataclass
class Removal:
    """A DELETE."""

    request_id: str
    outcome: Outcome = Outcome.OPEN


@dataclass
class Job:
    id: int
    ask: Ask
    constant: Document
    creation_time: int
    created_by: float  # the moment by which it was there
    latest_update: int = 0
    final: Document | None = None
    final_at: float = float("inf")
    stopping_at: float = float("inf")  # seen CANCELLING, or a DELETE was granted
    gone_at: float = float("inf")
    grown: int = 0  # profiles that imports had begun to add when its end was seen
    removals: list[Removal] = field(default_factory=list)
    retries_asked: int = 0
    tag: tuple[str, Document] | None = None
    counted: tuple[str, int, float] = ("", 0, 0.0)  # an attempt, what it had exported, and when that was answered
    done: tuple[str, int, float] = ("", 0, 0.0)  # an attempt, its percentage, and when that was answered

    @property
    def sure(self) -> bool:
        """Nothing was sent that could have removed it."""
        return not self.removals


class Ledger:
    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.asks: dict[str, Ask] = {}
        self.jobs: dict[int, Job] = {}
        self.known: list[int] = []  # their ids, in the order in which they were seen first
        self.open: set[int] = set()  # those whose end was not seen yet
        self.tally: Counter[str] = Counter()
        self.requests: Counter[str] = Counter()
        self.findings: list[str] = []
        self.grown_begun = 0
        self.grown_done = 0

    def found(self, what: str) -> None:
        with self.lock:
            self.tally["findings"] += 1
            if len(self.findings) < MOST_FINDINGS:
                self.findings.append(what)

    def count(self, what: str, by: int = 1) -> None:
        with self.lock:
            self.tally[what] += by

    def jobs_of(self, tenant: tuple[str, str]) -> list[Job]:
        with self.lock:
            return [job for job in self.jobs.values() if job.ask.tenant == tenant]

    # Creates and retries

    def asking(self, ask: Ask) -> Ask:
        with self.lock:
            self.asks[ask.request_id] = ask
        return ask

    def granted(self, ask: Ask, document: Document, when: Span) -> None:
        with self.lock:
            if ask.job not in (None, document["id"]):
                self.found(f"{ask.request_id} was answered with job {ask.job}, then with {document['id']}")
            ask.outcome, ask.job = Outcome.GRANTED, document["id"]
            self.saw(ask.tenant, document, when)

    # Deletes

    def removing(self, job: Job, request_id: str) -> Removal:
        with self.lock:
            job.removals.append(Removal(request_id))
            return job.removals[-1]

    def removed(self, job: Job, removal: Removal, when: Span) -> None:
        with self.lock:
            removal.outcome = Outcome.GRANTED
            job.stopping_at = min(job.stopping_at, when.received)

    # What is seen

    def _known(self, tenant: tuple[str, str], document: Document, when: Span) -> Job | None:
        job = self.jobs.get(document["id"])
        if job is not None:
            if job.ask.tenant != tenant:
                self.found(f"job {job.id} of {job.ask.tenant} was shown to {tenant}")
            return job
        ask = self.asks.get(document["requestId"])
        if ask is None or ask.tenant != tenant:
            self.found(f"job {document['id']} of {tenant} was asked for by nobody: {document['requestId']}")
            return None
        if ask.outcome is Outcome.REFUSED or ask.job not in (None, document["id"]):
            self.found(f"job {document['id']} came of {ask.request_id}, which {ask.outcome.value} and made {ask.job}")
            return None
        expected = expected_document(ask.request, tenant[0], ask.request_id, ask.retry_of)
        for one in contradictions(document, expected):
            self.found(f"job {document['id']}: {one}")
        ask.job = document["id"]
        job = Job(document["id"], ask, constant_part(document), document["creationTime"], when.received)
        self.jobs[job.id] = job
        self.known.append(job.id)
        self.open.add(job.id)
        return job

    def saw(self, tenant: tuple[str, str], document: Document, when: Span, tag: str | None = None) -> Job | None:
        """A job's document as it was at some moment within the span."""
        with self.lock:
            job = self._known(tenant, document, when)
            if job is None:
                return None
            self.tally[f"documents: {document['status']}"] += 1
            for one in self._news(job, document, when):
                self.found(f"job {job.id}, {document['status']}: {one}")
            if tag is not None:
                if job.tag is not None and (job.tag[0] == tag) != (job.tag[1] == document):
                    self.found(f"job {job.id}: the tag {tag} does not go with the document")
                job.tag = (tag, document)
            return job

    def _news(self, job: Job, document: Document, when: Span) -> list[str]:
        status, found = document["status"], []
        if constant_part(document) != job.constant:
            found.append(f"what never changes has changed from {job.constant} to {constant_part(document)}")
        if when.sent > job.gone_at:
            found.append("it was gone before")
        if when.sent > job.stopping_at and status not in ("CANCELLING", "CANCELLED"):
            found.append("it was cancelled before")
        if when.sent > job.final_at and job.final is not None:
            before, after = [{k: v for k, v in one.items() if k != "retriedBy"} for one in (job.final, document)]
            if before != after:
                found.append(f"it changed after its end: {before}, {after}")
        if status in FINAL and job.final is None:
            found += end_findings(document)
            job.final, job.final_at, job.grown = document, when.received, self.grown_begun
            self.open.discard(job.id)
        if status in ("CANCELLING", "CANCELLED"):
            job.stopping_at = min(job.stopping_at, when.received)
            if not job.removals:
                found.append("nobody cancelled it")
        return found + self._counters(job, document, when)

    @staticmethod
    def _counters(job: Job, document: Document, when: Span) -> list[str]:
        attempt, metrics = document["computeGatewayJobId"]["exportJob"], document["metrics"]
        exported = metrics.get("totalExportedProfileCounter", 0)
        known, before, answered = job.counted
        found = []
        if known == attempt and when.sent > answered and exported < before:
            found.append(f"the attempt {attempt} has exported {exported}, and {before} before")
        if known != attempt or exported > before:
            job.counted = (attempt, exported, when.received)
        progress = metrics.get("progress")
        percent = progress["percent"] if progress else 0
        if not 0 <= percent <= 100 or (document["status"] == "SUCCEEDED" and progress and percent != 100):
            found.append(f"progress {progress}")
        known, before, answered = job.done
        if known == attempt and when.sent > answered and percent < before:
            found.append(f"the attempt {attempt} is at {percent} %, and {before} before")
        if known != attempt or percent > before:
            job.done = (attempt, percent, when.received)
        return found

    def saw_move(self, job: Job, document: Document, when: Span) -> None:
        """The document of an event: its status is that of a move, which may be long ago."""
        with self.lock:
            if constant_part(document) != job.constant:
                self.found(f"job {job.id}: an event has {constant_part(document)}, the job {job.constant}")
            for one in self._counters(job, document, when):
                self.found(f"job {job.id}: {one}")

    def saw_none(self, job: Job, when: Span) -> None:
        with self.lock:
            if not job.removals:
                self.found(f"job {job.id} is gone, and nobody removed it")
            job.gone_at = min(job.gone_at, when.received)
            self.open.discard(job.id)
