"""Short ways to say what is imported and which job runs, for the tests."""

import json

from reference import outcome_of

T1, T2, T3 = ("2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z", "2024-01-03T00:00:00Z")
PDG = {"mergePolicy": {"id": "timestampOrdered-pdg-mp"}}
WEB_FIRST = {"id": "web-first", "version": 1, "identityGraph": "none", "attributeMerge": "dataSetPrecedence"}
WEB_FIRST["order"] = ["web", "crm"]


def load(*records, dataset="crm", at=T1, kind="profiles", identities=()):
    text = "\n".join(record if isinstance(record, str) else json.dumps(record) for record in records)
    return {"kind": kind, "dataset": dataset, "ingestTime": at, "identities": list(identities), "text": text}


def path(name, namespace, primary=False):
    return {"path": name, "namespace": namespace, "primary": primary}


def person(name="1", namespace="ECID", **members):
    return {"identityMap": {namespace: [{"id": name}]}} | members


def event(name, at=T1, who="1", **members):
    return person(who) | {"_id": name, "timestamp": at} | members


def member(status, at=T1, segment="s", namespace="ups"):
    return {"segmentMembership": {namespace: {segment: {"status": status, "lastQualificationTime": at}}}}


def run(*imports, policies=(), **job):
    job.setdefault("destination", {"datasetId": "d"})
    return outcome_of({"seed": 0, "policies": list(policies), "imports": list(imports), "job": job})


def rows(*imports, **job):
    outcome = run(*imports, **job)
    assert outcome["status"] == "SUCCEEDED", outcome
    return [json.loads(row) for batch in outcome["batches"] for row in batch["rows"]]


def attributes(*imports, **job):
    """The rows without their identity map."""
    return [{k: v for k, v in row.items() if k != "identityMap"} for row in rows(*imports, **job)]
