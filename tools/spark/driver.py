#!/usr/bin/env python3
"""Runs one attempt of an export job on a Spark cluster: spark-submit driver.py REQUEST.json

waybilld submits it; docs/spark.md, "The driver", tells what it reads and writes. The exit code is 0 when the batches are staged,
when the job was cancelled, and when another driver has the attempt already; 1 when it failed, with result.json or without.
"""

import os
import shutil
import sys
import tempfile

HOME = os.path.dirname(os.path.abspath(__file__))
PACKAGE = "waybill_export"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    is_beside = os.path.isdir(os.path.join(HOME, PACKAGE))
    if is_beside:
        sys.path.insert(0, HOME)
    from waybill_export import attempt, spool

    try:
        request = spool.read_request(sys.argv[1])
    except FileNotFoundError:
        sys.exit(f"waybill: {sys.argv[1]} is not there: the host has forgotten the attempt")
    if os.path.isdir(request["staging"]):
        sys.exit(0)  # a duplicate needs no executors
    sys.exit(run(attempt, request, is_beside))


def run(attempt, request, is_beside):
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.appName(request["name"]).getOrCreate()
    try:
        with tempfile.TemporaryDirectory(prefix="waybill-") as place:
            if is_beside:
                ship_package(spark.sparkContext, place)
            ended = attempt.run(spark, request)
    finally:
        spark.stop()
    print(f"waybill: attempt {request['key']}: {ended}", file=sys.stderr)
    return 1 if ended == attempt.FAILED else 0


def ship_package(context, place):
    """So that executors need nothing installed; they fetch it from `place`, as long as the driver runs. Where the package is
    not beside this file, `spark.submit.pyFiles` brought it."""
    context.addPyFile(shutil.make_archive(os.path.join(place, PACKAGE), "zip", HOME, PACKAGE))


if __name__ == "__main__":
    main()
