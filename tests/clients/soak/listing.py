"""Lists: pages that repeat no job and drop none that was there all the time, under filters, and whole."""

import time
from typing import Any, Callable
from urllib.parse import quote

from soak.client import Client
from soak.ledger import Job, Span
from soak.wire import JOBS
from soak.wording import STATUSES, Document

BASE = "/data/core/ups"
Filter = Callable[[Document], bool]


def asked_segments(document: Document) -> list[str]:
    return [one["segmentId"] for one in document.get("filter", {}).get("segments", [])]


class Listing:
    def __init__(self, client: Client) -> None:
        self._client = client
        self._chance = client.chance
        self._ledger = client.ledger
        self._whole_at = 0.0

    def _filters(self) -> tuple[dict[str, str], Filter]:
        """Some that hold for ever, so that it is known which jobs they let through."""
        drawn = self._chance.random()
        if drawn < 0.25:
            dataset = self._chance.choice(["people", "orders", "archive"])
            return {"datasetId": dataset}, lambda job: job["destination"]["datasetId"] == dataset
        if drawn < 0.5:
            segment = self._chance.choice(self._client.host.sample.segments[:12])["segmentId"]
            return {"segmentId": segment}, lambda job: segment in asked_segments(job)
        if drawn < 0.7:
            since = int(time.time() * 1000) - self._chance.randrange(1, 20_000)
            return {"createdAfter": str(since)}, lambda job: job["creationTime"] >= since
        return {}, lambda _: True

    def pages(self) -> None:
        """Some pages, one after the other."""
        tenant = self._client.tenant()
        filters, fits = self._filters()
        limit = self._chance.choice([1, 2, 7, 50, 200])
        filters |= {"limit": str(limit)}
        target = f"{JOBS}?" + "&".join(f"{name}={quote(value)}" for name, value in filters.items())
        begun = time.monotonic()
        seen: list[Document] = []
        for _ in range(self._chance.randint(1, 6)):
            reply = self._client.wire.ask("page", {200}, "GET", target, self._client.headers(tenant))
            page = reply.json()
            self._check_page(tenant, page, reply.when, limit)
            seen += page["records"]
            if not page["link"]["next"]:
                return self._check(tenant, seen, fits, Span(begun, reply.when.received), whole=True)
            target = BASE + page["link"]["next"]
            if self._client.gate.closed:
                break
        self._check(tenant, seen, fits, Span(begun, reply.when.received), whole=False)

    def by_status(self) -> None:
        tenant = self._client.tenant()
        wanted = self._chance.sample(STATUSES, self._chance.randint(1, 3))
        target = f"{JOBS}?status={','.join(wanted)}&limit=100"
        reply = self._client.wire.ask("list by status", {200}, "GET", target, self._client.headers(tenant))
        page = reply.json()
        self._check_page(tenant, page, reply.when, 100)
        if any(job["status"] not in wanted for job in page["records"]):
            self._ledger.found(f"a list of {wanted} has others")
        ended = [job for job in self._known(tenant, reply.when) if job.final and job.final_at < reply.when.sent]
        due = [job for job in ended if job.final and job.final["status"] in wanted]
        self._complete(page["records"], due, whole=not page["link"]["next"])

    def whole(self) -> None:
        """Without a limit; now and then, for it grows long."""
        if time.monotonic() < self._whole_at:
            return
        begun = time.monotonic()
        self.whole_of(self._client.tenant())
        # At most a twentieth of a client's time.
        self._whole_at = time.monotonic() + 1 + 20 * (time.monotonic() - begun)

    def whole_of(self, tenant: tuple[str, str]) -> None:
        reply = self._client.wire.ask("list without a limit", {200}, "GET", JOBS, self._client.headers(tenant))
        page = reply.json()
        self._check_page(tenant, page, reply.when, None)
        self._check(tenant, page["records"], lambda _: True, reply.when, whole=True)

    def _check_page(self, tenant: tuple[str, str], page: dict[str, Any], when: Span, limit: int | None) -> None:
        jobs = page["records"]
        for job in jobs:
            self._ledger.saw(tenant, job, when)
        if page["page"]["pageSize"] != len(jobs) or (limit is not None and len(jobs) > limit):
            self._ledger.found(f"a page of {len(jobs)} jobs, limit {limit}, says {page['page']}")
        last = f"{jobs[-1]['creationTime']}_{jobs[-1]['id']}" if jobs else ""
        if page["page"]["pageOffset"] != last:
            self._ledger.found(f"pageOffset {page['page']['pageOffset']} after job {last}")
        if page["link"]["next"] and limit is None:
            self._ledger.found("a list without a limit goes on")

    def _known(self, tenant: tuple[str, str], when: Span) -> list[Job]:
        """Those that were there from the beginning to the end."""
        return [job for job in self._ledger.jobs_of(tenant) if job.created_by < when.sent and job.sure]

    def _check(self, tenant: tuple[str, str], jobs: list[Document], fits: Filter, when: Span, whole: bool) -> None:
        if not all(map(fits, jobs)):
            self._ledger.found(f"a list has what its filter does not let through: {[job['id'] for job in jobs]}")
        self._complete(jobs, [job for job in self._known(tenant, when) if fits(job.constant)], whole)

    def _complete(self, jobs: list[Document], due: list[Job], whole: bool) -> None:
        places = [(job["creationTime"], job["id"]) for job in jobs]
        if places != sorted(set(places), reverse=True):
            self._ledger.found(f"a list repeats jobs or is not in order: {places[:20]}")
        reached = places[-1] if places and not whole else (-1, -1)
        if not places and not whole:
            return
        # A job that somebody began to remove since may be gone by right.
        missing = set(one.id for one in due if (one.creation_time, one.id) >= reached and one.sure)
        missing -= {job["id"] for job in jobs}
        if missing:
            self._ledger.found(f"a list has dropped {sorted(missing)[:20]}")
