"""A real waybilld on a port of its own, with a store and a few profiles in a directory that goes with it."""

import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

ORG, SANDBOX = "acme", "prod"
SEGMENT = "52c26d0d-45f2-47a2-ab30-ed06abc981ff"
MEMBERS = 3


@dataclass(frozen=True)
class Login:
    org: str
    token: str
    key: str

    def headers(self) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.token}",
            "x-api-key": self.key,
            "x-gw-ims-org-id": self.org,
            "x-sandbox-name": SANDBOX,
        }


def profiles() -> str:
    def profile(number: int) -> dict[str, object]:
        status = "realized" if number < MEMBERS else "exited"
        return {
            "identityMap": {"ECID": [{"id": f"e{number}", "primary": True}]},
            "personalEmail": {"address": f"p{number}@example.com"},
            "segmentMembership": {"ups": {SEGMENT: {"status": status, "lastQualificationTime": "2018-01-10T00:00:00Z"}}},
        }

    return "".join(json.dumps(profile(number)) + "\n" for number in range(MEMBERS + 2))


class RunningHost:
    """`tools` is the directory of the build that holds waybill/waybill and waybilld/waybilld."""

    def __init__(self, tools: Path) -> None:
        self._tools = tools
        self._directory = tempfile.TemporaryDirectory(prefix="waybill-clients.")
        self.path = Path(self._directory.name)
        self._import_profiles()
        self.login = self.add_login(ORG)
        self.stranger = self.add_login("globex")
        self.url = self._start()

    def __enter__(self) -> "RunningHost":
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._process.terminate()
        self._process.wait(60)
        self._directory.cleanup()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def log(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in (self.path / "log").read_text().splitlines()]

    def _waybill(self, *arguments: str, text: str = "") -> str:
        command = [str(self._tools / "waybill/waybill"), *arguments]
        return subprocess.run(command, cwd=self.path, input=text, check=True, capture_output=True, text=True).stdout

    def _import_profiles(self) -> None:
        where = ("--profiles", "profiles.db", "--dataset", "crm", "--org", ORG, "--sandbox", SANDBOX)
        self._waybill("profiles", "import", "-", *where, text=profiles())

    def add_login(self, org: str) -> Login:
        where = ("--credentials", "credentials.json", "--org", org, "--sandbox", SANDBOX, "--role", "write")
        added = json.loads(self._waybill("credentials", "add", "--name", org, "--json", *where))
        return Login(org, added["token"], added["apiKey"])

    def _start(self) -> str:
        files = ("--store", "jobs.db", "--profiles", "profiles.db", "--datasets", "datasets")
        command = [str(self._tools / "waybilld/waybilld"), *files, "--credentials", "credentials.json", "--listen", "127.0.0.1:0"]
        command += ["--failed-logins", "1000000"]  # all wrong tokens come from one address here
        with (self.path / "log").open("w") as log:
            self._process = subprocess.Popen(command, cwd=self.path, stdout=subprocess.PIPE, stderr=log, text=True)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        opening = "waybilld listening on "
        if not line.startswith(opening):
            raise RuntimeError(f"waybilld said {line!r}: {(self.path / 'log').read_text()}")
        return line.removeprefix(opening).strip()
