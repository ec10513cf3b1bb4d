"""run.py TOOLS [arguments of Schemathesis]: the description is validated, then each client works with a host of its own, whose
programs stand below TOOLS."""

import json
import sys
from pathlib import Path

import requests
from openapi_spec_validator import validate

import aepp_story
import fuzzing
from running_host import RunningHost


def check_description(host: RunningHost) -> None:
    served = requests.get(f"{host.url}/openapi.json", timeout=60)
    served.raise_for_status()
    validate(json.loads(served.content))
    print(f"ok: {host.url}/openapi.json is a valid description")


def main() -> int:
    tools = Path(sys.argv[1]).resolve()
    with RunningHost(tools) as host:
        print("== The description")
        check_description(host)
        print("== aepp", flush=True)
        aepp_story.run(host)
    with RunningHost(tools) as host:
        print("== Schemathesis", flush=True)
        fuzzing.run(host, sys.argv[2:])
    print("== All clients are content")
    return 0


if __name__ == "__main__":
    sys.exit(main())
