"""Cancel, progress, errors and publication, which must be the same with either engine."""

import json

from export_host import JOBS, Document, ExportHost
from fixture import (
    GOLD,
    SILVER,
    Place,
    batch_ids,
    expect,
    expect_nothing_published,
    expect_published,
    expect_tidy,
    is_gold,
    is_silver,
    names,
    names_in,
    request,
    scenario,
)

TRIES = 20


@scenario
def each_segment_a_batch(place: Place) -> None:
    """a batch a segment, in the order in which the job names them"""
    with place.host() as host:
        host.start()
        job = host.wait_for_end(host.create(request(SILVER, GOLD, per_batch=True)), "SUCCEEDED")
        expect("the segments", [one["segmentId"] for one in job["destination"]["batches"]], [SILVER, GOLD])
        expect_published(host, job, names(is_silver), names(is_gold))


@scenario
def cancel_while_running(place: Place) -> None:
    """a job that is cancelled while it runs ends CANCELLED and shows nothing"""
    with place.host(people=50_000) as host:
        host.start()
        for attempt in range(TRIES):  # an engine may be faster than the cancel
            dataset = f"people{attempt}"
            number = host.create(request(dataset=dataset))
            host.wait_for(number, {"PROCESSING", "SUCCEEDED"})
            status, _ = host.ask("DELETE", f"{JOBS}/{number}")
            is_there = host.ask("GET", f"{JOBS}/{number}")[0] == 200  # of one that had ended the record is removed
            if status == 200 and is_there and "CANCELLING" in [move["to"] for move in host.moves(number)]:
                break
        else:
            raise AssertionError(f"none of {TRIES} jobs was cancelled while it ran")
        job = host.wait_for_end(number, "CANCELLED")
        expect("errors", job.get("errors"), None)
        expect_nothing_published(host, dataset)
        expect_tidy(host, dataset)
        expect_nothing_published(host, dataset)


@scenario
def cancel_while_waiting(place: Place) -> None:
    """a job that is cancelled while another one has its dataset never runs"""
    with place.host() as host:
        host.start()
        for _ in range(TRIES):  # an engine may be done with both before the cancel
            first, second = host.create(request(GOLD)), host.create(request(SILVER))
            status = host.ask("DELETE", f"{JOBS}/{second}")[0]
            is_there = host.ask("GET", f"{JOBS}/{second}")[0] == 200
            moves = [move["to"] for move in host.moves(second)] if is_there else ["SUCCEEDED"]
            if "PROCESSING" not in moves and "SUCCEEDED" not in moves:
                break
            host.wait_for_end(first, "SUCCEEDED")
        else:
            raise AssertionError(f"none of {TRIES} jobs waited for the one before")
        expect("the answer to a cancel", status, 200)
        expect("its end", host.job(second)["status"], "CANCELLED")
        expect_published(host, host.wait_for_end(first, "SUCCEEDED"), names(is_gold))


@scenario
def progress_grows(place: Place) -> None:
    """what a job tells of its progress only grows, and ends with what was exported"""
    with place.host(people=2_000) as host:
        host.start()
        job = host.job(host.create(request(GOLD, SILVER, per_batch=True)))
        seen = [figures(job)]
        while job["status"] not in ("SUCCEEDED", "FAILED"):
            job = host.changed(job)
            seen.append(figures(job))
        expect("its end", job["status"], "SUCCEEDED")
        for before, after in zip(seen, seen[1:]):
            shrunk = [name for name, count in before.items() if after.get(name, 0) < count]
            expect(f"what became smaller from {before} to {after}", shrunk, [])
        both = len(names(is_gold, 2_000)) + len(names(is_silver, 2_000))
        expect("the last counters", seen[-1], {"percent": 100, "exported": both, "ECID": both, "Email": both})


def figures(job: Document) -> dict[str, int]:
    metrics = job.get("metrics", {})
    progress = metrics.get("progress", {})
    known = {name: progress[name] for name in ("percent", "exported") if name in progress}
    return known | metrics.get("exportedProfileByNamespaceCounter", {})


@scenario
def errors(place: Place) -> None:
    """what can never be exported is FAILED with a code of its own under the wrapper, and not tried again"""
    with place.host() as host:
        host.set_dataset("table", "--format", "csv")
        host.start()
        unknown = host.create(request(GOLD) | {"mergePolicy": {"id": "nobody-knows"}})
        without_fields = request(GOLD, dataset="table")
        del without_fields["fields"]
        table = host.create(without_fields)
        expect_error(host, unknown, "0090000011", "Merge policy 'nobody-knows' is not known")
        expect_error(host, table, "0090000017", "Dataset 'table' is CSV, which needs fields")
        for dataset in ("people", "table"):
            expect_nothing_published(host, dataset)
            expect_tidy(host, dataset)


def expect_error(host: ExportHost, number: int, code: str, message: str) -> None:
    job = host.wait_for_end(number, "FAILED")
    told = [(error["code"], error["msg"]) for error in job["errors"]]
    expect("its errors", told, [("0100000003", "Error in Export Job"), (code, message)])
    expect("its moves", [move["to"] for move in host.moves(number) if move["to"] != "PROCESSING"], ["NEW", "FAILED"])


@scenario
def tables(place: Place) -> None:
    """a CSV dataset has the columns of the job's fields, and rows that end with CR LF"""
    with place.host() as host:
        host.set_dataset("table", "--format", "csv")
        host.start()
        job = host.wait_for_end(host.create(request(GOLD, dataset="table") | {"fields": "name,balance"}), "SUCCEEDED")
        place_of_batch = host.dataset("table") / f"batch-{batch_ids(job)[0]}"
        header, *rows, end = (place_of_batch / "part-00000.csv").read_bytes().decode().split("\r\n")
        expect("the header and the end", (header, end), ("name,balance", ""))
        expect("rows", sorted(rows), sorted(f"Person {number},{json.dumps(number / 4)}" for number in range(0, 40, 4)))
        host.waybill("datasets", "verify", "table", "--datasets", "datasets", "--org", "acme")


@scenario
def published_once(place: Place) -> None:
    """a dataset shows its last job, each job once, and the one before is superseded"""
    with place.host() as host:
        host.start()
        first, second = host.create(request(GOLD)), host.create(request(SILVER))
        one, two = host.wait_for_end(first, "SUCCEEDED"), host.wait_for_end(second, "SUCCEEDED")
        current = host.current("people") or {}
        expect("the batches that show", [batch["batchId"] for batch in current["batches"]], batch_ids(two))
        expect("superseded", current["superseded"], batch_ids(one))
        expect("in place", host.batches_in_place("people"), sorted(batch_ids(one) + batch_ids(two)))
        expect("rows of the first", sorted(names_in(host, "people", *batch_ids(one))), sorted(names(is_gold)))
        expect("rows of the second", sorted(names_in(host, "people", *batch_ids(two))), sorted(names(is_silver)))
        for number in (first, second):
            expect("successes", [move["to"] for move in host.moves(number)].count("SUCCEEDED"), 1)
        expect_tidy(host)
        host.waybill("datasets", "verify", "--datasets", "datasets", "--org", "acme")
