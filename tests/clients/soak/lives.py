"""The host that is soaked: it is started, killed, stopped and started again, always at the same address, and what each life of
it takes of memory and descriptors is written down."""

import os
import random
import signal
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterator

from running_host import HostPrograms, Login
from soak.ledger import Ledger
from soak.wording import Sample

PEOPLE = 2000
# A crash uses up an attempt. With so many no kill has a job fail, and a job that fails is a finding.
OPTIONS = ("--attempts", "1000", "--grace-seconds", "3", "--running", "4")
WITH_PROFILES = (("acme", "prod"), ("globex", "prod"))
TENANTS = (*WITH_PROFILES, ("acme", "stage"))


@dataclass(frozen=True)
class Footprint:
    anonymous_kib: int
    descriptors: int
    threads: int
    wal_bytes: int


@dataclass
class Life:
    pid: int
    seen: list[Footprint] = field(default_factory=list)


class SoakedHost(HostPrograms):
    def __init__(self, tools: Path, seed: int, ledger: Ledger) -> None:
        super().__init__(tools)
        self.ledger = ledger
        self.steady = threading.RLock()  # whoever holds it is not disturbed by kills and stops
        self._disturbances: list[list[float]] = []
        self.lives: list[Life] = []
        self.broken_reloads = 0
        self.sample = self._import_sample(seed)
        self.logins = {tenant: self.add_login(*tenant, name="-".join(tenant)) for tenant in TENANTS}
        self.url = self.launch("127.0.0.1:0", *OPTIONS)
        self.url_port = int(self.url.rpartition(":")[2])
        self.lives.append(Life(self.process.pid))

    def _import_sample(self, seed: int) -> Sample:
        os.spawnl(
            os.P_WAIT, str(self.tools / "generate/waybill-generate"), "waybill-generate",
            "--people", str(PEOPLE), "--seed", str(seed), "--out", str(self.path / "sample"),
        )  # fmt: skip
        for org, sandbox in WITH_PROFILES:
            identity = ("--identity", "_acme.systemIdentifier.crmId=CRMID:primary")
            self.import_profiles("sample/crm.ndjson", *identity, org=org, sandbox=sandbox)
        sample = Sample.read(self.path / "sample/segments.json")
        sample.tenants = set(WITH_PROFILES)
        return sample

    def login(self, tenant: tuple[str, str]) -> Login:
        return self.logins[tenant]

    # Lives

    def disturbed(self, since: float) -> bool:
        return any(end >= since for _, end in self._disturbances[-3:])

    def _end_by(self, how: signal.Signals) -> None:
        self.process.send_signal(how)
        code = self.process.wait(120)
        if code != (-signal.SIGKILL if how is signal.SIGKILL else 0):
            self.ledger.found(f"the host ended with {code} after {how.name}")
        self.ledger.count("kills" if how is signal.SIGKILL else "stops")

    @contextmanager
    def _disturbing(self) -> Iterator[None]:
        """Afterwards there is a host again."""
        with self.steady:
            self._disturbances.append([time.monotonic(), float("inf")])
            yield
            self.launch(f"127.0.0.1:{self.url_port}", *OPTIONS)
            self.lives.append(Life(self.process.pid))
            self._disturbances[-1][1] = time.monotonic()

    def kill(self, starts_killed: list[float] | None = None) -> None:
        """And as many starts, each after so many seconds."""
        with self._disturbing():
            self._end_by(signal.SIGKILL)
            for seconds in starts_killed or []:
                self.spawn(f"127.0.0.1:{self.url_port}", *OPTIONS)
                time.sleep(seconds)
                self._end_by(signal.SIGKILL)
                self.ledger.count("starts killed")

    def stop_and_start(self) -> None:
        with self._disturbing():
            self._end_by(signal.SIGTERM)

    def end_in_order(self) -> None:
        self._end_by(signal.SIGTERM)

    def hang_up(self) -> None:
        self.process.send_signal(signal.SIGHUP)
        self.ledger.count("reloads")

    # What it takes

    def footprint(self) -> Footprint:
        process = Path(f"/proc/{self.process.pid}")
        status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
        wal = self.path / "jobs.db-wal"
        return Footprint(
            int(status["RssAnon"].split()[0]),
            len(os.listdir(process / "fd")),
            int(status["Threads"]),
            wal.stat().st_size if wal.exists() else 0,
        )

    def look(self) -> None:
        life, begun = self.lives[-1], time.monotonic()
        try:
            seen = self.footprint()
        except (OSError, KeyError):  # there is no such process, or no more than its exit code
            if not self.disturbed(begun):
                self.ledger.found("the host has ended by itself")
            return
        if not self.disturbed(begun):
            life.seen.append(seen)


def interval(chance: random.Random, seconds: float) -> float:
    """Between two kills: 20 to 60 s, less in a short soak."""
    return chance.uniform(min(20.0, seconds / 8), min(60.0, seconds / 3))
