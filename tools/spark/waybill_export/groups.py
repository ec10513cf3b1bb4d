"""Brings together what belongs to one profile: reads the inputs, follows the identity graph, and groups by profile."""

from typing import NamedTuple

from waybill_export.graph import groups_of, links_of
from waybill_export.lines import reading
from waybill_export.narrowing import can_narrow, keys_that_matter
from waybill_export.namespaces import fold
from waybill_export.records import Event, earlier_event, event_of, fragment_of, is_of, key_of, latest_fragments

FRAGMENT_COLUMNS = ("datasetId", "ingestTime", "sequence", "primary", "identityMap", "record")
EVENT_COLUMNS = ("datasetId", "eventId", "timestamp", "ingestTime", "sequence", "primary", "identities", "record")
TENANT = ("org", "sandbox")
BYTES_A_PARTITION, LEAST_BYTES = 128 << 20, 4 << 20


class Group(NamedTuple):
    """All that is known of a profile."""

    records: list
    looked_at: int  # records, those that others replaced included
    is_apart: bool  # so many identities are linked to it that it was left apart


class Records(NamedTuple):
    """RDDs of (key of the primary identity, fragment or event)."""

    fragments: object
    events: object  # each once; None when this job has no use for them
    are_narrowed: bool  # then whoever has events only is not selected
    partitions: int


def partitions_for(context, size):
    """How many partitions a shuffle of so many bytes has. `spark.waybill.partitions` decides where it is set."""
    given = context.getConf().get("spark.waybill.partitions")
    cores = int(context.getConf().get("spark.cores.max", "0"))  # of which few may have come by now
    few = min(max(context.defaultParallelism, cores), size // LEAST_BYTES + 1)
    return int(given) if given else max(few, size // BYTES_A_PARTITION)


def records_of(inputs, plan, policy):
    folders = {name: inputs.folder(name) for name in ("fragments", "events")}
    needs_events = plan.with_events or plan.with_empty_profiles or policy.linked
    size = folders["fragments"].bytes + (folders["events"].bytes if needs_events else 0)
    partitions = partitions_for(inputs.context, size)
    keys = keys_that_matter(inputs, folders["fragments"], plan, partitions) if can_narrow(plan, policy) else None
    known = Known(inputs.context.broadcast(keys) if keys else None)
    return Records(
        fragments_of(inputs, folders["fragments"], plan, known, partitions),
        events_of(inputs, folders["events"], plan, known, partitions) if needs_events else None,
        keys is not None,
        partitions,
    )


class Known:
    """Who may be selected; without a broadcast filter of keys everybody."""

    def __init__(self, broadcast):
        self._broadcast = broadcast

    def __contains__(self, key):
        return self._broadcast is None or key in self._broadcast.value


def fragments_of(inputs, folder, plan, known, partitions):
    wanted = plan.wanted_members

    def read(members):
        if not is_of(members, plan) or (key := key_of(members["primary"])) not in known:
            return []
        return [(key, fragment_of(members, wanted))]

    lines = inputs.lines(folder, plan, TENANT + FRAGMENT_COLUMNS, partitions)
    return lines.flatMap(reading(inputs.location + "/fragments", read))


def events_of(inputs, folder, plan, known, partitions):
    """Each event once: the first one that was ingested of its name in its dataset. Therefore an event of somebody who does not
    matter goes along, without its record: it may be the first one."""

    def read(members):
        if not is_of(members, plan):
            return []
        event = event_of(members, plan, key_of(members["primary"]) in known)
        return [((event.dataset, event.id), event)]

    lines = inputs.lines(folder, plan, TENANT + EVENT_COLUMNS, partitions)
    named = lines.flatMap(reading(inputs.location + "/events", read))
    return named.reduceByKey(earlier_event, partitions).map(lambda item: (primary_key(item[1]), item[1]))


def primary_key(event):
    namespace, name = event.primary
    return fold(namespace), name


def groups_under(policy, records, plan, candidates):
    """RDD of Group. `candidates` is told how many records are looked at."""
    return linked_groups(records, candidates) if policy.linked else lone_groups(records, plan, candidates)


def lone_groups(records, plan, candidates):
    """Each primary identity is a profile."""
    all_records = records.fragments
    if records.events is not None:
        events = records.events
        if records.are_narrowed or not plan.with_empty_profiles:
            events = events.filter(lambda item: item[1].record is not None)
        all_records = all_records.union(events)
    return counted(all_records, candidates).groupByKey(records.partitions).map(lambda item: lone_group(list(item[1])))


def lone_group(records):
    return Group(latest_records(records), len(records), False)


def latest_records(records):
    """Of what has one primary identity."""
    fragments, events = split(records)
    return latest_fragments(fragments) + events


def split(records):
    """Fragments and events."""
    parted = [], []
    for record in records:
        parted[isinstance(record, Event)].append(record)
    return parted


def linked_groups(records, candidates):
    """Linked identities are one profile. A fragment that was replaced links nothing any more, so it is left out first."""
    partitions = records.partitions
    fragments = records.fragments.groupByKey(partitions).flatMapValues(latest_fragments)
    events = records.events.partitionBy(partitions)  # as the fragments and the groups are, so nothing moves to meet them
    links = fragments.flatMap(lambda item: links_of([item[0], *fragment_keys(item[1])]))
    links = links.union(events.flatMap(lambda item: links_of([item[0], *item[1].identities])))
    known = fragments.union(events).leftOuterJoin(groups_of(links, partitions), partitions)
    by_group = known.map(lambda item: grouped(item[0], *item[1]))
    return counted(by_group, candidates).groupByKey(partitions).map(linked_group)


def fragment_keys(fragment):
    return [(fold(namespace), name) for namespace, name, _ in fragment.identities]


def grouped(key, record, group):
    """`group` is None of an identity that nothing links."""
    return group or (key, False), record


def linked_group(item):
    (_, is_apart), records = item[0], list(item[1])
    return Group(records, len(records), is_apart)


def counted(rdd, counter):
    """The same RDD, whose tasks tell how many items they had."""

    def count(items):
        seen = 0
        for item in items:
            seen += 1
            yield item
        counter.add(seen)

    return rdd.mapPartitions(count, preservesPartitioning=True)
