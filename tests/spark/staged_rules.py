"""What the host's publisher looks at before it places a staged batch, and what `waybill datasets verify` does, a second time."""

import hashlib
import re


def check_staged(attempt):
    """AssertionError when the host would refuse what is staged."""
    left = {path.name for path in attempt.staging.iterdir()}
    wanted = {attempt.batch(number).name for number in range(len(attempt.request["batches"]))}
    assert left == wanted, f"staged are {left}"
    for number in range(len(wanted)):
        check_batch(attempt, number)


def check_batch(attempt, number):
    folder, manifest, request = attempt.batch(number), attempt.manifest(number), attempt.request
    assert manifest["schemaVersion"] == 1
    key = {"job": manifest["jobId"], "attempt": manifest["attempt"], "epoch": manifest["epoch"]}
    assert key == request["key"]
    assert manifest["batchId"] == request["batches"][number]["batchId"]
    assert manifest["datasetId"] == request["job"]["destination"]["datasetId"]
    assert {"format": manifest["format"], "compression": manifest["compression"]} == request["output"]
    files = manifest["files"]
    assert files, "no files"
    for index, file in enumerate(files):
        assert re.fullmatch(rf"part-{index:05d}\.(ndjson|csv)(\.gz|\.zst)?", file["name"]), file
        content = (folder / file["name"]).read_bytes()
        assert len(content) == file["bytes"], file
        assert hashlib.sha256(content).hexdigest() == file["sha256"], file
    assert manifest["totals"] == {name: sum(file[name] for file in files) for name in ("rows", "bytes")}
    assert {path.name for path in folder.iterdir()} == {file["name"] for file in files} | {"manifest.json", "_SUCCESS"}
    if manifest["format"] == "ndjson" and manifest["compression"] != "zstd":
        assert [text.count("\n") for text in attempt.texts(number)] == [file["rows"] for file in files]
