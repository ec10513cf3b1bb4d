"""sqlite-utils, measured by itself: `peer.py OPERATION COUNT DIRECTORY` prints {"operations":…,"seconds":…}.

It inserts the records of DIRECTORY/*.ndjson as its command does, a table a file: one row a record, what is nested as JSON
text. Its start is not counted. It leaves DIRECTORY/peer.db in SQLite's usual journal mode, which is durable.
"""

import json
import sys
import time
from pathlib import Path


def insert(directory: Path) -> None:
    from sqlite_utils import cli

    for records in sorted(directory.glob("*.ndjson")):
        cli.cli(["insert", str(directory / "peer.db"), records.stem, str(records), "--nl", "--alter", "--silent"],
                standalone_mode=False)


def rows(directory: Path) -> int:
    from sqlite_utils import Database

    return sum(table.count for table in Database(directory / "peer.db").tables)


if sys.argv[1] == "import":
    import sqlite_utils.cli  # noqa: F401: its start is not counted

    place = Path(sys.argv[3])
    start = time.perf_counter()
    insert(place)
    took = time.perf_counter() - start
    if rows(place) != int(sys.argv[2]):
        sys.exit("sqlite-utils did not insert every record")
    print(json.dumps({"operations": int(sys.argv[2]), "seconds": took}))
else:
    print("{}")
