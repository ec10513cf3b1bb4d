"""Streams of events: every move once, in order, over whatever happens to the host meanwhile."""

import hashlib
import http.client
import json
import time
from typing import Iterator

from soak.client import Client
from soak.ledger import Job, Span
from soak.wire import NotSent, Reply
from soak.wording import FINAL, MOVES

LONGEST = 4.0  # seconds that a client follows a job


class Followed:
    """What a reader of a job's events knows."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.last_id = 0
        self.status: str | None = None
        self.removed = False

    def move(self, number: int, status: str) -> str | None:
        before, self.status = self.status, status
        if number <= self.last_id:
            return f"event {number} after {self.last_id}"
        self.last_id = number
        if before is None:
            return None if status == "NEW" else f"the first move is to {status}"
        return None if (before, status) in MOVES else f"a move from {before} to {status}"


class Streams:
    def __init__(self, client: Client) -> None:
        self._client = client
        self._ledger = client.ledger
        self._schema = client.wire.description.document["components"]["schemas"]["JobEvent"]

    def follow(self) -> None:
        job = self._client.some_job(young=True)
        if job is None:
            return
        followed = Followed(job)
        until = time.monotonic() + LONGEST
        while not followed.removed and followed.status not in FINAL:
            if not self._listen(followed, until) or time.monotonic() > until or self._client.gate.closed:
                return

    def _listen(self, followed: Followed, until: float) -> bool:
        """Whether there may be more to come."""
        job, wire = followed.job, self._client.wire
        target = self._client.target(job, "/events")
        headers = self._client.host.login(job.ask.tenant).headers()
        headers |= {"x-request-id": wire.ids.next(), "Last-Event-ID": str(followed.last_id)}
        try:
            connection = wire.connection()
        except NotSent:
            time.sleep(0.1)
            return True
        sent = time.monotonic()
        try:
            connection.request("GET", target, headers=headers)
            response = connection.getresponse()
            if response.status != 200:
                self._ended(followed, response.status, Span(sent, time.monotonic()))
                response.read()
                return False
            self._ledger.requests["events"] += 1
            self._ledger.count("answers validated")
            for event in self._events(response):
                self._take(followed, event, sent)
                if time.monotonic() > until:
                    wire.close()  # in the middle of the stream
                    return False
        except (OSError, http.client.HTTPException) as problem:
            wire.lost(f"events of {job.id}", problem)
            return True
        if followed.status not in FINAL and not followed.removed and not self._client.host.disturbed(sent):
            self._ledger.found(f"the events of job {job.id} end after {followed.status}, and the host goes on")
        return True

    def _ended(self, followed: Followed, status: int, when: Span) -> None:
        if status == 404:
            self._ledger.saw_none(followed.job, when)
        elif status == 503 and self._client.host.disturbed(when.sent):
            pass
        else:
            self._ledger.found(f"events of job {followed.job.id} after {followed.last_id}: {status}")

    @staticmethod
    def _events(response: http.client.HTTPResponse) -> Iterator[dict[str, str]]:
        event: dict[str, str] = {}
        while line := response.readline():
            text = line.decode().rstrip("\n")
            if text.startswith(":"):
                continue
            if text:
                name, _, value = text.partition(": ")
                event[name] = value
            elif event:
                yield event
                event = {}

    def _take(self, followed: Followed, event: dict[str, str], sent: float) -> None:
        job = followed.job
        for one in self._client.wire.description.schema_findings(self._schema, event):
            self._ledger.found(f"an event of job {job.id}: {one}")
        self._ledger.count("events")
        document = json.loads(event["data"])
        when = Span(sent, time.monotonic())
        if event["event"] == "removed":
            followed.removed = True
            self._ledger.saw_none(job, when)
            return
        self._ledger.saw_move(job, document, when)
        if event["event"] == "status":
            wrong = followed.move(int(event["id"]), document["status"])
            if wrong is not None:
                self._ledger.found(f"the events of job {job.id}: {wrong}")
            if document["status"] in FINAL:
                self._ledger.saw(job.ask.tenant, document, when)


class Downloads:
    """The files of a batch that is published, whole and in part."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def download(self) -> None:
        client = self._client
        with client.ledger.lock:
            done = [one for one in client.ledger.jobs.values() if one.final and one.final["status"] == "SUCCEEDED"]
        if not done:
            return
        job = client.chance.choice(done[-20:])
        destination = job.constant["destination"]
        batch = destination.get("batchId") or destination["batches"][0]["batchId"]
        headers = client.headers(job.ask.tenant)
        target = f"/data/foundation/export/batches/{batch}/files"
        # 404: a later job's batch has taken its place.
        reply = client.wire.ask("files", {200, 404}, "GET", target, headers)
        if reply.status == 200:
            self._read(reply.json()["data"][0], headers)

    def _read(self, file: dict[str, object], headers: dict[str, str]) -> None:
        client, length = self._client, file["length"]
        assert isinstance(length, int)
        links = file["_links"]
        assert isinstance(links, dict)
        target = links["self"]["href"]
        whole = client.wire.ask("file", {200}, "GET", target, headers)
        self._compare(whole, file)
        first = client.chance.randrange(length + 2)
        right = 206 if first < length else 416
        part = client.wire.ask("range", {right}, "GET", target, headers | {"Range": f"bytes={first}-{first + 999}"})
        if part.status == 206 and part.body != whole.body[first : first + 1000]:
            client.ledger.found(f"{target}: bytes {first} to {first + 999} are others than in the whole")
        client.wire.ask("file unless known", {304}, "GET", target, headers | {"If-None-Match": whole.headers["etag"]})

    def _compare(self, whole: Reply, file: dict[str, object]) -> None:
        digest = hashlib.sha256(whole.body).hexdigest()
        if (len(whole.body), digest, whole.headers["etag"]) != (file["length"], file["sha256"], f'"{file["sha256"]}"'):
            self._client.ledger.found(f"the bytes of {file} are others: {len(whole.body)}, {digest}")
        self._client.ledger.count("downloads")
