"""Exports on a cluster in which nothing dies."""


from export_host import JOBS
from fixture import (
    GOLD,
    SILVER,
    Place,
    attempts,
    driver_of,
    expect,
    expect_nothing_published,
    expect_published,
    expect_tidy,
    in_short,
    is_gold,
    is_silver,
    names,
    request,
    scenario,
)
from held_input import HeldInput
from waiting import until


@scenario
def one_batch(place: Place) -> None:
    """a job's members are exported, and it has the driver's id"""
    with place.host() as host:
        host.start()
        job = host.wait_for_end(host.create(request(GOLD)), "SUCCEEDED")
        expect_published(host, job, names(is_gold))
        driver = job["computeGatewayJobId"]["exportJob"]
        until(lambda: place.cluster.drivers().get(driver) == "FINISHED", f"{driver} that is FINISHED", 60)
        expect("tries", attempts(host, job["id"]), 1)
        spans = [job["metrics"][name] for name in ("totalTime", "profileExportTime", "aCPDatasetWriteTime")]
        for span in spans[1:]:
            is_inside = spans[0]["startTimeInMs"] <= span["startTimeInMs"] <= span["endTimeInMs"] <= spans[0]["endTimeInMs"]
            expect(f"{span} lies inside {spans[0]}", is_inside, True)


@scenario
def two_segments(place: Place) -> None:
    """two segments make a batch each, and who is in both is in both"""
    with place.host() as host:
        host.start()
        job = host.wait_for_end(host.create(request(GOLD, SILVER, per_batch=True)), "SUCCEEDED")
        expect_published(host, job, names(is_gold), names(is_silver))


@scenario
@in_short
def failing_job(place: Place) -> None:
    """a job that Spark fails has the SparkException in its errors, with the code unknown, under the wrapper"""
    with place.host("--attempts", "1", **{"spark.driver.maxResultSize": "1b"}) as host:
        host.start()
        job = host.wait_for_end(host.create(request(GOLD)), "FAILED")
        wrapper, cause, *_ = job["errors"]
        expect("the wrapper's code", wrapper["code"], "0100000003")
        expect("the cause's code", cause["code"], "unknown")
        expect(f"{cause['msg']!r} names the exception", "org.apache.spark.SparkException" in cause["msg"], True)
        expect(f"its message is there: {cause['msg']!r}", "Job aborted due to stage failure" in cause["msg"], True)
        expect(f"its stack is there: {cause['callStack'][:200]!r}", "DAGScheduler" in cause["callStack"], True)
        expect_nothing_published(host)
        expect_tidy(host)


@scenario
@in_short
def cancelled_while_running(place: Place) -> None:
    """a job that is cancelled while its tasks run is CANCELLED at once, its driver ends, and nothing shows"""
    with place.host() as host, HeldInput(host.inputs) as held:
        host.start()
        number = host.create(request(GOLD))
        held.wait_for_reader()
        driver = driver_of(host, number)
        expect("the answer to a cancel", host.ask("DELETE", f"{JOBS}/{number}")[0], 200)
        host.wait_for_end(number, "CANCELLED")
        expect("its moves", [move["to"] for move in host.moves(number)][-2:], ["CANCELLING", "CANCELLED"])
        ended = until(
            lambda: state if (state := place.cluster.drivers().get(driver)) not in ("RUNNING", "SUBMITTED") else None,
            f"{driver} that has ended",
        )
        expect("how the driver ended", ended in ("KILLED", "FINISHED", "FAILED"), True)
        until(lambda: not place.cluster.executors(), "executors that have ended")
        expect_nothing_published(host)
        expect_tidy(host)
        expect_nothing_published(host)


@scenario
def duplicate(place: Place) -> None:
    """a second driver of the same attempt ends at once and touches nothing"""
    with place.host() as host, HeldInput(host.inputs) as held:
        host.start()
        number = host.create(request(GOLD))
        held.wait_for_reader()
        spool = host.spools()[0]
        claim = until(lambda: (spool / "claim.json").exists() and (spool / "claim.json").read_bytes(), "a claim")
        second = place.cluster.rest("create", place.cluster.submission_of(spool / "request.json"))
        until(lambda: place.cluster.drivers().get(second["submissionId"]) == "FINISHED", "a duplicate that is FINISHED")
        expect("the claim is the first one's", (spool / "claim.json").read_bytes(), claim)
        expect("there is a result", (spool / "result.json").exists(), False)
        held.release()
        job = host.wait_for_end(number, "SUCCEEDED")
        expect("the driver", job["computeGatewayJobId"]["exportJob"] != second["submissionId"], True)
        expect_published(host, job, names(is_gold))


@scenario
def refused(place: Place) -> None:
    """a job that evaluates segments is refused with a code of its own, and Spark is not asked"""
    with place.host() as host:
        host.start()
        before = set(place.cluster.drivers())
        number = host.create(request(GOLD) | {"evaluationInfo": {"segmentation": True}})
        job = host.wait_for_end(number, "FAILED")
        expect("its codes", [error["code"] for error in job["errors"]], ["0100000003", "0080000001"])
        expect("new drivers", set(place.cluster.drivers()) - before, set())
        expect_nothing_published(host)
