"""What a soak prints, and what it holds of memory, descriptors and the WAL."""

from collections import Counter

from soak.ledger import Ledger
from soak.lives import Footprint, SoakedHost

# What a quiet moment may take more than the first one: the caches of SQLite (2 MiB a connection) fill as the store grows, and
# malloc does not give back each page. A leak of 250 bytes a request shows within 15 minutes, one of 5 KiB within half a minute.
MEMORY_KIB = 8192
# A long WAL is cut above 64 MiB once a minute.
WAL_BYTES = 96 << 20


class Report:
    def __init__(self, ledger: Ledger, host: SoakedHost, seconds: float, seed: int) -> None:
        self._ledger, self._host, self._seconds, self._seed = ledger, host, seconds, seed
        self.quiet: list[Footprint] = []
        self.ends: Counter[str] = Counter()
        self.batches = 0

    def judge(self) -> None:
        first, last = self.quiet[0], self.quiet[-1]
        if last.anonymous_kib > first.anonymous_kib + MEMORY_KIB:
            self._ledger.found(f"memory grows: RssAnon of the quiet moments in KiB: {[one.anonymous_kib for one in self.quiet]}")
        if last.descriptors > first.descriptors:
            self._ledger.found(f"descriptors of the quiet moments: {[one.descriptors for one in self.quiet]}")
        if last.threads > first.threads:
            self._ledger.found(f"threads of the quiet moments: {[one.threads for one in self.quiet]}")
        longest = max(seen.wal_bytes for life in self._host.lives for seen in life.seen)
        if longest > WAL_BYTES:
            self._ledger.found(f"the WAL had {longest} bytes")
        for what in ("kills", "reloads", "connections kept across a reload", "creates granted", "downloads", "imports", "gzip"):
            if self._ledger.tally[what] == 0:
                self._ledger.found(f"nothing was tried of: {what}")

    def show(self) -> None:
        tally, seen = self._ledger.tally, [one for life in self._host.lives for one in life.seen]
        print(f"\n== A soak of {self._seconds / 60:g} minutes, seed {self._seed}, {len(self._host.lives)} lives of the host")
        for kind, count in sorted(self._ledger.requests.items()):
            self._line(f"requests: {kind}", count)
        self._line("requests", sum(self._ledger.requests.values()))
        for what in (
            "creates granted", "deletes granted", "deletes past the commit point", "answers lost", "answers validated",
            *sorted(name for name in tally if name.startswith("documents: ")), "events", "downloads",
            "kills", "starts killed", "stops", "reloads", "connections kept across a reload", "imports",
        ):  # fmt: skip
            self._line(what, tally[what])
        for status, count in sorted(self.ends.items()):
            self._line(f"jobs at the end: {status}", count)
        self._line("batches checked", self.batches)
        for name, what in (("anonymous_kib", "RssAnon, KiB"), ("descriptors", "descriptors"), ("threads", "threads")):
            quiet = " / ".join(str(getattr(one, name)) for one in self.quiet)
            self._line(f"{what}: quiet moments, peak", f"{quiet}, {max(getattr(one, name) for one in seen)}")
        self._line("WAL, longest in bytes", max(one.wal_bytes for one in seen))
        if self._ledger.findings:
            print(f"\n{tally['findings']} findings, seed {self._seed}:")
            for one in self._ledger.findings:
                print(f"- {one}")
        else:
            print("The account is right.")

    @staticmethod
    def _line(what: str, value: object) -> None:
        print(f"{what:<42}{value!s:>12}")
