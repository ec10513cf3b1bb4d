"""A real waybilld on a port of its own, with a store and a few profiles in a directory that goes with it."""

import json
import shutil
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
    sandbox: str = SANDBOX

    def headers(self) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.token}",
            "x-api-key": self.key,
            "x-gw-ims-org-id": self.org,
            "x-sandbox-name": self.sandbox,
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


class HostPrograms:
    """The programs below `tools`, the directory of the build that holds waybill/waybill and waybilld/waybilld, and a directory
    that they work in."""

    def __init__(self, tools: Path) -> None:
        self.tools = tools
        self.path = Path(tempfile.mkdtemp(prefix="waybill-clients."))

    def remove_files(self) -> None:
        shutil.rmtree(self.path)

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def log(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in (self.path / "log").read_text().splitlines()]

    def waybill(self, *arguments: str, text: str = "") -> str:
        command = [str(self.tools / "waybill/waybill"), *arguments]
        return subprocess.run(command, cwd=self.path, input=text, check=True, capture_output=True, text=True).stdout

    def import_profiles(self, source: str, *flags: str, org: str = ORG, sandbox: str = SANDBOX, text: str = "") -> None:
        where = ("--profiles", "profiles.db", "--dataset", "crm", "--org", org, "--sandbox", sandbox)
        self.waybill("profiles", "import", source, *where, *flags, text=text)

    def add_login(self, org: str, sandbox: str = SANDBOX, name: str | None = None) -> Login:
        where = ("--credentials", "credentials.json", "--org", org, "--sandbox", sandbox, "--role", "write")
        added = json.loads(self.waybill("credentials", "add", "--name", name or org, "--json", *where))
        return Login(org, added["token"], added["apiKey"], sandbox)

    def spawn(self, listen: str, *options: str) -> None:
        """Starts a host, which is not ready yet."""
        files = ("--store", "jobs.db", "--profiles", "profiles.db", "--datasets", "datasets")
        command = [str(self.tools / "waybilld/waybilld"), *files, "--credentials", "credentials.json", "--listen", listen]
        command += ["--failed-logins", "1000000", *options]  # all wrong tokens come from one address here
        with (self.path / "log").open("a") as log:
            self.process = subprocess.Popen(command, cwd=self.path, stdout=subprocess.PIPE, stderr=log, text=True)

    def launch(self, listen: str = "127.0.0.1:0", *options: str) -> str:
        """Its address, once it is ready."""
        self.spawn(listen, *options)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        opening = "waybilld listening on "
        if not line.startswith(opening):
            raise RuntimeError(f"waybilld said {line!r}: {(self.path / 'log').read_text()[-2000:]}")
        return line.removeprefix(opening).strip()


class RunningHost(HostPrograms):
    def __init__(self, tools: Path) -> None:
        super().__init__(tools)
        self.import_profiles("-", text=profiles())
        self.login = self.add_login(ORG)
        self.stranger = self.add_login("globex")
        self.url = self.launch()

    def __enter__(self) -> "RunningHost":
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.process.terminate()
        self.process.wait(60)
        self.remove_files()
