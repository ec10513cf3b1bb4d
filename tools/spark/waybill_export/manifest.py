"""The text of a batch's manifest.json, as docs/datasets.md tells."""

from waybill_export.moments import rfc3339
from waybill_export.spelled_json import write

OF_THE_JOB = ("schema", "fields", "mergePolicy", "filter", "additionalFields")


def manifest_text(request, plan, batch, files, totals, times):
    """`batch` is a place in plan.batches, `files` are [(name, Part)], `totals` a BatchTotals, `times` start and end."""
    batch_id, segment = plan.batches[batch]
    job = request["job"]
    columns = plan.columns if plan.format == "csv" else plan.paths
    told = {"schemaVersion": 1}
    told |= {"jobId": request["key"]["job"], "attempt": request["key"]["attempt"], "epoch": request["key"]["epoch"]}
    told |= {"batchId": batch_id}
    if segment is not None:
        told |= segment_members(plan.segments[segment])
    told |= {"tenant": {"imsOrgId": plan.org, "sandbox": plan.sandbox}, "datasetId": job["destination"]["datasetId"]}
    told |= {name: job[name] for name in OF_THE_JOB if name in job}
    told |= {"format": plan.format, "compression": plan.compression, "columns": list(columns) or None}
    told["files"] = [
        {"name": name, "rows": part.rows, "bytes": part.bytes, "sha256": part.sha256} for name, part in files
    ]
    told["totals"] = {"rows": totals.rows, "bytes": sum(part.bytes for _, part in files)}
    told["exportedProfilesByNamespace"] = dict(sorted(totals.by_namespace.items()))
    if totals.unlinked:
        told["unlinkedProfiles"] = totals.unlinked
    told |= {"startTime": rfc3339(times[0]), "endTime": rfc3339(times[1])}
    return write(told) + "\n"


def segment_members(segment):
    return {"segmentId": segment.id, "segmentNs": segment.namespace, "status": list(segment.statuses)}
