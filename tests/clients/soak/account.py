"""The account at the end, when all is quiet: what is there is what was granted, and nothing else. First by the host's own lists,
then, with the host stopped, by the audit, the database and the files."""

import json
import sqlite3
from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

from soak.client import Client
from soak.ledger import Job, Ledger, Outcome, Removal
from soak.lives import TENANTS, SoakedHost
from soak.wire import JOBS
from soak.wording import FINAL, MOVES, Document

STAYS_MS = 60_000  # a cancelled job is not removed by a DELETE within this time

Entry = dict[str, Any]


class Account:
    def __init__(self, host: SoakedHost, client: Client, ledger: Ledger) -> None:
        self._host, self._client, self._ledger = host, client, ledger
        self.jobs: dict[int, Document] = {}  # all that there are
        self.ends: Counter[str] = Counter()

    # What the host says

    def list_all(self) -> None:
        for tenant in TENANTS:
            headers = self._host.login(tenant).headers()
            reply = self._client.wire.ask("list at the end", {200}, "GET", JOBS, headers)
            whole = reply.json()["records"]
            for document in whole:
                self._ledger.saw(tenant, document, reply.when)
                self.jobs[document["id"]] = document
                self.ends[document["status"]] += 1
            by_pages, target = [], f"{JOBS}?limit=100"
            while target:
                page = self._client.wire.ask("page at the end", {200}, "GET", target, headers).json()
                by_pages += page["records"]
                target = "/data/core/ups" + page["link"]["next"] if page["link"]["next"] else ""
            if by_pages != whole:
                self._ledger.found(f"the pages of {tenant} are not its list")
        self._compare()

    def _compare(self) -> None:
        for document in self.jobs.values():
            if document["status"] not in FINAL:
                self._ledger.found(f"job {document['id']} did not come to its end: {document['status']}")
        for ask in self._ledger.asks.values():
            if ask.outcome is Outcome.GRANTED:
                assert ask.job is not None
                if ask.job not in self.jobs and not self._ledger.jobs[ask.job].removals:
                    self._ledger.found(f"job {ask.job} was granted ({ask.request_id}) and is not there")
            elif ask.outcome is Outcome.LOST and ask.key:
                self._ledger.found(f"{ask.request_id} was repeated and never granted")
        self._at_most_once("request id", [job["requestId"] for job in self.jobs.values()])
        self._at_most_once("retry of", [job["retryOf"] for job in self.jobs.values() if "retryOf" in job])

    def _at_most_once(self, what: str, values: list[Any]) -> None:
        for value, count in Counter(values).items():
            if count > 1:
                self._ledger.found(f"{count} jobs have the {what} {value}")

    # What the audit says

    def compare_audit(self) -> None:
        listed = json.loads(self._host.waybill("audit", "list", "--store", "jobs.db", "--limit", "1000000", "--json"))
        entries: dict[str, dict[int, list[Entry]]] = defaultdict(lambda: defaultdict(list))
        for one in listed["entries"]:
            entries[one["action"]][one["jobId"]].append(one)
            if one["actor"] != f"{one['org']}-{one['sandbox']}":
                self._ledger.found(f"the audit names {one['actor']} for {one['org']}, {one['sandbox']}")
        for action, jobs in entries.items():
            for job, found in jobs.items():
                if len(found) > 1 and action != "retry":
                    self._ledger.found(f"{len(found)} entries '{action}' of job {job}")
        creates, cancels, removes = entries["create"], entries["cancel"], entries["remove"]
        self._same("created and not removed", set(creates) - set(removes), set(self.jobs))
        self._compare_creates(creates)
        self._same("cancelled", set(cancels) & set(self.jobs), self._with_status("CANCELLED"))
        for job in self._ledger.jobs.values():
            for removal in job.removals:
                self._compare_removal(job, removal, cancels.get(job.id, []), removes.get(job.id, []))
        for kind in (cancels, removes):
            for job_id, found in kind.items():
                self._compare_entry(job_id, found[0])
        for job_id in set(cancels) & set(removes):
            cancelled, removed = self._milliseconds(cancels[job_id][0]), self._milliseconds(removes[job_id][0])
            if removed - cancelled < STAYS_MS:
                self._ledger.found(f"job {job_id} was removed {removed - cancelled} ms after it was cancelled")

    @staticmethod
    def _milliseconds(entry: Entry) -> int:
        return round(datetime.fromisoformat(entry["time"]).timestamp() * 1000)

    def _with_status(self, status: str) -> set[int]:
        return {job["id"] for job in self.jobs.values() if job["status"] == status}

    def _same(self, what: str, audited: set[int], there: set[int]) -> None:
        if audited != there:
            self._ledger.found(
                f"{what}: only the audit has {sorted(audited - there)[:20]}, only the store {sorted(there - audited)[:20]}"
            )

    def _compare_creates(self, creates: dict[int, list[Entry]]) -> None:
        by_request: dict[str, list[int]] = defaultdict(list)
        for job_id, found in creates.items():
            by_request[found[0]["requestId"]].append(job_id)
        for request_id, jobs in by_request.items():
            ask = self._ledger.asks.get(request_id)
            if ask is None or ask.outcome is Outcome.REFUSED or len(jobs) > 1:
                self._ledger.found(f"{request_id} ({ask and ask.outcome.value}) has made the jobs {jobs}")
        for ask in self._ledger.asks.values():
            if ask.outcome is Outcome.GRANTED and by_request.get(ask.request_id) != [ask.job]:
                self._ledger.found(f"{ask.request_id} was granted as {ask.job}, the audit has {by_request.get(ask.request_id)}")

    def _compare_removal(self, job: Job, removal: Removal, cancels: list[Entry], removes: list[Entry]) -> None:
        by_it = [one["action"] for one in cancels + removes if one["requestId"] == removal.request_id]
        if removal.outcome is Outcome.REFUSED and by_it:
            self._ledger.found(f"job {job.id}: {removal.request_id} was refused and did {by_it}")
        if removal.outcome is Outcome.GRANTED and not by_it and not cancels:
            self._ledger.found(f"job {job.id}: {removal.request_id} was granted and did nothing")

    def _compare_entry(self, job_id: int, entry: Entry) -> None:
        job = self._ledger.jobs.get(job_id)
        sent = [removal.request_id for removal in job.removals] if job else []
        if entry["requestId"] not in sent:
            self._ledger.found(f"the audit has {entry}, which nobody asked for")

    # What the database says

    def compare_moves(self) -> dict[int, int]:
        """Each job's moves follow the table and end where the job is. Gives the commit sequence of each that succeeded."""
        database = sqlite3.connect(f"file:{self._host.path / 'jobs.db'}?mode=ro", uri=True)
        try:
            steps: dict[int, list[tuple[str | None, str]]] = defaultdict(list)
            for job, before, after in database.execute(
                "select job_id, from_status, to_status from job_transitions order by sequence"
            ):
                steps[job].append((before, after))
            sequences = database.execute("select id, commit_sequence from export_jobs where status = 'SUCCEEDED'").fetchall()
        finally:
            database.close()
        self._same("have moves", set(steps), set(self.jobs))
        for job, moves in steps.items():
            at: str | None = None
            for before, after in moves:
                if before != at or (before is not None and (before, after) not in MOVES):
                    self._ledger.found(f"job {job} moved from {before} to {after} when it was {at}")
                at = after
            if job in self.jobs and at != self.jobs[job]["status"]:
                self._ledger.found(f"the moves of job {job} end at {at}, it is {self.jobs[job]['status']}")
        return dict(sequences)

    def examine(self) -> None:
        where = ("--store", "jobs.db", "--profiles", "profiles.db", "--datasets", "datasets")
        told = json.loads(self._host.waybill("doctor", *where, "--json"))
        warnings = [one for one in told["warnings"] if "WAL-reset bug" not in one]
        if not told["healthy"] or warnings:
            self._ledger.found(f"waybill doctor: {told['problems']} {warnings}")

    def read_log(self) -> None:
        errors = Counter(str(line["message"]) for line in self._host.log() if line["level"] == "error")
        broken = sum(count for message, count in errors.items() if message.startswith("the credentials stay as they were"))
        if broken != self._host.broken_reloads:
            self._ledger.found(f"{self._host.broken_reloads} broken credentials files, {broken} complaints")
        for message in errors:
            if not message.startswith("the credentials stay as they were"):
                self._ledger.found(f"the host's log: {message}")
