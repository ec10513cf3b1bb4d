"""run_soak.py TOOLS [--minutes 15] [--seed N] [--keep]: soaks a host whose programs stand below TOOLS, and gives the account.

Two thirds of the time the host is killed and stopped again and again; the last third is one long life, whose first and last quiet
moments must take the same."""

import argparse
import random
import signal
import sys
from pathlib import Path

from soak.soaking import Soak


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition(":")[2])
    parser.add_argument("tools", type=Path)
    parser.add_argument("--minutes", type=float, default=15.0)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--keep", action="store_true", help="keep the files of the host")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the host ends, too
    soak = Soak(asked.tools.resolve(), asked.minutes * 60, asked.seed)
    try:
        soak.run()
        kept = asked.keep or bool(soak.ledger.findings)
    except BaseException:
        print(f"The host's files are in {soak.host.path}", file=sys.stderr)
        raise
    finally:
        soak.end()
    soak.report.show()
    if kept:
        print(f"The host's files are in {soak.host.path}")
    else:
        soak.host.remove_files()
    return 1 if soak.ledger.findings else 0


if __name__ == "__main__":
    sys.exit(main())
