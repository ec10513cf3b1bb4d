"""Exports on a cluster of which something dies meanwhile: the host, the master, a worker, an executor, the driver."""

import os
import signal

from export_host import JOBS, ExportHost
from fixture import (
    GOLD,
    Place,
    attempts,
    driver_of,
    expect,
    expect_nothing_published,
    expect_published,
    expect_tidy,
    in_short,
    is_gold,
    names,
    request,
    scenario,
)
from held_input import HeldInput
from waiting import until


def expect_reason(host: ExportHost, number: int, *texts: str) -> None:
    """Why the first attempt was given up: one of these, not what the driver's Python made of it."""
    reasons = [move["reason"] for move in host.moves(number) if move["to"] == "NEW" and move["attempt"]]
    expect(f"{reasons} say {texts}", [any(text in reason for text in texts) for reason in reasons], [True])


def expect_one_success(place: Place, drivers: set[str]) -> None:
    """Of those drivers: each that there are has ended well, whether it did the work or was a duplicate."""
    until(
        lambda: all(state == "FINISHED" for driver, state in place.cluster.drivers().items() if driver in drivers),
        "drivers that are all FINISHED",
    )


@scenario
@in_short
def host_dies_after_intent(place: Place) -> None:
    """a host that is killed before it has heard of its submission publishes one driver's output, once"""
    before = set(place.cluster.drivers())
    with place.host() as host:
        host.start()
        number = host.create(request(GOLD))
        until(lambda: any((spool / "request.json").exists() for spool in host.spools()), "an intent on the disk", 60)
        host.kill()
        host.start()
        job = host.wait_for_end(number, "SUCCEEDED")
        expect("attempts that submitted", attempts(host, number), 1)
        expect_published(host, job, names(is_gold))
        drivers = set(place.cluster.drivers()) - before
        expect(f"its driver {job['computeGatewayJobId']} is among {drivers}", job["computeGatewayJobId"]["exportJob"] in drivers, True)
        expect_one_success(place, drivers)
        expect_published(host, job, names(is_gold))  # also after a duplicate has ended


@scenario
def host_dies_while_running(place: Place) -> None:
    """a host that is killed while the driver runs finds it again, and waits for it"""
    with place.host() as host, HeldInput(host.inputs) as held:
        host.start()
        number = host.create(request(GOLD))
        driver = driver_of(host, number)
        held.wait_for_reader()
        before = set(place.cluster.drivers())
        host.kill()
        host.start()
        held.release()
        job = host.wait_for_end(number, "SUCCEEDED")
        expect("the driver", job["computeGatewayJobId"]["exportJob"], driver)
        expect("new drivers", set(place.cluster.drivers()) - before, set())
        expect_published(host, job, names(is_gold))


@scenario
def driver_ends_without_host(place: Place) -> None:
    """what a driver has staged while there was no host is published by the next one"""
    with place.host() as host, HeldInput(host.inputs) as held:
        host.start()
        number = host.create(request(GOLD))
        driver = driver_of(host, number)
        held.wait_for_reader()
        host.kill()
        held.release()
        until(lambda: place.cluster.drivers().get(driver) == "FINISHED", f"{driver} that is FINISHED")
        host.start()
        job = host.wait_for_end(number, "SUCCEEDED")
        expect_published(host, job, names(is_gold))


@scenario
def host_dies_after_cancel(place: Place) -> None:
    """a driver that is cancelled ends by itself when there is neither host nor master to kill it"""
    with place.host() as host, HeldInput(host.inputs) as held:
        host.start()
        number = host.create(request(GOLD))
        driver = driver_of(host, number)
        held.wait_for_reader()
        place.cluster.kill_master()
        host.ask("DELETE", f"{JOBS}/{number}")
        until(lambda: any((spool / "cancel").exists() for spool in host.spools()), "a cancel on the disk", 60)
        host.kill()
        until(lambda: place.cluster.driver_process(driver) is None, f"{driver} that has ended")
        place.cluster.start_master()
        host.start()
        host.wait_for_end(number, "CANCELLED")
        held.release()
        # Spools of what ended are removed when the next job is submitted.
        host.wait_for_end(host.create(request(GOLD, dataset="next")), "SUCCEEDED")
        expect_nothing_published(host)
        expect_tidy(host)


