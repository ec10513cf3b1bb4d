"""What else comes to a host: requests that are wrong, logins that are wrong, clients that are slow or go away, and probes."""

import json
import socket
import struct
import time

from soak.client import Client
from soak.ledger import Outcome
from soak.wire import JOBS
from soak.wording import Document

BAD_BODIES: list[tuple[bytes, str]] = [
    (b"{", "invalid_json"),
    (b'{"destination":{"datasetId":"a"}}', "required"),
    (b'{"destination":{"datasetId":"a b"},"schema":{"name":"x"}}', "invalid_value"),
    (b'{"destination":{"datasetId":"a"},"schema":{"name":"x"},"filter":{"emptyProfiles":1}}', "invalid_type"),
    (b'{"destination":{"datasetId":"a"},"schema":{"name":"x"},"schema":{"name":"x"}}', "duplicate_member"),
    (b'{"destination":{"datasetId":"a"},"schema":{"name":"x"},"filter":{"fromIngestTimestamp":"now"}}', "invalid_time"),
]
BAD_QUERIES = ["limit=0", "limit=", "offset=1", "status=DONE", "createdAfter=soon", "limit=1&limit=2", "datasetId="]


class Strangers:
    def __init__(self, client: Client) -> None:
        self._client = client
        self._wire = client.wire
        self._chance = client.chance
        self._ledger = client.ledger

    def bad_request(self) -> None:
        headers = self._client.headers(self._client.tenant())
        drawn = self._chance.random()
        if drawn < 0.5:
            body, code = self._chance.choice(BAD_BODIES)
            answer = self._wire.ask("bad body", {400}, "POST", JOBS, headers, body).json()
            self._expect_code(answer, code)
        elif drawn < 0.8:
            self._wire.ask("bad query", {400}, "GET", f"{JOBS}?{self._chance.choice(BAD_QUERIES)}", headers)
        elif drawn < 0.9:
            no_json = headers | {"Content-Type": "text/plain"}
            self._wire.ask("no JSON", {415}, "POST", JOBS, no_json, b"x")
        else:
            method, path, status = self._chance.choice(
                [("PUT", JOBS, 405), ("OPTIONS", JOBS, 204), ("GET", "/data/core/ups/export", 404), ("GET", f"{JOBS}/none", 404)]
            )
            self._wire.ask("odd request", {status}, method, path, headers)

    def _expect_code(self, answer: Document, code: str) -> None:
        codes = [one["code"] for one in answer["errors"]["400"]]
        if code not in codes:
            self._ledger.found(f"expected {code} to a bad body, got {codes}")

    def wrong_login(self) -> None:
        headers = self._client.host.login(self._client.tenant()).headers()
        wrong: tuple[str, str | None, int] = self._chance.choice(
            [
                ("Authorization", "Bearer wrong", 401),
                ("Authorization", None, 403),
                ("x-api-key", "wrong", 403),
                ("x-api-key", None, 403),
                ("x-gw-ims-org-id", None, 400),
                ("x-gw-ims-org-id", "initech", 403),
                ("x-sandbox-name", "elsewhere", 403),
            ]
        )
        name, value, status = wrong
        headers = {key: one for key, one in headers.items() if key != name} | ({name: value} if value else {})
        method, body = self._chance.choice([("GET", None), ("POST", b"{}")])
        self._wire.ask("wrong login", {status}, method, JOBS, headers, body)

    def probe(self) -> None:
        path = self._chance.choice(["/healthz", "/readyz", "/metrics", "/openapi.json"])
        reply = self._wire.ask(path, {200}, self._chance.choice(["GET", "GET", "HEAD"]), path, {"Accept-Encoding": "gzip"})
        if path == "/metrics" and reply.body:
            lines = [line.split() for line in reply.body.decode().splitlines() if not line.startswith("#")]
            if not any(name.startswith("waybill_jobs{") and float(value) >= 0 for name, value in lines):
                self._ledger.found("/metrics tells of no jobs")

    # On connections of their own

    def _connection(self) -> socket.socket | None:
        try:
            return socket.create_connection(("127.0.0.1", self._client.host.url_port), 10)
        except OSError:
            return None

    def create_and_go(self) -> None:
        """The whole of a create is sent, and its answer is not waited for."""
        if not self._client.pace.may():
            return
        ask = self._client.new_ask(key=False)
        connection = self._connection()
        if connection is None:
            ask.outcome = Outcome.REFUSED
            return
        ask.outcome = Outcome.LOST
        head = self._head("POST", self._client.headers_of(ask), len(ask.text))
        with connection:
            try:
                connection.sendall(head + ask.text)
                if self._chance.random() < 0.5:  # with a reset
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            except OSError:
                pass
        self._ledger.requests["create and go"] += 1
        self._ledger.count("answers lost")

    def break_off(self) -> None:
        """A part of a create, and then nothing; or a list that is not read to its end."""
        headers = self._client.host.login(self._client.tenant()).headers()
        body = json.dumps(self._client.asking.request()).encode()
        whole = self._head("POST", headers | {"x-request-id": "never"}, len(body)) + body
        cut = whole[: self._chance.randrange(1, len(whole))]
        a_list = self._chance.random() < 0.4
        if a_list:
            cut = self._head("GET", headers, None)
        connection = self._connection()
        if connection is None:
            return
        with connection:
            try:
                connection.sendall(cut)
                if a_list:
                    connection.recv(100)
            except OSError:
                pass
        self._ledger.requests["broken off"] += 1

    def slow(self) -> None:
        """A request that comes in small pieces over some time, and is answered like any other."""
        tenant = self._client.tenant()
        whole = self._head("GET", self._client.host.login(tenant).headers() | {"Connection": "close"}, None, "?limit=1")
        begun = time.monotonic()
        connection = self._connection()
        if connection is None:
            return
        answer = b""
        with connection:
            try:
                for at in range(0, len(whole), 60):
                    connection.sendall(whole[at : at + 60])
                    time.sleep(0.05)
                while piece := connection.recv(65536):
                    answer += piece
            except OSError:
                pass
        self._ledger.requests["slow"] += 1
        if not answer.startswith(b"HTTP/1.1 200") and not self._client.host.disturbed(begun):
            self._ledger.found(f"a slow request was answered with {answer[:200]!r}")

    @staticmethod
    def _head(method: str, headers: dict[str, str], length: int | None, query: str = "") -> bytes:
        lines = [f"{method} {JOBS}{query} HTTP/1.1", "Host: soak"]
        if length is not None:
            lines += ["Content-Type: application/json", f"Content-Length: {length}"]
        return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items()), "", ""]).encode()
