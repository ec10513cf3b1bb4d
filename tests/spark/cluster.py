"""A real Spark standalone cluster on free ports of the loopback, all of it in one directory, nothing of it left when it is stopped.

    cluster.py PYTHON        starts one, of the Spark that the virtual environment's Python has, and tells its address; Enter ends it
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any

from waiting import until

MARK = "WAYBILL_TEST_CLUSTER"  # in the environment of everything that a cluster starts
DRIVER = Path(__file__).resolve().parents[2] / "tools/spark/driver.py"
OPENED = ("java.lang", "java.lang.invoke", "java.io", "java.net", "java.nio", "java.util", "java.util.concurrent", "sun.nio.ch")
CORES, MEMORY = 8, "5g"  # what a worker says it has; room for two drivers with an executor each, and a third driver


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def spark_home(python: Path) -> Path:
    found = subprocess.run([python, "-c", "import pyspark; print(pyspark.__path__[0])"], check=True, capture_output=True, text=True)
    return Path(found.stdout.strip())


def processor_seconds_of(process: int) -> float:
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


class Cluster:
    """A master and a worker. The master remembers its drivers in a directory (recovery mode FILESYSTEM)."""

    def __init__(self, python: Path) -> None:
        self.python, self.home = python, spark_home(python)
        self.path = Path(tempfile.mkdtemp(prefix="waybill-spark."))
        for name in ("conf", "local", "recovery", "work"):
            (self.path / name).mkdir()
        self._port, self._rest_port, self._page_port = free_port(), free_port(), free_port()
        self._master: subprocess.Popen[bytes] | None = None
        self._worker: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Cluster":
        try:
            self.start_master()
            self.start_worker()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    # Addresses

    @property
    def url(self) -> str:
        """What waybilld is told."""
        return f"spark://127.0.0.1:{self._rest_port}"

    def rest(self, path: str, body: dict[str, Any] | None = None, method: str | None = None) -> dict[str, Any]:
        """What the REST submission server answers, as JSON."""
        request = urllib.request.Request(f"http://127.0.0.1:{self._rest_port}/v1/submissions/{path}", method=method)
        request.add_header("Content-Type", "application/json;charset=UTF-8")
        if body is not None:
            request.data = json.dumps(body).encode()
        with urllib.request.urlopen(request, timeout=30) as answer:
            return dict(json.load(answer))

    def submission_of(self, request: Path) -> dict[str, Any]:
        """As the host submits an attempt, only by hand."""
        opened = " ".join(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENED)
        return {
            "action": "CreateSubmissionRequest",
            "clientSparkVersion": "3.5.3",
            "mainClass": "org.apache.spark.deploy.PythonRunner",
            "appResource": "",
            "appArgs": [str(DRIVER), "", str(request)],
            "environmentVariables": {},
            "sparkProperties": {
                "spark.master": self.url,
                "spark.app.name": "by hand",
                "spark.driver.memory": "512m",
                "spark.driver.extraJavaOptions": opened,
            },
        }

    def master_state(self) -> dict[str, Any]:
        """The master's page as JSON; empty while nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._page_port}/json/", timeout=30) as answer:
                return dict(json.load(answer))
        except (OSError, urllib.error.URLError, ValueError):
            return {}

    def drivers(self) -> dict[str, str]:
        """The state of each driver that the master knows, by its id."""
        state = self.master_state()
        listed = state.get("activedrivers", []) + state.get("completeddrivers", [])
        return {driver["id"]: driver["state"] for driver in listed}

    # Starting and ending

    def start_master(self) -> None:
        flags = f"-Dspark.master.rest.enabled=true -Dspark.master.rest.port={self._rest_port}"
        flags += f" -Dspark.deploy.recoveryMode=FILESYSTEM -Dspark.deploy.recoveryDirectory={self.path}/recovery"
        arguments = ("--port", str(self._port), "--webui-port", str(self._page_port))
        self._master = self._spawn("master", "org.apache.spark.deploy.master.Master", arguments, SPARK_MASTER_OPTS=flags)
        until(lambda: self._alive(self._master, "master") and self.master_state().get("status") == "ALIVE", "a master that is ALIVE")

    def start_worker(self) -> None:
        place = ("--work-dir", f"{self.path}/work", f"spark://127.0.0.1:{self._port}")
        arguments = ("--webui-port", "0", "--cores", str(CORES), "--memory", MEMORY, *place)
        self._worker = self._spawn("worker", "org.apache.spark.deploy.worker.Worker", arguments)
        until(lambda: self._alive(self._worker, "worker") and self._has_worker(), "a worker that is ALIVE")

    def ensure_whole(self) -> None:
        """Starts what a scenario has killed and left so."""
        if self._master is None or self._master.poll() is not None:
            self.start_master()
        if self._worker is None or self._worker.poll() is not None:
            self.start_worker()
        until(self._has_worker, "a worker that is ALIVE")

    def kill_master(self) -> None:
        """By SIGKILL; drivers and executors run on."""
        assert self._master is not None
        self._master.kill()
        self._master.wait()

    def forget_everything(self) -> None:
        """What the master remembers of its drivers is lost; it must not run."""
        shutil.rmtree(self.path / "recovery")
        (self.path / "recovery").mkdir()

    def kill_worker(self) -> None:
        """By SIGKILL; what it runs ends by itself."""
        assert self._worker is not None
        self._worker.kill()
        self._worker.wait()
        until(lambda: not self._has_worker(), "a master that has noticed the end of its worker")

    def executors(self) -> list[int]:
        """The processes that do the tasks."""
        return [process for process in self._processes() if b"CoarseGrainedExecutorBackend" in self._read(process, "cmdline")]

    def driver_process(self, driver: str) -> int | None:
        """The JVM of a driver, while there is one; its Python is a child of it."""
        lines = {one: self._read(one, "cmdline") for one in self._processes()}
        return next((one for one, line in lines.items() if b"DriverWrapper" in line and driver.encode() in line), None)

    def processor_seconds(self) -> dict[int, float]:
        """What each process of drivers and executors has taken until now."""
        daemons = [one.pid for one in (self._master, self._worker) if one is not None]
        return {one: processor_seconds_of(one) for one in self._processes() if one not in daemons}

    def stop(self) -> None:
        """SIGKILL to all that bears our mark, until nothing of it is left, and the directory goes."""
        for one in (self._worker, self._master):
            if one is not None and one.poll() is None:
                one.kill()
        until(self._all_ended, "processes of the cluster that end", 60)
        for one in (self._worker, self._master):
            if one is not None:
                one.wait()
        if "WAYBILL_KEEP" not in os.environ:
            shutil.rmtree(self.path, ignore_errors=True)

    # Details

    def _spawn(self, name: str, entry: str, arguments: tuple[str, ...], **more: str) -> "subprocess.Popen[bytes]":
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("SPARK", "PYSPARK"))} | {
            MARK: str(self.path),
            "SPARK_HOME": str(self.home),
            "SPARK_CONF_DIR": f"{self.path}/conf",
            "SPARK_LOCAL_DIRS": f"{self.path}/local",
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_DAEMON_MEMORY": "256m",
            "SPARK_DAEMON_JAVA_OPTS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
            "PYSPARK_PYTHON": str(self.python),
            "PYSPARK_DRIVER_PYTHON": str(self.python),
            **more,
        }
        command = [str(self.home / "bin/spark-class"), entry, "--host", "127.0.0.1", *arguments]
        with (self.path / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                command, cwd=self.path, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
            )

    def _alive(self, process: "subprocess.Popen[bytes] | None", name: str) -> bool:
        if process is not None and process.poll() is not None:
            raise RuntimeError(f"the {name} ended with {process.returncode}:\n{(self.path / f'{name}.log').read_text()[-3000:]}")
        return True

    def _has_worker(self) -> bool:
        return any(worker["state"] == "ALIVE" for worker in self.master_state().get("workers", []))

    @staticmethod
    def _read(process: int, what: str) -> bytes:
        with contextlib.suppress(OSError):
            return Path(f"/proc/{process}/{what}").read_bytes()
        return b""

    def _processes(self) -> list[int]:
        """All that bear our mark."""
        mark = f"{MARK}={self.path}".encode()
        ids = [int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit()]
        return [one for one in ids if mark in self._read(one, "environ").split(b"\0")]

    def _all_ended(self) -> bool:
        left = self._processes()
        for process in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        return not left


if __name__ == "__main__":
    with Cluster(Path(sys.argv[1])) as cluster:
        print(f"{cluster.url}   files in {cluster.path}; Enter ends it", flush=True)
        sys.stdin.readline()
