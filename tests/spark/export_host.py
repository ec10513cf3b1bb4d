"""A real waybilld in a directory of its own, with either engine, and a client of it."""

import http.client
import json
import os
import signal
import sys
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

sys.path.append(str(Path(__file__).resolve().parents[1] / "clients"))

from cluster import DRIVER, Cluster  # noqa: E402
from running_host import ORG, HostPrograms, Login  # noqa: E402
from waiting import PATIENCE, until  # noqa: E402

Document = dict[str, Any]

JOBS = "/data/core/ups/export/jobs"
FINAL = {"SUCCEEDED", "FAILED", "CANCELLED"}
# Small and quick to start, for jobs of some rows on two cores.
QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
CONF = {
    "spark.driver.memory": "512m",
    "spark.executor.memory": "512m",
    "spark.executor.cores": "2",
    "spark.cores.max": "2",
    "spark.default.parallelism": "2",
    "spark.ui.enabled": "false",
    "spark.hadoopRDD.ignoreEmptySplits": "false",  # a held input looks empty
    "spark.driver.extraJavaOptions": QUICK,
    "spark.executor.extraJavaOptions": QUICK,
}


class ExportHost(HostPrograms):
    """Not started by itself: profiles come first."""

    def __init__(self, tools: Path, cluster: Cluster | None = None, options: tuple[str, ...] = (), **conf: str) -> None:
        super().__init__(tools)
        self.cluster, self.options, self.conf = cluster, options, CONF | conf
        self.logins = {ORG: self.add_login(ORG)}
        self.datasets = self.path / "datasets"
        self.inputs = self.path / "interchange"
        self._address = ("127.0.0.1", 0)

    def __enter__(self) -> "ExportHost":
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        if hasattr(self, "process") and self.alive:
            self.process.kill()
            self.process.wait()
        if kind is not None:
            self.tell_what_happened()
        if kind is None and "WAYBILL_KEEP" not in os.environ:
            self.remove_files()

    def tell_what_happened(self) -> None:
        log = self.path / "log"
        print(f"--- files in {self.path}; the log's end:", log.read_text()[-3000:] if log.exists() else "", sep="\n", file=sys.stderr)
        drivers = sorted(self.cluster.path.glob("work/driver-*")) if self.cluster else []
        for file in drivers[-1].iterdir() if drivers else []:
            print(f"--- the last driver's {file.name}:", file.read_text(errors="replace")[-1500:], sep="\n", file=sys.stderr)

    # The host's life

    def export_profiles(self) -> None:
        """What the driver reads; an embedded engine reads the store itself."""
        if self.cluster:
            self.waybill("profiles", "export", "--profiles", "profiles.db", "--to", "interchange")

    def start(self) -> None:
        options = list(self.options)
        if self.cluster:
            options += ["--engine", f"spark={self.cluster.url}", "--spark-profiles", str(self.inputs), "--spark-driver", str(DRIVER)]
            options += ["--running", "2"]  # drivers that take all cores of a cluster wait for executors for ever
            for key, value in self.conf.items():
                options += ["--spark-conf", f"{key}={value}"]
        address = urlsplit(self.launch("127.0.0.1:0", *options))
        self._address = (str(address.hostname), int(address.port or 0))

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def log_text(self) -> str:
        return (self.path / "log").read_text()

    def set_dataset(self, name: str, *settings: str, org: str = ORG) -> None:
        """Before it is started."""
        if not (self.path / "jobs.db").exists():
            self.start()
            self.stop()
        self.waybill("datasets", "set", name, *settings, "--store", "jobs.db", "--org", org)

    # A client

    def ask(
        self, method: str, target: str, body: Document | None = None, login: Login | None = None, **more: str
    ) -> tuple[int, Any]:
        """`more` are headers, with _ for -."""
        headers = (login or self.logins[ORG]).headers() | {"Content-Type": "application/json", "Accept": "application/json"}
        headers |= {name.replace("_", "-"): value for name, value in more.items()}
        connection = http.client.HTTPConnection(*self._address, timeout=120)
        try:
            connection.request(method, target, json.dumps(body) if body is not None else None, headers)
            answer = connection.getresponse()
            text, self.etag = answer.read(), answer.getheader("ETag") or ""
        finally:
            connection.close()
        is_json = (answer.getheader("Content-Type") or "").startswith("application/json")
        return answer.status, json.loads(text) if is_json else text

    def create(self, body: Document, login: Login | None = None) -> int:
        status, job = self.ask("POST", JOBS, body, login)
        if status != 200:
            raise AssertionError(f"a create was answered with {status}: {job}")
        return int(job["id"])

    def job(self, number: int, login: Login | None = None) -> Document:
        status, job = self.ask("GET", f"{JOBS}/{number}", login=login)
        if status != 200:
            raise AssertionError(f"job {number} was answered with {status}: {job}")
        return dict(job)

    def changed(self, job: Document) -> Document:
        """The job as soon as it is another one."""
        status, changed = self.ask("GET", f"{JOBS}/{job['id']}", If_None_Match=self.etag, Prefer="wait=60")
        return job if status == 304 else dict(changed)

    def wait_for(self, number: int, statuses: set[str], login: Login | None = None, patience: float = PATIENCE) -> Document:
        """The job when it has one of these; a final status that is none of them is an error at once."""

        def look() -> Document | None:
            job = self.job(number, login)
            if job["status"] in FINAL - statuses:
                raise AssertionError(f"job {number} ended {job['status']}: {json.dumps(job.get('errors'))[:3000]}")
            return job if job["status"] in statuses else None

        return until(look, f"job {number} becomes {' or '.join(sorted(statuses))}", patience)

    def wait_for_end(self, number: int, status: str, login: Login | None = None, patience: float = PATIENCE) -> Document:
        return self.wait_for(number, {status}, login, patience)

    # What is on the disk

    def dataset(self, name: str, org: str = ORG, sandbox: str = "prod") -> Path:
        return self.datasets / org / sandbox / name

    def current(self, name: str, org: str = ORG) -> Document | None:
        file = self.dataset(name, org) / "current.json"
        return json.loads(file.read_text()) if file.exists() else None

    def batches_in_place(self, name: str) -> list[str]:
        return sorted(one.name.removeprefix("batch-") for one in self.dataset(name).glob("batch-*"))

    def staged(self, name: str) -> list[Path]:
        return list((self.dataset(name) / ".staging").glob("*"))

    def spools(self) -> list[Path]:
        """Of the attempts under way."""
        return sorted((self.datasets / ".spark").glob("*"))

    def moves(self, number: int) -> list[Document]:
        """The timeline of a job, as the tool tells it."""
        tenant = ("--org", ORG, "--sandbox", "prod")
        return list(json.loads(self.waybill("jobs", "show", str(number), "--store", "jobs.db", "--json", *tenant))["transitions"])
