"""Schemathesis, which makes requests of the description that a real host serves, and checks the answers by it."""

import json
import subprocess
import sys
from pathlib import Path

from running_host import Login, RunningHost

HERE = Path(__file__).resolve().parent
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")


def login_of(one: Login) -> dict[str, object]:
    headers = [{"name": name, "value": value} for name, value in one.headers().items()]
    return {"name": one.org, "fixedHeaders": headers}


def configuration(host: RunningHost) -> Path:
    """The configuration beside this file, with the logins of two tenants, who must not see each other's jobs."""
    logins = host.path / "logins.json"
    logins.write_text(json.dumps({"auth": [login_of(host.login), login_of(host.stranger)]}))
    peers = json.dumps([host.login.org, host.stranger.org])
    file = host.path / "schemathesis.toml"
    hooks = f'hooks = "{HERE / "schemathesis_hooks.py"}"\n'
    logins_known = f'\n[auth.wfc]\npath = "{logins}"\npeers = {peers}\n'
    file.write_text(hooks + (HERE / "schemathesis.toml").read_text() + logins_known)
    return file


def run(host: RunningHost, arguments: list[str]) -> None:
    command = [str(SCHEMATHESIS), "--config-file", str(configuration(host)), "run", f"{host.url}/openapi.json", *arguments]
    code = subprocess.run(command, cwd=host.path).returncode
    if not host.alive:
        raise AssertionError("the host has ended")
    broken = [line for line in host.log() if line["level"] == "error"]
    if broken:
        raise AssertionError(f"the host's log has errors: {broken[:5]}")
    if code != 0:
        raise AssertionError("Schemathesis has findings, see above")
