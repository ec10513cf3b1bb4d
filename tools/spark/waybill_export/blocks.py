"""Makes the bytes of a file out of lines, block by block. A compressed block is a gzip member or zstd frame of its own, so
blocks of several files may stand one after the other in one."""

import zlib

from waybill_export.failures import ExportFailure

LARGEST, SMALLEST = 1 << 20, 64 << 10
GZIP = 16 + zlib.MAX_WBITS


def block_size(batches):
    """How much text makes a block: the more batches are written side by side, the less."""
    return max(LARGEST // max(batches, 1), SMALLEST)


def encoder_of(compression):
    """A function from a block's bytes to those of the file. ExportFailure where this Python cannot compress so."""
    return zstd_encoder() if compression == "zstd" else {"none": bytes, "gzip": gzip_member}[compression]


def gzip_member(block):
    compressor = zlib.compressobj(6, zlib.DEFLATED, GZIP)
    return compressor.compress(block) + compressor.flush()


def zstd_encoder():
    try:
        import zstandard
    except ImportError as error:
        raise ExportFailure(
            "unknown",
            "ModuleNotFoundError: a dataset with compression zstd needs the Python package zstandard, on the driver and on"
            " each executor",
            repr(error),
        ) from None
    return zstandard.ZstdCompressor(level=3, write_checksum=True).compress
