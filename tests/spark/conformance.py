"""conformance.py TOOLS --engine embedded|spark [--python PYTHON] [--seeds 1-6] [--only TEXT] [--short]: what must come of export
jobs, asked over HTTP of a real waybilld, is the same with either engine.

TOOLS holds waybill/waybill and waybilld/waybilld. PYTHON is that of tests/spark/environment, for the cluster that Spark needs. The
seeds are those of scenarios of tests/reference, whose reference says which rows there must be."""

import argparse
import contextlib
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import conformance_cases
import conformance_rows
from cluster import Cluster
from fixture import Place


@contextlib.contextmanager
def place_of(tools: Path, engine: str, python: Path | None) -> Iterator[Place]:
    if engine == "embedded":
        yield Place(tools, None)
        return
    if python is None:
        sys.exit("conformance.py: --engine spark needs --python")
    with Cluster(python.absolute()) as cluster:
        yield Place(tools, cluster)


def seeds_of(text: str) -> list[int]:
    first, _, last = text.partition("-")
    return list(range(int(first), int(last or first) + 1))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition(":")[2])
    parser.add_argument("tools", type=Path)
    parser.add_argument("--engine", choices=("embedded", "spark"), required=True)
    parser.add_argument("--python", type=Path)
    parser.add_argument("--seeds", type=seeds_of, default=seeds_of("1-8"))
    parser.add_argument("--only", default="", help="cases whose sentence has this text")
    parser.add_argument("--short", action="store_true", help="two seeds, and no other cases")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the cluster ends, too
    seeds = asked.seeds[:2] if asked.short else asked.seeds
    cases = {"the rows of random stores and jobs are the reference's": lambda place: conformance_rows.run(place, seeds)}
    for function in vars(conformance_cases).values():
        if getattr(function, "is_scenario", False) and not asked.short:
            cases[str(function.__doc__)] = function
    chosen = {name: run for name, run in cases.items() if asked.only in name}
    failed, begun = 0, time.monotonic()
    with place_of(asked.tools.resolve(), asked.engine, asked.python) as place:
        for name, run in chosen.items():
            failed += not passes(f"{asked.engine}: {name}", run, place)
    print(f"{len(chosen) - failed} of {len(chosen)} cases passed with the engine {asked.engine} in {time.monotonic() - begun:.0f} s")
    return 1 if failed or not chosen else 0


def passes(name: str, run, place: Place) -> bool:  # type: ignore[no-untyped-def]
    begun = time.monotonic()
    try:
        run(place)
    except Exception:
        traceback.print_exc()
        print(f"FAILED {time.monotonic() - begun:6.1f} s  {name}", flush=True)
        return False
    print(f"ok {time.monotonic() - begun:6.1f} s  {name}", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
