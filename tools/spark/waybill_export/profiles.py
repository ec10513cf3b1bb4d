"""One profile: its fragments and events, merged under the job's policy."""

from operator import attrgetter

from waybill_export.moments import milliseconds
from waybill_export.namespaces import fold
from waybill_export.records import Event

by_ingestion = attrgetter("ingested")


class Profile:
    """`records` are fragments and events of one person, each fragment of another primary identity or dataset."""

    def __init__(self, records, policy):
        self._policy = policy
        self._all_fragments = sorted((one for one in records if not isinstance(one, Event)), key=by_ingestion)
        self._events = sorted((one for one in records if isinstance(one, Event)), key=by_ingestion)
        self._fragments = [one for one in self._all_fragments if policy.counts(one)]
        self._memberships = None
        self._by_namespace = None

    @property
    def has_record(self):
        return bool(self._fragments)

    def last_ingested(self):
        """Milliseconds; of the records, or of the events when there is no record. None when there is neither."""
        last = (self._fragments or self._events)[-1:]
        return last[0].ingested[0] if last else None

    def attributes(self):
        """The merged document without the identity map."""
        fragments = self._fragments
        if self._policy.order is not None:
            place = self._policy.order.index
            fragments = sorted(fragments, key=lambda one: -place(one.dataset))  # stable: then by ingestion
        merged = {}
        for fragment in fragments:
            merged = merged_objects(merged, fragment.record)
        if (memberships := self.memberships()) is not None:
            merged["segmentMembership"] = memberships
        return merged

    def memberships(self):
        """Each entry whole, the last ingested, whatever the order of datasets. None when there are none."""
        if self._memberships is None:
            for fragment in self._fragments:
                if (newer := fragment.record.get("segmentMembership")) is not None:
                    self._memberships = merged_memberships(self._memberships, newer)
        return self._memberships

    def membership(self, key):
        """The one of a segment's key (folded namespace, id); None when there is none."""
        if self._by_namespace is None:  # a job may ask for 500 segments
            self._by_namespace = {fold(name): by_segment for name, by_segment in objects_in(self.memberships())}
        found = self._by_namespace.get(key[0], {}).get(key[1])
        return found if isinstance(found, dict) else None

    def all_memberships(self):
        for _, by_segment in objects_in(self.memberships()):
            yield from (membership for membership in by_segment.values() if isinstance(membership, dict))

    def identity_map(self):
        """Of all fragments, also of those whose attributes do not count; of a profile of events the primary identities."""
        spelled, entries = {}, {}
        for namespace, name, entry in self._identities():
            folded = fold(namespace)
            spelled[folded] = namespace
            entries.setdefault(folded, {})[name] = entry
        return {spelled[folded]: [of[name] for name in sorted(of)] for folded, of in entries.items()}

    def events(self):
        """The documents of those that are shown, by time, then id."""
        shown = [event for event in self._events if event.record is not None]
        shown.sort(key=lambda event: (event.timestamp, event.id, event.ingested[1]))
        return [event.record for event in shown]

    def _identities(self):
        for fragment in self._all_fragments:
            yield from fragment.identities
        if not self._all_fragments:
            for event in self._events:
                namespace, name = event.primary
                yield namespace, name, {"id": name, "primary": True}


def objects_in(value):
    """The members that are objects, of an object; of anything else none."""
    if isinstance(value, dict):
        yield from ((name, member) for name, member in value.items() if isinstance(member, dict))


def merged_objects(older, newer):
    """Objects merge, everything else is replaced. Neither is changed: what is nested is shared."""
    merged = dict(older)
    for name, value in newer.items():
        before = merged.get(name)
        both = isinstance(before, dict) and isinstance(value, dict)
        merged[name] = merged_objects(before, value) if both else value
    return merged


def merged_memberships(older, newer):
    if not isinstance(older, dict) or not isinstance(newer, dict):
        return newer
    merged = dict(older)
    for namespace, entries in newer.items():
        before = next((name for name in merged if fold(name) == fold(namespace)), None)
        taken = merged.pop(before) if before is not None else None
        both = isinstance(taken, dict) and isinstance(entries, dict)
        merged[namespace] = taken | entries if both else entries
    return merged


def qualified_at(membership):
    """Milliseconds; None where there is no readable time."""
    return milliseconds(membership.get("lastQualificationTime"))
