"""Short ways to say who is in the interchange form, for the tests."""

import tempfile
from pathlib import Path

from interchange import write_form

TENANT = {"org": "acme", "sandbox": "prod"}
PDG = {"mergePolicy": {"id": "timestampOrdered-pdg-mp"}}


def fragment(name, at=1000, sequence=1, dataset="crm", namespace="ECID", also=(), **record):
    """`also` are further identities (namespace, id)."""
    identity_map = {namespace: [{"id": name}]}
    for other, its_name in also:
        identity_map.setdefault(other, []).append({"id": its_name})
    return TENANT | {
        "datasetId": dataset,
        "ingestTime": at,
        "sequence": sequence,
        "primary": {"namespace": namespace, "id": name},
        "identityMap": identity_map,
        "record": record,
    }


def event(name, who="1", at=1000, sequence=1, timestamp=5, also=(), **record):
    primary = {"namespace": "ECID", "id": who}
    return TENANT | {
        "datasetId": "web",
        "eventId": name,
        "timestamp": timestamp,
        "ingestTime": at,
        "sequence": sequence,
        "primary": primary,
        "identities": [primary] + [{"namespace": other, "id": its_name} for other, its_name in also],
        "record": {"_id": name} | record,
    }


def member(*segments, status="realized"):
    return {"segmentMembership": {"ups": {segment: {"status": status} for segment in segments}}}


def job(**members):
    return {"destination": {"datasetId": "out"}, "schema": {"name": "_xdm.context.profile"}} | members


class Place:
    """A directory in the interchange form."""

    def __init__(self, fragments=(), events=(), policies=()):
        self._directory = tempfile.TemporaryDirectory(prefix="waybill-form-")
        self.path = Path(self._directory.name)
        write_form(self.path, list(fragments), list(events), list(policies))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._directory.cleanup()
