"""Requests to the host, each answer held against the description that it serves."""

import gzip
import http.client
import itertools
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import jsonschema_rs

sys.path.append(str(Path(__file__).resolve().parents[2] / "openapi"))

from description import Answer, Description  # noqa: E402
from soak.ledger import Ledger, Span  # noqa: E402

JOBS = "/data/core/ups/export/jobs"
PATIENCE = 60  # seconds for an answer: beyond, it is none


class NotSent(Exception):
    """Nobody took the connection: nothing was asked."""


class Lost(Exception):
    """No whole answer: what was asked may have been done or not."""


class Unavailable(Exception):
    """503 of a host that stops: what was asked was not done."""


class Disturbances(Protocol):
    url_port: int

    def disturbed(self, since: float) -> bool:
        """Whether the host was killed, stopped or started at some moment since."""
        ...


class FastDescription(Description):
    """The same with validators that are compiled once."""

    def __init__(self, file: Path) -> None:
        super().__init__(file)
        self._compiled: dict[int, Any] = {}

    def schema_findings(self, schema: dict[str, Any], value: Any) -> list[str]:
        validator = self._compiled.get(id(schema))
        if validator is None:
            whole = {"allOf": [schema], "components": self.document["components"]}
            validator = self._compiled[id(schema)] = jsonschema_rs.Draft202012Validator(whole)
        if validator.is_valid(value):
            return []
        return [f"{'/'.join(map(str, one.instance_path))}: {one.message[:300]}" for one in validator.iter_errors(value)]

    def findings(self, method: str, target: str, answer: Answer) -> list[str]:
        path = self.path_of(target)
        asked, to_head = "get" if method == "HEAD" else method.lower(), method == "HEAD"
        if method == "OPTIONS":
            return [] if answer.status == 204 and "allow" in answer.headers else ["expected 204 and Allow to OPTIONS"]
        if path is None:
            response = self.shared_response("NotFound") if answer.status == 404 else None
        elif asked not in self.methods_of(path):
            response = self.shared_response("MethodNotAllowed") if answer.status == 405 else None
        else:
            response = self.operation(path, asked)["responses"].get(str(answer.status))
        if response is None:
            return [f"status {answer.status} is not described"]
        return self.answer_findings(response, answer, to_head)


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes  # decompressed
    when: Span

    def json(self) -> Any:
        return json.loads(self.body)


class RequestIds:
    """Each request has one of its own, by which jobs and the audit name it."""

    def __init__(self, seed: int) -> None:
        self._numbers = itertools.count(1)
        self._seed = seed

    def next(self) -> str:
        return f"soak-{self._seed}-{next(self._numbers)}"


class Wire:
    """One connection, kept alive; a thread's own."""

    def __init__(self, host: Disturbances, description: FastDescription, ledger: Ledger, ids: RequestIds) -> None:
        self.host, self.description, self.ledger, self.ids = host, description, ledger, ids
        self._connection: http.client.HTTPConnection | None = None
        self._known_good = 0.0  # when it was connected or gave an answer
        self.connected = 0

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def connection(self) -> http.client.HTTPConnection:
        # Nobody would know whose request a connection of an earlier life lost.
        if self._connection is not None and self.host.disturbed(self._known_good):
            self.close()
        if self._connection is None:
            fresh = http.client.HTTPConnection("127.0.0.1", self.host.url_port, timeout=PATIENCE)
            begun = time.monotonic()
            try:
                fresh.connect()
            except OSError as problem:
                if not self.host.disturbed(begun):
                    self.ledger.found(f"no connection, though the host runs: {problem!r}")
                raise NotSent from problem
            self._connection, self._known_good = fresh, begun
            self.connected += 1
        return self._connection

    def lost(self, what: str, problem: BaseException | str) -> Lost:
        if not self.host.disturbed(self._known_good):
            self.ledger.found(f"no answer to {what}, though the host runs: {problem!r}")
        self.close()
        self.ledger.count("answers lost")
        return Lost(what)

    def ask(
        self,
        kind: str,
        right: set[int],
        method: str,
        target: str,
        headers: dict[str, str],
        body: bytes | None = None,
    ) -> Reply:
        """The answer, whose status is a right one; else it is a finding, and Lost."""
        headers = {"x-request-id": self.ids.next(), **headers}
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
        connection = self.connection()
        sent = time.monotonic()
        try:
            connection.request(method, target, body=body, headers=headers)
            response = connection.getresponse()
            raw = response.read()
        except (OSError, http.client.HTTPException) as problem:
            raise self.lost(f"{method} {target}", problem) from problem
        self._known_good = time.monotonic()
        names = [name.lower() for name, _ in response.getheaders()]
        answer = Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, raw)
        if answer.headers.get("connection") == "close":
            self.close()
        self.ledger.requests[kind] += 1
        return self._judged(f"{method} {target}", right, method, target, headers, names, answer, Span(sent, self._known_good))

    def _judged(
        self,
        what: str,
        right: set[int],
        method: str,
        target: str,
        headers: dict[str, str],
        names: list[str],
        answer: Answer,
        when: Span,
    ) -> Reply:
        found = self.description.findings(method, target, answer)
        self.ledger.count("answers validated")
        if answer.headers.get("x-request-id") != headers["x-request-id"]:
            found.append("the request's id does not come back")
        if len(set(names)) != len(names):
            found.append(f"a header is there twice: {names}")
        for one in found:
            self.ledger.found(f"{what} -> {answer.status} ({headers['x-request-id']}): {one}")
        if answer.status == 503 and 503 not in right and self.host.disturbed(when.sent):
            raise Unavailable
        if answer.status not in right:
            self.ledger.found(f"{what} -> {answer.status}, expected {sorted(right)}: {answer.body[:300]!r}")
            raise Lost(what)
        compressed = answer.headers.get("content-encoding") == "gzip"
        self.ledger.tally["gzip"] += compressed
        return Reply(answer.status, answer.headers, gzip.decompress(answer.body) if compressed else answer.body, when)
