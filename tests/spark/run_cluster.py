"""run_cluster.py TOOLS PYTHON [--only TEXT] [--short]: what becomes of exports on a real Spark cluster, also when parts of it die.

TOOLS holds waybill/waybill and waybilld/waybilld; PYTHON is that of tests/spark/environment. Each scenario has a host with files of
its own; the cluster is one for all."""

import argparse
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import disasters
import stories
from cluster import Cluster
from fixture import Place


def scenarios() -> dict[str, Callable[[Place], None]]:
    """By what they say, in the order of their files."""
    found = {}
    for module in (stories, disasters):
        for function in vars(module).values():
            if callable(function) and getattr(function, "is_scenario", False):
                found[str(function.__doc__).strip().split("\n")[0]] = function
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition(":")[2])
    parser.add_argument("tools", type=Path)
    parser.add_argument("python", type=Path)
    parser.add_argument("--only", default="", help="scenarios whose sentence has this text")
    parser.add_argument("--short", action="store_true", help="those that CI runs")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the cluster ends, too
    chosen = {
        name: run for name, run in scenarios().items() if asked.only in name and (not asked.short or getattr(run, "in_short", False))
    }
    failed = 0
    begun = time.monotonic()
    with Cluster(asked.python.absolute()) as cluster:
        print(f"ok {time.monotonic() - begun:6.1f} s  a master and a worker run", flush=True)
        for name, run in chosen.items():
            failed += not passes(name, run, Place(asked.tools.resolve(), cluster))
    print(f"{len(chosen) - failed} of {len(chosen)} scenarios passed in {time.monotonic() - begun:.0f} s")
    return 1 if failed or not chosen else 0


def passes(name: str, run: Callable[[Place], None], place: Place) -> bool:
    begun = time.monotonic()
    try:
        place.cluster.ensure_whole()
        run(place)
    except Exception:
        traceback.print_exc()
        print(f"FAILED {time.monotonic() - begun:6.1f} s  {name}", flush=True)
        return False
    print(f"ok {time.monotonic() - begun:6.1f} s  {name}", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
