"""Fragments and events as the tasks hand them on: of each line only what this job needs, so that little is shuffled."""

from typing import NamedTuple

from waybill_export.moments import milliseconds
from waybill_export.namespaces import fold
from waybill_export.projection import project
from waybill_export.spelled_json import Malformed


class Fragment(NamedTuple):
    """The record of one primary identity in one dataset."""

    dataset: str
    ingested: tuple  # (milliseconds, sequence): the later wins
    identities: list  # (namespace as spelled, id, entry of the identity map), in the order of the map
    record: dict


class Event(NamedTuple):
    dataset: str
    id: str
    ingested: tuple
    timestamp: int  # milliseconds
    primary: tuple  # (namespace as spelled, id)
    identities: list  # keys
    record: dict | None  # projected already; None when its ingest time is outside the job's bounds, or nothing of it shows


def key_of(identity):
    """{"namespace", "id"} as what identities are equal by."""
    return fold(text_of(identity["namespace"])), text_of(identity["id"])


def text_of(value):
    """A number is an id by its spelling."""
    if isinstance(value, bytes):
        return value.decode()
    if not isinstance(value, str) or not value:
        raise Malformed(f"no text: {value!r}")
    return value


def is_of(members, plan):
    return members["org"] == plan.org and members["sandbox"] == plan.sandbox


def ingested_of(members):
    return int(members["ingestTime"]), int(members["sequence"])


def fragment_of(members, wanted):
    """`wanted` are the members of the record that matter, None for all."""
    record = whole_record(members)
    if wanted is not None:
        record = {name: record[name] for name in wanted if name in record}
    else:
        record.pop("identityMap", None)
    identities = identities_of(members.get("identityMap", {}))
    return Fragment(members["datasetId"], ingested_of(members), identities, record)


def identities_of(identity_map):
    """Entries without an id are no identities."""
    if not isinstance(identity_map, dict):
        raise Malformed("the identityMap is no object")
    found = []
    for namespace, entries in identity_map.items():
        for entry in entries:
            name = entry.get("id")
            if name is not None and name != "":
                found.append((namespace, text_of(name), entry))
    return found


def event_of(members, plan, matters):
    """Of one that does not matter no more is read than what it is known by."""
    ingested = ingested_of(members)
    primary = members["primary"]
    return Event(
        dataset=members["datasetId"],
        id=members["eventId"],
        ingested=ingested,
        timestamp=timestamp_of(members["timestamp"]),
        primary=(text_of(primary["namespace"]), text_of(primary["id"])),
        identities=[key_of(identity) for identity in members.get("identities", [])],
        record=shown_of(whole_record(members), plan) if matters and is_shown(ingested[0], plan) else None,
    )


def whole_record(members):
    """And sees to it that the line is whole."""
    record = members["record"]
    if not isinstance(record, dict):
        raise Malformed("the record is no object")
    members.finish()
    return record


def is_shown(moment, plan):
    """The bounds are of the ingest time, and strict."""
    if not plan.with_events or (plan.events_after is not None and moment <= plan.events_after):
        return False
    return plan.events_before is None or moment < plan.events_before


def shown_of(record, plan):
    return project(record, plan.event_tree) if plan.event_tree else record


def timestamp_of(value):
    """Milliseconds, or an RFC 3339 text."""
    moment = int(value) if isinstance(value, (bytes, int)) else milliseconds(value)
    if moment is None:
        raise Malformed(f"timestamp is no time: {value!r}")
    return moment


def latest_fragments(fragments):
    """Of several fragments of one dataset (all have the same primary identity) the one ingested last."""
    latest = {}
    for fragment in fragments:
        kept = latest.get(fragment.dataset)
        if kept is None or kept.ingested < fragment.ingested:
            latest[fragment.dataset] = fragment
    return list(latest.values())


def earlier_event(one, other):
    """Of several events of one name the first stays."""
    return other if other.ingested < one.ingested else one
