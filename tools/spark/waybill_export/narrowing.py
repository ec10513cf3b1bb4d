"""Finds, before anything is shuffled, who may be selected at all: a profile of one primary identity is selected by a membership
that stands in one of its fragments as it is, or by the ingest time of one. So a first pass looks at each fragment by itself, and
the second reads, of whoever it found nobody to be, no more than the first members of a line.

It pays where few are selected. Where many are, or under a `pdg` graph, everything is shuffled.
"""

import json
from array import array
from hashlib import blake2b
from itertools import chain

from waybill_export.lines import reading
from waybill_export.namespaces import fold
from waybill_export.profiles import objects_in, qualified_at
from waybill_export.records import is_of, key_of
from waybill_export.selection import is_asked_for

COLUMNS = ("org", "sandbox", "ingestTime", "primary", "record")
MOST_KEYS, FEW_KEYS = 8_000_000, 1_000  # of all tasks together; of each in any case
BITS_A_KEY, PROBES, HASH_BYTES = 16, 4, 8


def can_narrow(plan, policy):
    if policy.linked:
        return False
    by_membership = bool(plan.segments or plan.window)
    return by_membership or (plan.ingested_after is not None and not plan.with_empty_profiles)


def keys_that_matter(inputs, folder, plan, partitions):
    """A KeyFilter, or None when so many keys matter that it would not pay."""
    lines = inputs.lines(folder, plan, COLUMNS, partitions)
    most = max(MOST_KEYS // max(lines.getNumPartitions(), 1), FEW_KEYS)
    may_matter = quick_look(plan)
    read = reading(inputs.location + "/fragments", lambda members: [key_of(members["primary"])] if matters(members, plan) else [])
    found = lines.filter(may_matter).flatMap(read).mapPartitions(lambda keys: [packed(keys, most)]).collect()
    return KeyFilter(found) if None not in found and sum(map(len, found)) // HASH_BYTES <= MOST_KEYS else None


def matters(members, plan):
    """Whether this fragment by itself could have its profile selected."""
    if not is_of(members, plan):
        return False
    if not plan.segments and not plan.window:
        return int(members["ingestTime"]) > plan.ingested_after
    memberships = objects_in(members["record"].get("segmentMembership"))
    return any(
        isinstance(one, dict) and is_wanted((fold(namespace), name), one, plan)
        for namespace, by_segment in memberships
        for name, one in by_segment.items()
    )


def is_wanted(key, membership, plan):
    if not plan.segments:
        return plan.window.holds(qualified_at(membership))
    return any(segment.key == key and is_asked_for(membership, segment, plan.window) for segment in plan.segments)


def quick_look(plan):
    """Whether a line needs to be read: not when no segment's id stands in it, and nothing that could spell one otherwise."""
    needles = ["\\", *{json.dumps(segment.id, ensure_ascii=False) for segment in plan.segments}]

    def look(line):
        text = line if isinstance(line, str) else line["record"]
        return text is None or any(needle in text for needle in needles)

    return look if plan.segments else lambda line: True


def packed(keys, most):
    """The keys' hashes, once each; None when they are too many."""
    hashes = set()
    for key in keys:
        hashes.add(hash_of(key))
        if len(hashes) > most:
            return None
    return array("Q", hashes).tobytes()


def hash_of(key):
    """Of a key that no other process counts otherwise."""
    return int.from_bytes(blake2b("\0".join(key).encode(), digest_size=8).digest(), "big")


class KeyFilter:
    """Says of each of the keys that it may be one of them, and of nearly all others that they are not."""

    def __init__(self, packs):
        hashes = [array("Q", pack) for pack in packs]
        self._size = max(64, BITS_A_KEY * sum(map(len, hashes)))
        self._bits = bytearray(self._size // 8 + 1)
        for one in chain.from_iterable(hashes):
            for at in self._places(one):
                self._bits[at >> 3] |= 1 << (at & 7)

    def __contains__(self, key):
        return all(self._bits[at >> 3] >> (at & 7) & 1 for at in self._places(hash_of(key)))

    def _places(self, one):
        step = one >> 32 | 1
        return [(one + turn * step) % self._size for turn in range(PROBES)]