@scenario
def master_restarts(place: Place) -> None:
    """a master that is killed and started again meanwhile costs no attempt"""
    with place.host("--attempts", "1") as host, HeldInput(host.inputs) as held:
        host.start()
        number = host.create(request(GOLD))
        driver = driver_of(host, number)
        held.wait_for_reader()
        place.cluster.kill_master()
        place.cluster.start_master()
        held.release()
        job = host.wait_for_end(number, "SUCCEEDED")
        expect("the driver", job["computeGatewayJobId"]["exportJob"], driver)
        expect_published(host, job, names(is_gold))


@scenario
def master_is_down(place: Place) -> None:
    """a job that is created while there is no master waits for one"""
    with place.host("--attempts", "1") as host:
        host.start()
        place.cluster.kill_master()
        number = host.create(request(GOLD))
        host.wait_for(number, {"PROCESSING"})
        until(lambda: any((spool / "request.json").exists() for spool in host.spools()), "an intent on the disk", 60)
        place.cluster.start_master()
        job = host.wait_for_end(number, "SUCCEEDED")
        expect_published(host, job, names(is_gold))


@scenario
def master_forgets(place: Place) -> None:
    """when a master comes back without its memory, the deadline ends the attempt, and the next one succeeds"""
    with place.host("--attempt-seconds", "45") as host, HeldInput(host.inputs) as held:
        host.start()
        number = host.create(request(GOLD))
        driver = driver_of(host, number)
        held.wait_for_reader()
        place.cluster.kill_master()
        place.cluster.forget_everything()
        place.cluster.start_master()
        until(lambda: not place.cluster.executors(), "a worker that ends what the master does not know")
        held.release()
        job = host.wait_for_end(number, "SUCCEEDED")
        expect("attempts", attempts(host, number), 2)
        expect("the driver is another one", job["computeGatewayJobId"]["exportJob"] != driver, True)
        expect_published(host, job, names(is_gold))


@scenario
@in_short
def worker_dies(place: Place) -> None:
    """a worker that is killed takes the attempt with it, and the next attempt succeeds on another worker"""
    with place.host() as host, HeldInput(host.inputs) as held:
        host.start()
        number = host.create(request(GOLD))
        driver = driver_of(host, number)
        held.wait_for_reader()
        place.cluster.kill_worker()
        held.release()
        place.cluster.start_worker()
        job = host.wait_for_end(number, "SUCCEEDED")
        expect("attempts", attempts(host, number), 2)
        expect("the driver is another one", job["computeGatewayJobId"]["exportJob"] != driver, True)
        expect_reason(host, number, "ERROR", "SparkContext was shut down")
        expect_published(host, job, names(is_gold))


@scenario
def executor_dies(place: Place) -> None:
    """an executor that is killed costs no attempt: Spark does its tasks again"""
    with place.host("--attempts", "1") as host, HeldInput(host.inputs) as held:
        host.start()
        number = host.create(request(GOLD))
        held.wait_for_reader()
        first = place.cluster.executors()
        for process in first:
            os.kill(process, signal.SIGKILL)
        until(lambda: set(place.cluster.executors()) - set(first), "another executor")
        held.release()
        job = host.wait_for_end(number, "SUCCEEDED")
        expect_published(host, job, names(is_gold))


@scenario
def driver_dies(place: Place) -> None:
    """a driver whose JVM is killed costs an attempt, and the next one succeeds"""
    with place.host() as host, HeldInput(host.inputs) as held:
        host.start()
        number = host.create(request(GOLD))
        driver = driver_of(host, number)
        held.wait_for_reader()
        os.kill(until(lambda: place.cluster.driver_process(driver), f"the process of {driver}"), signal.SIGKILL)
        held.release()
        job = host.wait_for_end(number, "SUCCEEDED")
        expect("attempts", attempts(host, number), 2)
        expect_reason(host, number, "(FAILED)")
        expect_published(host, job, names(is_gold))
