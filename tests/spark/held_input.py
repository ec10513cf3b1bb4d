"""An input that the driver cannot read to its end before we let it: so a test decides how long a job runs."""

import contextlib
import gzip
import os
from pathlib import Path

from waiting import until


class HeldInput:
    """A FIFO among the fragments. Whoever reads it waits until it is released, and then finds no lines in it."""

    def __init__(self, inputs: Path) -> None:
        self._file = inputs / "fragments/held.ndjson.gz"
        self._writer: int | None = None
        os.mkfifo(self._file)

    def __enter__(self) -> "HeldInput":
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def _opened(self) -> bool:
        """Opening a FIFO for writing succeeds as soon as somebody reads it."""
        with contextlib.suppress(OSError):
            self._writer = os.open(self._file, os.O_WRONLY | os.O_NONBLOCK)
            return True
        return False

    def wait_for_reader(self) -> None:
        """Until a task on the cluster stands still in the middle of its work."""
        if self._writer is None:
            until(self._opened, "a task that reads the input")

    def release(self) -> None:
        """Who reads goes on; who comes later is not held any more."""
        if not self._file.is_fifo():
            return
        nothing = gzip.compress(b"")
        aside = self._file.with_name(".held.aside")
        aside.write_bytes(nothing)
        if self._writer is None:
            self._opened()
        aside.replace(self._file)
        if self._writer is not None:
            with contextlib.suppress(BrokenPipeError):
                os.write(self._writer, nothing)
            os.close(self._writer)
            self._writer = None
