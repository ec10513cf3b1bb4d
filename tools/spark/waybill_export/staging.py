"""The attempt's staging directory. To make it is to claim the attempt; what stands in it in the end are whole, synced batches."""

import os
import shutil
from dataclasses import dataclass, field

from waybill_export.blocks import encoder_of
from waybill_export.durable import sync_directory, write_new
from waybill_export.failures import ExportFailure
from waybill_export.manifest import manifest_text
from waybill_export.moments import now
from waybill_export.namespaces import add_counts
from waybill_export.parts import PartFile, encoded_beginning, writing

PIECES = ".pieces"  # what tasks write, below the staging directory
MOST_PARTS = 100_000
FORMAT_ENDING = {"ndjson": ".ndjson", "csv": ".csv"}
COMPRESSION_ENDING = {"none": "", "gzip": ".gz", "zstd": ".zst"}


@dataclass
class BatchTotals:
    """All that was written of a batch."""

    parts: list = field(default_factory=list)
    by_namespace: dict = field(default_factory=dict)
    unlinked: int = 0

    @property
    def rows(self):
        return sum(part.rows for part in self.parts)

    def add(self, piece):
        self.parts += piece.parts
        add_counts(self.by_namespace, piece.by_namespace)
        self.unlinked += piece.unlinked


def totals_of(reports, plan):
    """For each batch what the tasks' reports say of it together."""
    totals = [BatchTotals() for _ in plan.batches]
    for report in reports:
        for piece in report.pieces:
            totals[piece.batch].add(piece)
    return totals


def claim(staging):
    """False when another driver has it already, and then nothing was touched."""
    os.makedirs(os.path.dirname(staging), exist_ok=True)
    try:
        os.mkdir(staging)
    except FileExistsError:
        return False
    sync_directory(os.path.dirname(staging))
    return True


def pieces_folder(staging):
    folder = os.path.join(staging, PIECES)
    os.mkdir(folder)
    return folder


def part_name(plan, index):
    return f"part-{index:05d}{FORMAT_ENDING[plan.format]}{COMPRESSION_ENDING[plan.compression]}"


def stage_batches(request, plan, totals, start, stop_if_cancelled):
    staging = request["staging"]
    with writing(staging):
        for place in range(len(plan.batches)):
            stage_batch(request, plan, place, totals[place], start, stop_if_cancelled)
        shutil.rmtree(os.path.join(staging, PIECES), ignore_errors=True)
        sync_directory(staging)


def stage_batch(request, plan, place, totals, start, stop_if_cancelled):
    folder = os.path.join(request["staging"], f"batch-{plan.batches[place][0]}")
    os.mkdir(folder)
    parts = totals.parts or [empty_part(plan, os.path.join(request["staging"], PIECES))]
    if len(parts) > MOST_PARTS:
        raise ExportFailure("unknown", f"A batch has at most {MOST_PARTS} parts, this one has {len(parts)}")
    files = [(part_name(plan, index), part) for index, part in enumerate(parts)]
    for name, part in files:
        os.rename(part.path, os.path.join(folder, name))
    sync_directory(folder)
    text = manifest_text(request, plan, place, files, totals, (start, now()))
    write_new(os.path.join(folder, "manifest.json"), text.encode())
    sync_directory(folder)  # its name is on the disk before anything says that the batch is whole
    stop_if_cancelled()
    write_new(os.path.join(folder, "_SUCCESS"), b"")
    sync_directory(folder)


def empty_part(plan, folder):
    """A batch without rows has one part. A compressed file is never quite empty, or no reader would take it for one."""
    encode = encoder_of(plan.compression)
    file = PartFile(folder, encoded_beginning(plan, encode))
    if not file.bytes:
        file.append(encode(b""), 0)
    return file.finish()
