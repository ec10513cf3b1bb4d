"""What a task writes: for each batch files of its own, under names that no other attempt of the task has. Which of them become
parts of the batch, and under which names, the driver decides (batches.py): so a task that is tried again, or run twice, doubles
nothing."""

import contextlib
import hashlib
import os
import uuid
from collections import Counter
from typing import NamedTuple

from waybill_export.blocks import block_size, encoder_of
from waybill_export.failures import not_written
from waybill_export.rows import beginning_of_file, line_of, row_of
from waybill_export.profiles import Profile
from waybill_export.selection import batches_with


class Part(NamedTuple):
    path: str
    rows: int
    bytes: int
    sha256: str
    beginning: int = 0  # bytes before the first row


class BatchPiece(NamedTuple):
    """What a task wrote of a batch."""

    batch: int  # place in plan.batches
    parts: list
    by_namespace: dict
    unlinked: int


class TaskReport(NamedTuple):
    looked_at: int  # records
    pieces: list


class PartFile:
    """One file of a batch. Its beginning stands in each."""

    def __init__(self, folder, beginning):
        self.path = os.path.join(folder, uuid.uuid4().hex)
        self.rows = self.bytes = 0
        self._sum = hashlib.sha256()
        self._file = open(self.path, "xb", buffering=0)
        self._beginning = len(beginning)
        self.append(beginning, 0)

    def append(self, encoded, rows):
        left = memoryview(encoded)
        while left:
            left = left[self._file.write(left) :]
        self._sum.update(encoded)
        self.bytes += len(encoded)
        self.rows += rows

    def finish(self):
        os.fsync(self._file.fileno())
        self._file.close()
        return Part(self.path, self.rows, self.bytes, self._sum.hexdigest(), self._beginning)


@contextlib.contextmanager
def writing(where):
    """Only around what writes: an OSError elsewhere is none of the dataset's."""
    try:
        yield
    except OSError as error:
        raise not_written(where, error) from error


class BatchWriter:
    """Gathers the lines of a batch in blocks. A file that is large enough takes no more rows."""

    def __init__(self, folder, plan, encode):
        self._folder = folder
        self._encode = encode
        self._beginning = encoded_beginning(plan, encode)
        self._part_bytes = plan.part_bytes
        self._block_size = block_size(len(plan.batches))
        self._block, self._block_bytes = [], 0
        self._file = None
        self._parts = []
        self.by_namespace = Counter()
        self.unlinked = 0

    def append(self, line):
        encoded = line.encode()
        self._block.append(encoded)
        self._block_bytes += len(encoded)
        if self._block_bytes >= self._block_size:
            self._flush()

    def finish(self):
        if self._block:
            self._flush()
        self._end_file()
        return self._parts

    def _flush(self):
        encoded = self._encode(b"".join(self._block))
        with writing(self._folder):
            if self._file is None:
                self._file = PartFile(self._folder, self._beginning)
            self._file.append(encoded, len(self._block))
        self._block, self._block_bytes = [], 0
        if self._file.bytes >= self._part_bytes:
            self._end_file()

    def _end_file(self):
        if self._file is not None:
            with writing(self._folder):
                self._parts.append(self._file.finish())
            self._file = None


def encoded_beginning(plan, encode):
    beginning = beginning_of_file(plan).encode()
    return encode(beginning) if beginning else b""


class Progress(NamedTuple):
    """Spark's accumulators; each counts what tasks have come to their end with."""

    candidates: object
    looked_at: object
    exported: object
    by_namespace: object


def write_groups(groups, plan, policy, folder, progress):
    """A task: makes the rows of the groups and writes them below `folder`. Gives one TaskReport."""
    looked_at, writers = write_rows(groups, plan, policy, folder)
    pieces = [BatchPiece(at, one.finish(), dict(one.by_namespace), one.unlinked) for at, one in writers.items()]
    progress.looked_at.add(looked_at)
    progress.exported.add(sum(part.rows for piece in pieces for part in piece.parts))
    for piece in pieces:
        progress.by_namespace.add(piece.by_namespace)
    yield TaskReport(looked_at, pieces)


def write_rows(groups, plan, policy, folder):
    encode = encoder_of(plan.compression)
    looked_at, writers = 0, {}
    for group in groups:
        looked_at += group.looked_at
        profile = Profile(group.records, policy)
        chosen = batches_with(profile, plan)
        if not chosen:
            continue
        identity_map = profile.identity_map()
        line = line_of(row_of(profile, identity_map, plan), plan)
        for at in chosen:
            if at not in writers:
                writers[at] = BatchWriter(folder, plan, encode)
            writers[at].append(line)
            writers[at].by_namespace.update(identity_map.keys())
            writers[at].unlinked += group.is_apart
    return looked_at, writers
