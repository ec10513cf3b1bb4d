"""What goes on beside the clients: kills and stops, reloads of credentials, imports of profiles, looks at what the host takes."""

import json
import random
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Callable, Iterator

from running_host import Login
from soak.gate import Gate
from soak.ledger import Ledger
from soak.lives import WITH_PROFILES, SoakedHost, interval
from soak.wire import JOBS, Lost, NotSent, Unavailable, Wire
from soak.wording import GROWING

RELOADED = 20  # seconds within which a reload must be felt


class Troubles:
    """Kills, and now and then an orderly stop, until `until`."""

    def __init__(self, host: SoakedHost, gate: Gate, seed: str, seconds: float) -> None:
        self._host, self._gate, self._seconds = host, gate, seconds
        self._chance = random.Random(seed)

    def run_until(self, until: float) -> None:
        turn = 0
        while True:
            pause = interval(self._chance, self._seconds)
            if time.monotonic() + pause > until:
                self._gate.rest(max(0.0, until - time.monotonic()))
                return
            self._gate.rest(pause)
            turn += 1
            if turn % 4 == 2:
                self._host.stop_and_start()
            else:
                starts = [self._chance.random() * 0.15 for _ in range(self._chance.choice([0, 0, 1, 3]))]
                self._host.kill(starts)
                if self._chance.random() < 0.3:  # and again while it has hardly come back
                    time.sleep(self._chance.random() * 0.3)
                    self._host.kill()


class Reloads:
    """A credential comes and goes; connections stay."""

    def __init__(self, host: SoakedHost, wires: tuple[Wire, Wire], ledger: Ledger, gate: Gate, seed: str) -> None:
        self._host, self._ledger, self._gate = host, ledger, gate
        self._kept, self._other = wires
        self._chance = random.Random(seed)
        self._turn = 0

    def turn(self) -> None:
        self._turn += 1
        try:
            with self._host.steady:  # so that whatever breaks a connection now is the reload
                self._add_and_revoke(f"guest-{self._turn}")
                if self._turn % 3 == 1:
                    self._broken_file()
        except (Lost, NotSent, Unavailable):
            pass
        self._kept.close()
        self._other.close()
        self._gate.rest(self._chance.uniform(0.5, 4))

    def _add_and_revoke(self, name: str) -> None:
        with self._connection_stays():
            guest = self._host.add_login("acme", "prod", name)
            self._host.hang_up()
            self._await(guest, 200)
        with self._connection_stays():
            self._rewrite(lambda known: [one for one in known if one["name"] != name])
            self._host.hang_up()
            self._await(guest, 401)

    def _broken_file(self) -> None:
        """What was there before stays in force."""
        file = self._host.path / "credentials.json"
        good = file.read_bytes()
        log = self._host.path / "log"
        read = log.stat().st_size
        with self._connection_stays():
            file.write_bytes(good[:-20])
            self._host.hang_up()
            until = time.monotonic() + RELOADED
            while not self._complained(log, read):
                if time.monotonic() > until:
                    self._ledger.found("a broken credentials file was not complained of")
                    break
                time.sleep(0.05)
            file.write_bytes(good)
        self._host.broken_reloads += 1

    @staticmethod
    def _complained(log: Path, since: int) -> bool:
        with log.open("rb") as lines:
            lines.seek(since)
            return b"the credentials stay as they were" in lines.read()

    def _rewrite(self, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> None:
        file = self._host.path / "credentials.json"
        whole = json.loads(file.read_text())
        whole["credentials"] = change(whole["credentials"])
        fresh = file.with_suffix(".new")
        fresh.write_text(json.dumps(whole))
        fresh.rename(file)

    @contextmanager
    def _connection_stays(self) -> Iterator[None]:
        self._look(self._kept, self._host.login(("acme", "prod")), {200})
        connected = self._kept.connected
        yield
        self._look(self._kept, self._host.login(("acme", "prod")), {200})
        if self._kept.connected != connected:
            self._ledger.found("a connection did not live across SIGHUP")
        self._ledger.count("connections kept across a reload")

    def _look(self, wire: Wire, login: Login, right: set[int]) -> int:
        return wire.ask("across a reload", right, "GET", f"{JOBS}?limit=1", login.headers()).status

    def _await(self, guest: Login, status: int) -> None:
        until = time.monotonic() + RELOADED
        while self._look(self._other, guest, {200, 401}) != status:
            if time.monotonic() > until:
                return self._ledger.found(f"a reload was not felt: no {status} for {RELOADED} s")
            time.sleep(0.02)


class Imports:
    """Profiles come while jobs export."""

    def __init__(self, host: SoakedHost, ledger: Ledger, gate: Gate, seed: str) -> None:
        self._host, self._ledger, self._gate = host, ledger, gate
        self._chance = random.Random(seed)
        self._next = 0

    def turn(self) -> None:
        count = self._chance.randint(20, 200)
        lines = "".join(self._profile(self._next + at) for at in range(count))
        self._next += count
        with self._ledger.lock:
            self._ledger.grown_begun += count
        for org, sandbox in WITH_PROFILES:
            self._host.import_profiles("-", org=org, sandbox=sandbox, text=lines)
        with self._ledger.lock:
            self._ledger.grown_done += count
        self._ledger.count("imports")
        self._gate.rest(self._chance.uniform(1, 6))

    @staticmethod
    def _profile(number: int) -> str:
        membership = {"ups": {GROWING: {"status": "realized", "lastQualificationTime": "2025-01-10T00:00:00Z"}}}
        identity = {"ECID": [{"id": f"grown{number}", "primary": True}]}
        return json.dumps({"identityMap": identity, "segmentMembership": membership}) + "\n"


class Looks:
    def __init__(self, host: SoakedHost) -> None:
        self._host = host

    def turn(self) -> None:
        self._host.look()
        time.sleep(1)
