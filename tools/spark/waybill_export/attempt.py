"""One attempt, from its request to its result."""

from waybill_export.blocks import encoder_of
from waybill_export.failures import told_of
from waybill_export.gathering import gather
from waybill_export.groups import groups_under, records_of
from waybill_export.inputs import Inputs
from waybill_export.parts import write_groups
from waybill_export.plan import plan_of
from waybill_export.policies import find_policy
from waybill_export.progress import Reporter
from waybill_export.spool import Spool
from waybill_export.staging import claim, pieces_folder, stage_batches, totals_of

STAGED, FAILED, CANCELLED, DUPLICATE = "staged", "failed", "cancelled", "duplicate"


def run(spark, request):
    """How it ended. Raises only what keeps it from telling the host."""
    spool = Spool(request)
    if spool.is_cancelled():
        return CANCELLED
    if not claim(request["staging"]):
        return DUPLICATE
    spool.claim(spark.sparkContext.applicationId)
    reporter = Reporter(spark.sparkContext, spool)
    reporter.start()
    try:
        export(spark, request, reporter)
        return end(spool, reporter, STAGED)
    except Exception as error:  # whatever it is, the host is told of it
        if not answers(spark):
            raise  # the error would only say that nobody answers: the cluster tells the host how its driver ended
        return end(spool, reporter, FAILED, *told_of(error, request["profiles"]))
    finally:
        reporter.stop()


def answers(spark):
    """Whether the JVM of this driver is still there."""
    try:
        return spark.sparkContext._jvm.java.lang.System.nanoTime() != 0
    except Exception:
        return False


def end(spool, reporter, state, errors=(), transient=False):
    """Nobody waits for the result of what was cancelled, whatever it ended with."""
    reporter.stop()
    if spool.is_cancelled():
        return CANCELLED
    spool.result(reporter.told() | {"state": state, "transient": transient, "errors": list(errors)})
    return state


def export(spark, request, reporter):
    plan = plan_of(request)
    encoder_of(plan.compression)  # fails here, rather than in every task
    inputs = Inputs(spark, request["profiles"])
    policy = find_policy(inputs.policies(), plan, request["job"].get("mergePolicy"))
    pieces = pieces_folder(request["staging"])
    reporter.stop_if_cancelled()
    reports = write_pieces(inputs, plan, policy, pieces, reporter)
    totals = totals_of(reports, plan)
    reporter.settle(reports, totals)
    reporter.end_of_export()
    gather(spark.sparkContext, plan, totals, pieces)
    stage_batches(request, plan, totals, reporter.profile_export["start"], reporter.stop_if_cancelled)
    reporter.end_of_write()


def write_pieces(inputs, plan, policy, folder, reporter):
    """The tasks' reports."""
    counters = reporter.counters
    groups = groups_under(policy, records_of(inputs, plan, policy), plan, counters.candidates)
    return groups.mapPartitions(lambda some: write_groups(some, plan, policy, folder, counters)).collect()
