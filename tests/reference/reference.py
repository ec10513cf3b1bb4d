#!/usr/bin/env python3
"""Which rows an export job must give: the rules, written down a second time and as plainly as can be.

    reference.py < SCENARIOS > OUTCOMES           one a line; scenarios.py tells the format
    reference.py --scenario FILE --rows FILE      one scenario, its imports may name a "file" instead of a "text"

It was written from the specification alone, never from the engine; keep it so.
"""

import argparse
import json
import sys
from pathlib import Path

from profiles import Store, fold
from projection import project, read_paths
from spelled_json import milliseconds, without_nulls, write

BUILT_IN = {
    "timestampOrdered-none-mp": {"identityGraph": "none", "attributeMerge": "timestampOrdered"},
    "timestampOrdered-pdg-mp": {"identityGraph": "pdg", "attributeMerge": "timestampOrdered"},
}
DEFAULT_POLICY = "timestampOrdered-none-mp"
DEFAULT_STATUSES = ["realized", "existing"]
MAX_GRAPH_IDENTITIES = 50


class JobFailed(Exception):
    """The job ends FAILED."""


def outcome_of(scenario):
    store = Store()
    counts = [store.ingest(job_import) for job_import in scenario["imports"]]
    outcome = {
        "seed": scenario["seed"],
        "accepted": [accepted for accepted, _ in counts],
        "rejected": [rejected for _, rejected in counts],
    }
    try:
        outcome |= export(store, scenario.get("policies", []), without_nulls(scenario["job"]))
    except JobFailed:
        outcome |= {"status": "FAILED", "batches": [], "counters": {"total": 0, "byNamespace": {}}}
    return outcome


def export(store, policies, job):
    policy = find_policy(policies, job.get("mergePolicy"))
    profiles = profiles_of(store, policy, job.get("maxGraphIdentities", MAX_GRAPH_IDENTITIES))
    batches, total, by_namespace = [], 0, {}
    for segments in batches_of(job):
        selected = [profile for profile in profiles if is_selected(profile, job, segments)]
        total += len(selected)
        for namespace in (name for profile in selected for name in profile.identity_map()):
            by_namespace[fold(namespace)] = by_namespace.get(fold(namespace), 0) + 1
        named = segments[0] if job["destination"].get("segmentPerBatch") else {}
        batches.append(
            {
                "segmentId": named.get("segmentId"),
                "segmentNs": named.get("segmentNs", "ups") if named else None,
                "rows": [write(row_of(profile, job)) for profile in selected],
            }
        )
    return {"status": "SUCCEEDED", "batches": batches, "counters": {"total": total, "byNamespace": by_namespace}}


def batches_of(job):
    """For each batch the entries of filter.segments that it is for."""
    segments = job.get("filter", {}).get("segments", [])
    return [[entry] for entry in segments] if job["destination"].get("segmentPerBatch") else [segments]


# --- Merge policies


def find_policy(declared, wanted):
    wanted = wanted or {"id": DEFAULT_POLICY}
    known = {1: BUILT_IN[wanted["id"]]} if wanted["id"] in BUILT_IN else {}
    known |= {int(policy["version"]): policy for policy in declared if policy["id"] == wanted["id"]}
    version = int(wanted["version"]) if "version" in wanted else max(known, default=0)
    if version not in known:
        raise JobFailed("unknown merge policy")
    return known[version]


class Profile:
    """The fragments and events of one person, seen through a merge policy."""

    def __init__(self, policy):
        self.policy = policy
        self.all_fragments = []
        self.events = []

    def fragments(self):
        """Those whose attributes count, the last ingested last. Others give links only."""
        fragments = sorted(self.all_fragments, key=lambda fragment: fragment.ingested)
        if self.policy["attributeMerge"] == "dataSetPrecedence":
            return [fragment for fragment in fragments if fragment.dataset in self.policy["order"]]
        return fragments

    def document(self):
        by_weight = self.fragments()
        if self.policy["attributeMerge"] == "dataSetPrecedence":
            by_weight.sort(key=lambda fragment: -self.policy["order"].index(fragment.dataset))
        merged = {}
        for fragment in by_weight:
            merged = merge(merged, fragment.document)
        merged.pop("segmentMembership", None)
        for fragment in self.fragments():
            if "segmentMembership" in fragment.document:
                newer = fragment.document["segmentMembership"]
                merged["segmentMembership"] = merge_memberships(merged.get("segmentMembership"), newer)
        return merged | {"identityMap": self.identity_map()}

    def identity_map(self):
        spelling, entries = {}, {}
        for namespace, name, entry in self._identities():
            spelling[fold(namespace)] = namespace
            entries[fold(namespace), name] = entry
        return {
            shown: [entries[key] for key in sorted(entries) if key[0] == namespace]
            for namespace, shown in spelling.items()
        }

    def _identities(self):
        """The last ingested last. What was seen in events only shows the primary identities of those."""
        records = sorted(self.all_fragments or self.events, key=lambda record: record.ingested)
        for record in records:
            if self.all_fragments:
                yield from ((i.namespace, i.id, i.entry) for i in record.identities)
            else:
                name = record.primary.id
                spelled = {fold(i.namespace): i.namespace for i in record.identities}
                yield spelled[fold(record.primary.namespace)], name, {"id": name, "primary": True}

    def memberships(self):
        """[((namespace, segment id), membership)]"""
        by_namespace = self.document().get("segmentMembership")
        for namespace, by_segment in by_namespace.items() if isinstance(by_namespace, dict) else []:
            for segment, membership in by_segment.items() if isinstance(by_segment, dict) else []:
                if isinstance(membership, dict):
                    yield (fold(namespace), segment), membership

    def last_ingested(self):
        return max((record.ingested[0] for record in self.fragments() or self.events), default=None)


