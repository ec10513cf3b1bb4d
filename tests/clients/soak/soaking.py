"""The course of a soak: threads that work on the host, what they are disturbed by, the quiet moments, and the account."""

import threading
import time
import traceback
import urllib.request
from pathlib import Path
from typing import Callable

from soak.account import Account
from soak.batches import Batches
from soak.client import Client
from soak.gate import Gate, Pace
from soak.ledger import Ledger
from soak.listing import Listing
from soak.lives import TENANTS, Footprint, SoakedHost
from soak.meanwhile import Imports, Looks, Reloads, Troubles
from soak.report import Report
from soak.strangers import Strangers
from soak.streams import Downloads, Streams
from soak.wire import FastDescription, Lost, NotSent, RequestIds, Unavailable, Wire

CLIENTS = 4
TO_THE_END = 300  # seconds within which all jobs must come to their end when all is quiet
MOST_JOBS = 9000  # about; so that lists and disks stay small in a long soak
Action = Callable[[], None]


class Soak:
    def __init__(self, tools: Path, seconds: float, seed: int) -> None:
        self.seconds, self.seed = seconds, seed
        self.ledger = Ledger()
        self.host = SoakedHost(tools, seed, self.ledger)
        self.report = Report(self.ledger, self.host, seconds, seed)
        self._ids = RequestIds(seed)
        self._gate = Gate(CLIENTS + 2)
        self._looks = Gate(1)
        self._pace = Pace(min(40.0, MOST_JOBS / seconds))
        self._description = self._fetch_description()
        self._threads: list[threading.Thread] = []

    def _fetch_description(self) -> FastDescription:
        file = self.host.path / "openapi.json"
        file.write_bytes(urllib.request.urlopen(f"{self.host.url}/openapi.json", timeout=60).read())
        return FastDescription(file)

    def _wire(self) -> Wire:
        return Wire(self.host, self._description, self.ledger, self._ids)

    def _client(self, name: str) -> Client:
        return Client(self.host, self._wire(), self.ledger, self._gate, self._pace, f"{self.seed} {name}")

    # Threads

    def _spawn(self, gate: Gate, turn: Action, close: Action = lambda: None) -> None:
        def work() -> None:
            while True:
                if gate.closed:
                    close()
                    if not gate.passes():
                        return
                try:
                    turn()
                except Exception:  # noqa: BLE001: whatever it is, the soak tells it
                    self.ledger.found(traceback.format_exc())
                    time.sleep(1)

        self._threads.append(threading.Thread(target=work, daemon=True))
        self._threads[-1].start()

    def _spawn_client(self, number: int) -> None:
        client = self._client(f"client {number}")
        listing, strangers = Listing(client), Strangers(client)
        actions: dict[Action, int] = {
            client.create: 18,
            client.create_with_key: 8,
            client.use_key_again: 3,
            client.get: 14,
            client.get_unless_known: 8,
            client.wait_for_end: 3,
            client.foreign: 2,
            client.cancel_young: 5,
            client.remove_old: 4,
            client.retry: 4,
            listing.pages: 4,
            listing.by_status: 2,
            listing.whole: 1,
            Streams(client).follow: 3,
            Downloads(client).download: 4,
            strangers.bad_request: 4,
            strangers.wrong_login: 3,
            strangers.probe: 4,
            strangers.create_and_go: 2,
            strangers.break_off: 2,
            strangers.slow: 1,
        }

        def turn() -> None:
            try:
                client.chance.choices(list(actions), list(actions.values()))[0]()
            except (NotSent, Lost, Unavailable):
                time.sleep(0.05)

        self._spawn(self._gate, turn, client.wire.close)

    def _start_threads(self) -> None:
        for number in range(CLIENTS):
            self._spawn_client(number)
        reloads = Reloads(self.host, (self._wire(), self._wire()), self.ledger, self._gate, f"{self.seed} reloads")
        self._spawn(self._gate, reloads.turn)
        self._spawn(self._gate, Imports(self.host, self.ledger, self._gate, f"{self.seed} imports").turn)
        self._spawn(self._looks, Looks(self.host).turn)

    # The course

    def run(self) -> None:
        begun = time.monotonic()
        self._start_threads()
        Troubles(self.host, self._gate, f"{self.seed} troubles", self.seconds * 2 / 3).run_until(begun + self.seconds * 2 / 3)
        self.host.kill()
        steady, third = time.monotonic(), self.seconds / 3
        # Caches and arenas have their size after a quarter of it.
        for share in (0.25, 0.6, 1.0):
            self._gate.rest(max(0.0, steady + share * third - time.monotonic()))
            self.report.quiet.append(self._quiet_moment())
            if share < 1.0:
                self._gate.open()
        self._give_account()

    def _quiet_moment(self) -> Footprint:
        self._gate.close()
        self._await_ends()
        seen = [self.host.footprint()]
        for _ in range(100):  # until the host has noticed which connections are gone
            time.sleep(0.1)
            seen.append(self.host.footprint())
            most = self.report.quiet[0].descriptors if self.report.quiet else seen[-1].descriptors
            if len(seen) > 5 and seen[-1] == seen[-5] and seen[-1].descriptors <= most:
                break
        return seen[-1]

    def _await_ends(self) -> None:
        client = self._client("the end")
        until = time.monotonic() + TO_THE_END
        while True:
            for tenant in TENANTS:  # which finds the jobs of creates whose answers were lost
                Listing(client).whole_of(tenant)
            for number in list(self.ledger.open):
                client.get(self.ledger.jobs[number])
            if not self.ledger.open:
                break
            if time.monotonic() > until:
                self.ledger.found(f"jobs that do not come to their end: {sorted(self.ledger.open)[:20]}")
                break
            time.sleep(0.1)
        client.wire.close()

    def _give_account(self) -> None:
        client = self._client("the account")
        account = Account(self.host, client, self.ledger)
        account.list_all()
        client.wire.close()
        self._looks.close()
        self.host.end_in_order()
        account.compare_audit()
        sequences = account.compare_moves()
        account.examine()
        account.read_log()
        batches = Batches(self.host.path / "datasets", self.ledger, self.host.sample, account.jobs, sequences)
        batches.check()
        self.report.ends, self.report.batches = account.ends, batches.checked
        self.report.judge()

    def end(self) -> None:
        self._gate.end()
        self._looks.end()
        if self.host.alive:
            self.host.process.kill()
            self.host.process.wait()
