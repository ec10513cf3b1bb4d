"""What a client does with jobs: creates, gets, waits, cancels, retries, and what must be answered."""

import random
import time

from soak.gate import Gate, Pace
from soak.ledger import Ask, Job, Ledger, Outcome
from soak.lives import TENANTS, SoakedHost
from soak.wire import JOBS, Lost, NotSent, Reply, Unavailable, Wire
from soak.wording import Asking

MOST_OPEN = 80  # jobs whose end nobody has seen; beyond, no new ones
TRIES = 600


class Client:
    """One thread's own."""

    def __init__(self, host: SoakedHost, wire: Wire, ledger: Ledger, gate: Gate, pace: Pace, seed: str) -> None:
        self.host, self.wire, self.ledger, self.gate, self.pace = host, wire, ledger, gate, pace
        self.chance = random.Random(seed)
        self.asking = Asking(self.chance, host.sample)

    # Whom and what

    def tenant(self) -> tuple[str, str]:
        return self.chance.choices(TENANTS, (6, 3, 1))[0]

    def headers(self, tenant: tuple[str, str]) -> dict[str, str]:
        headers = self.host.login(tenant).headers()
        if self.chance.random() < 0.3:
            headers["Accept-Encoding"] = "gzip"
        return headers

    def some_job(self, young: bool = False) -> Job | None:
        """One that nobody has seen gone."""
        with self.ledger.lock:
            ids = list(self.ledger.open) if young or self.chance.random() < 0.6 else []
            ids = ids or (self.ledger.known[-200:] if young else self.ledger.known)
            job = self.ledger.jobs[self.chance.choice(ids)] if ids else None
            return job if job and job.gone_at == float("inf") else None

    def target(self, job: Job, below: str = "") -> str:
        return f"{JOBS}/{job.id}{below}" + ("/" if self.chance.random() < 0.1 else "")

    # Creates

    def new_ask(self, key: bool) -> Ask:
        request = self.asking.request()
        request_id = self.wire.ids.next()
        name = f"key-{request_id}" if key else None
        return self.ledger.asking(
            Ask(request_id, self.tenant(), request, self.asking.spelled(request), name, None, self.ledger.grown_done)
        )

    def headers_of(self, ask: Ask) -> dict[str, str]:
        headers = self.headers(ask.tenant) | {"x-request-id": ask.request_id}
        return headers | ({"Idempotency-Key": ask.key} if ask.key else {})

    def _create_once(self, ask: Ask, kind: str) -> None:
        try:
            reply = self.wire.ask(kind, {200}, "POST", JOBS, self.headers_of(ask), ask.text)
        except (NotSent, Unavailable):
            if ask.outcome is Outcome.OPEN:
                ask.outcome = Outcome.REFUSED
            raise
        except Lost:
            ask.outcome = Outcome.LOST
            raise
        self._enter(ask, reply)

    def _enter(self, ask: Ask, reply: Reply) -> None:
        document = reply.json()
        if reply.headers.get("x-location") != f"/export/jobs/{document['id']}":
            self.ledger.found(f"X-Location {reply.headers.get('x-location')} of job {document['id']}")
        self.ledger.granted(ask, document, reply.when)
        self.ledger.count("creates granted")

    def create(self) -> None:
        if len(self.ledger.open) > MOST_OPEN or not self.pace.may():
            return self.get()
        self._create_once(self.new_ask(key=False), "create")

    def create_with_key(self) -> None:
        """Asked again under its key until there is an answer."""
        if len(self.ledger.open) > MOST_OPEN or not self.pace.may():
            return self.get()
        ask = self.new_ask(key=True)
        for _ in range(TRIES):
            try:
                return self._create_once(ask, "create with a key")
            except (NotSent, Lost, Unavailable):
                time.sleep(0.1)
        self.ledger.found(f"{ask.request_id} was never answered")

    def use_key_again(self) -> None:
        with self.ledger.lock:
            keyed = [ask for ask in list(self.ledger.asks.values())[-400:] if ask.key and ask.outcome is Outcome.GRANTED]
        if not keyed:
            return
        ask = self.chance.choice(keyed)
        job = self.ledger.jobs[ask.job or 0]
        headers = self.headers_of(ask) | {"x-request-id": self.wire.ids.next()}
        if self.chance.random() < 0.3:
            self.wire.ask("key with another body", {409}, "POST", JOBS, headers, ask.text + b" ")
            return
        sure = job.sure
        reply = self.wire.ask("key again", {200, 409}, "POST", JOBS, headers, ask.text)
        if reply.status == 200:
            if reply.json()["id"] != ask.job:
                self.ledger.found(f"the key {ask.key} gave job {ask.job}, then {reply.json()['id']}")
            self.ledger.saw(ask.tenant, reply.json(), reply.when)
        elif sure and job.sure:
            self.ledger.found(f"the key of job {job.id}, which nobody removed, was answered with 409")

    # Looking

    def get(self, job: Job | None = None) -> None:
        job = job or self.some_job()
        if job is None:
            return
        method = "HEAD" if self.chance.random() < 0.05 else "GET"
        reply = self.wire.ask(method.lower(), {200, 404}, method, self.target(job), self.headers(job.ask.tenant))
        if method == "GET":
            self._see(job, reply)

    def _see(self, job: Job, reply: Reply) -> None:
        if reply.status == 404:
            self.ledger.saw_none(job, reply.when)
        elif reply.status == 200:
            self.ledger.saw(job.ask.tenant, reply.json(), reply.when, reply.headers["etag"].removeprefix("W/"))

    def get_unless_known(self) -> None:
        job = self.some_job()
        if job is None or job.tag is None:
            return
        tag, document = job.tag
        headers = self.headers(job.ask.tenant) | {"If-None-Match": self.chance.choice([tag, f'"x", W/{tag}'])}
        if self.chance.random() < 0.4:
            headers["Prefer"] = f"wait={self.chance.choice([1, 2])}"
        reply = self.wire.ask("get unless known", {200, 304, 404}, "GET", self.target(job), headers)
        if reply.status == 304 and reply.headers["etag"].removeprefix("W/") != tag:
            self.ledger.found(f"job {job.id}: 304 with {reply.headers['etag']} to {tag}")
        if reply.status == 200 and reply.json() == document:
            self.ledger.found(f"job {job.id}: 200 though {tag} was known")
        self._see(job, reply)

    def wait_for_end(self) -> None:
        job = self.some_job(young=True)
        if job is None:
            return
        seconds = self.chance.choice([0, 1, 3])
        headers = self.headers(job.ask.tenant) | {"Prefer": f"wait={seconds}"}
        reply = self.wire.ask("wait", {200, 404}, "GET", self.target(job), headers)
        if reply.headers.get("preference-applied") != "wait":
            self.ledger.found(f"job {job.id}: no Preference-Applied after a wait")
        self._see(job, reply)

    def foreign(self) -> None:
        """Another tenant's job is as one that is not there."""
        job = self.some_job()
        if job is None:
            return
        stranger = self.chance.choice([one for one in TENANTS if one != job.ask.tenant])
        method, below = self.chance.choice([("GET", ""), ("DELETE", ""), ("POST", "/retry"), ("GET", "/events")])
        self.wire.ask("a stranger's job", {404}, method, self.target(job, below), self.headers(stranger))

    # Cancelling and retrying

    def cancel_young(self) -> None:
        self._delete(self.some_job(young=True))

    def remove_old(self) -> None:
        if self.chance.random() < 0.3:
            self._delete(self.some_job())

    def _delete(self, job: Job | None) -> None:
        if job is None:
            return
        headers = self.headers(job.ask.tenant)
        right = {204, 404, 409}
        form = self.chance.random()
        if form < 0.5:
            headers |= {"Accept": "application/json"} if form < 0.25 else {"Prefer": "return=representation"}
            right = {200, 404, 409}
        removal = self.ledger.removing(job, self.wire.ids.next())
        final = job.final
        try:
            headers["x-request-id"] = removal.request_id
            reply = self.wire.ask("delete", right, "DELETE", self.target(job), headers)
        except (NotSent, Unavailable):
            removal.outcome = Outcome.REFUSED
            raise
        except Lost:
            removal.outcome = Outcome.LOST
            raise
        if reply.status in (404, 409):
            removal.outcome = Outcome.REFUSED
            if reply.status == 404 and len(job.removals) == 1:
                self.ledger.found(f"job {job.id}: 404 to the first DELETE")
            self.ledger.tally["deletes past the commit point"] += reply.status == 409
            if reply.status == 409 and final is not None:
                self.ledger.found(f"job {job.id}: 409 to a DELETE after its end")
            return
        self.ledger.removed(job, removal, reply.when)
        self.ledger.count("deletes granted")
        self.get(job)

    def retry(self) -> None:
        with self.ledger.lock:
            ended = [job for job in list(self.ledger.jobs.values())[-300:] if job.final and job.gone_at == float("inf")]
        if not ended:
            return
        job = self.chance.choice(ended)
        assert job.final is not None
        if job.final["status"] != "SUCCEEDED" and not self.pace.may():
            return
        with self.ledger.lock:
            job.retries_asked += 1
        ask = Ask(self.wire.ids.next(), job.ask.tenant, job.ask.request, b"", None, job.id, self.ledger.grown_done)
        self.ledger.asking(ask)
        try:
            right = {409, 404} if job.final["status"] == "SUCCEEDED" else {200, 404, 409}
            reply = self.wire.ask("retry", right, "POST", self.target(job, "/retry"), self.headers_of(ask))
        except (NotSent, Unavailable):
            ask.outcome = Outcome.REFUSED
            raise
        except Lost:
            ask.outcome = Outcome.LOST
            raise
        if reply.status == 200:
            return self._enter(ask, reply)
        ask.outcome = Outcome.REFUSED
        if reply.status == 409 and job.retries_asked == 1 and job.final["status"] != "SUCCEEDED":
            self.ledger.found(f"job {job.id}: 409 to its first retry")
        if reply.status == 404 and job.sure:
            self.ledger.found(f"job {job.id}: 404 to a retry")