def merge(older, newer):
    if not isinstance(older, dict) or not isinstance(newer, dict):
        return newer
    return older | {name: merge(older.get(name), value) for name, value in newer.items()}


def merge_memberships(older, newer):
    if not isinstance(older, dict) or not isinstance(newer, dict):
        return newer
    merged = dict(older)
    for namespace, entries in newer.items():
        same = [name for name in merged if fold(name) == fold(namespace)]
        before = merged.pop(same[0]) if same else {}
        both = isinstance(before, dict) and isinstance(entries, dict)
        merged[namespace] = before | entries if both else entries
    return merged


def profiles_of(store, policy, max_identities):
    records = [*store.fragments.values(), *store.events.values()]
    if policy["identityGraph"] == "pdg":
        group_of = linked_identities(records, max_identities)
    else:
        group_of = {record.primary.key: record.primary.key for record in records}
    profiles = {}
    for fragment in store.fragments.values():
        profiles.setdefault(group_of[fragment.primary.key], Profile(policy)).all_fragments.append(fragment)
    for event in store.events.values():
        profiles.setdefault(group_of[event.primary.key], Profile(policy)).events.append(event)
    return list(profiles.values())


def linked_identities(records, max_identities):
    """For each identity the smallest of those that it is linked with, over however many records."""
    groups = []
    for record in records:
        joined = {identity.key for identity in record.identities}
        joined.update(*(group for group in groups if group & joined))
        groups = [group for group in groups if not group & joined] + [joined]
    if any(len(group) > max_identities for group in groups):
        raise NotImplementedError("more identities in a profile than this reference decides about")
    return {key: min(group) for group in groups for key in group}


# --- Which profiles


def is_selected(profile, job, segments):
    wanted = job.get("filter", {})
    if not profile.fragments() and not wanted.get("emptyProfiles"):
        return False
    if "fromIngestTimestamp" in wanted:
        last = profile.last_ingested()
        if last is None or last <= milliseconds(wanted["fromIngestTimestamp"]):
            return False
    window = wanted.get("segmentQualificationTime")
    if segments:
        return any(matches(profile, entry, window) for entry in segments)
    return not window or any(is_inside(membership, window) for _, membership in profile.memberships())


def matches(profile, entry, window):
    statuses = entry.get("status", DEFAULT_STATUSES)
    statuses = [statuses] if isinstance(statuses, str) else statuses
    name = fold(entry.get("segmentNs", "ups")), entry["segmentId"]
    membership = dict(profile.memberships()).get(name, {})
    return membership.get("status") in statuses and (not window or is_inside(membership, window))


def is_inside(membership, window):
    """A membership without a readable time is in no window."""
    when = milliseconds(membership.get("lastQualificationTime"))
    if when is None:
        return False
    after = "startTime" not in window or milliseconds(window["startTime"]) <= when
    return after and ("endTime" not in window or when < milliseconds(window["endTime"]))


# --- What of them


def row_of(profile, job):
    document = profile.document()
    events = job.get("additionalFields", {}).get("eventList")
    paths = read_paths(job.get("fields"))
    if paths:
        document = project(document | {"identities": identities_view(document["identityMap"])}, paths) or {}
    if events is not None:
        document["eventList"] = event_list(profile, events, job.get("filter", {}))
    return document


def identities_view(identity_map):
    return [
        {"id": str(entry["id"]), "namespace": {"code": namespace}, "primary": entry.get("primary", False)}
        for namespace in sorted(identity_map)
        for entry in identity_map[namespace]
    ]


def event_list(profile, events, wanted):
    bounds = events.get("filter", {})
    froms = [milliseconds(f["fromIngestTimestamp"]) for f in (bounds, wanted) if "fromIngestTimestamp" in f]
    tos = [milliseconds(bounds["toIngestTimestamp"])] if "toIngestTimestamp" in bounds else []
    shown = [
        event
        for event in profile.events
        if all(event.ingested[0] > bound for bound in froms) and all(event.ingested[0] < bound for bound in tos)
    ]
    shown.sort(key=lambda e: (milliseconds(e.document["timestamp"]), e.document["_id"], e.ingested[1]))
    documents = [event.document for event in shown]
    paths = read_paths(events.get("fields"))
    return project(documents, paths) or [] if paths else documents


def main():
    options = argparse.ArgumentParser(description="Which rows an export job must give.")
    options.add_argument("--scenario", type=Path, help="a file with one scenario")
    options.add_argument("--rows", type=Path, help="where its rows go, one a line; without it they are printed")
    given = options.parse_args()
    if not given.scenario:
        for line in sys.stdin:
            print(json.dumps(outcome_of(json.loads(line))), flush=True)
        return
    outcome = outcome_of(with_files(json.loads(given.scenario.read_text()), given.scenario.parent))
    rows = "".join(row + "\n" for batch in outcome["batches"] for row in batch.pop("rows"))
    given.rows.write_text(rows) if given.rows else print(rows, end="")
    print(json.dumps(outcome), file=sys.stderr)


def with_files(scenario, folder):
    """The scenario with the texts of the files that its imports name."""
    for job_import in scenario["imports"]:
        if "file" in job_import:
            with (folder / job_import.pop("file")).open(errors="surrogateescape", newline="") as file:
                job_import["text"] = file.read()
    return scenario


if __name__ == "__main__":
    main()
