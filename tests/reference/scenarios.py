#!/usr/bin/env python3
"""Random small scenarios that hit the corners of the export's rules.

A scenario is one JSON object a line. The imports happen in their order:

    {"seed": N, "org": "acme", "sandbox": "prod",
     "policies": [{"id", "version", "identityGraph", "attributeMerge", "order": [datasets]}],
     "imports": [{"kind": "profiles" | "events", "dataset", "ingestTime": RFC 3339,
                  "identities": [{"path", "namespace", "primary": bool}], "text": the NDJSON file's text}],
     "job": the body of POST /export/jobs}

What must come of it, also one a line:

    {"seed": N, "accepted": [per import], "rejected": [per import], "status": "SUCCEEDED" | "FAILED",
     "batches": [{"segmentId", "segmentNs", "rows": [each as JSON text]}],
     "counters": {"total": n, "byNamespace": {namespace in lower case: n}}}

`segmentId` and `segmentNs` are null in the one batch of a job without segmentPerBatch. A failed job has no batches.
Identifiers and values come from small pools, so that things collide.
"""

import argparse
import json
import random

from pools import *
from spelled_json import Number, holds_numbers, parse, write


class Generator:
    """Makes the scenario of a seed."""

    def __init__(self, seed, policies="all"):
        self.seed = seed
        self.policies = policies
        self.random = random.Random(seed)
        self.records = {}  # for each kind those written before, to repeat them

    def chance(self, percent):
        return self.random.random() * 100 < percent

    def pick(self, choices):
        return self.random.choice(choices)

    def some(self, choices, most):
        return [self.pick(choices) for _ in range(self.random.randint(0, most))]

    def scenario(self):
        declared = {dataset: self.declared_paths() for dataset in DATASETS}
        imports = [self.one_import(declared) for _ in range(self.random.randint(1, 6))]
        if self.chance(12):
            imports.append(self.repeated(self.pick(imports)))
        policies = self.declared_policies() if self.policies == "all" else []
        job = self.job(policies)
        tenant = {"org": "acme", "sandbox": "prod"}
        return {"seed": self.seed} | tenant | {"policies": policies, "imports": imports, "job": job}

    # --- Imports

    def declared_paths(self):
        chosen = self.random.sample(DECLARED, self.random.choice([0, 1, 1, 2, 3]))
        return [{"path": path, "namespace": name, "primary": self.chance(35)} for path, name in chosen]

    def one_import(self, declared):
        kind = "events" if self.chance(30) else "profiles"
        dataset = self.pick(DATASETS)
        lines = [self.line(kind) for _ in range(self.random.choice([0, 1, 2, 3, 4, 4, 6]))]
        return {
            "kind": kind,
            "dataset": dataset,
            "ingestTime": self.pick(SAME_INGEST_TIMES if self.chance(15) else INGEST_TIMES),
            "identities": self.declared_paths() if self.chance(10) else declared[dataset],
            "text": self.joined(lines),
        }

    def repeated(self, earlier):
        """The same records again, which changes something only in a few ways."""
        other = {"ingestTime": self.pick(INGEST_TIMES), "dataset": self.pick(DATASETS)}
        other["identities"] = self.declared_paths()
        return earlier | {name: other[name] for name in other if self.chance(45)}

    def joined(self, lines):
        if self.chance(5) and not set(lines) & set(BROKEN):
            return "[" + ",\n".join(lines) + "]"
        end = self.pick(["\n", "\n", "\r\n", "\n\n", "\n \t\n"])
        return end.join(lines) + (end if self.chance(70) else "")

    def line(self, kind):
        before = self.records.setdefault(kind, [])
        if before and self.chance(14):
            return self.again(self.pick(before))
        if self.chance(5):
            return self.pick(BROKEN if self.chance(75) or kind == "events" else EXTREMES)
        before += [self.spelled(self.event() if kind == "events" else self.record())]
        return before[-1]

    def again(self, text):
        """The same record, or what only nearly is."""
        reordered = self.spelled(self.shuffled(parse(text), 100))
        return self.pick([text, text, text, reordered, text.replace('"b":', '"\\u0062":'), text.replace('":', '"\t: ')])

    def spelled(self, record):
        """The record in one of the spellings that mean the same."""
        text = write(record)
        if self.chance(10):
            return json.dumps(record) if not holds_numbers(record) else text.replace('"a":', '"\\u0061" : ')
        return "  " + text.replace(",", ", ") + " " if self.chance(5) and ",b" not in text else text

    def record(self):
        record = self.attributes()
        if self.chance(75):
            record["segmentMembership"] = self.memberships()
        if self.chance(2):
            record["segmentMembership"] = self.pick(ODD_MEMBERSHIP_MAPS)
        if self.chance(4):
            record["identities"] = self.value(1)
        if self.chance(4):
            record["eventList"] = self.value(2)
        return self.shuffled(record)

    def event(self):
        event = self.attributes()
        event["_id"] = self.pick(["e1", "e2", "e3", "E1", "e\u0301", "\U0001f600"])
        event["timestamp"] = self.pick(EVENT_TIMES)
        if self.chance(4):
            event[self.pick(["_id", "timestamp"])] = self.pick([None, "", "never", Number("5"), [], True])
        return self.shuffled(event)

    def shuffled(self, record, percent=20):
        names = self.random.sample(list(record), len(record)) if self.chance(percent) else record
        return {name: record[name] for name in names}

    def attributes(self):
        record = {name: self.value(3) for name in self.some(NAMES[:4], 3)}
        if self.chance(94):
            record["identityMap"] = self.identity_map()
        if self.chance(50):
            crm = {name: self.id() for name in self.some(["id", "ecid"], 2)}
            record["_acme"] = {"crm": crm} | ({"mail": self.id()} if self.chance(40) else {})
        if self.chance(8):
            record["_acme"] = self.pick(ODD_PARENTS)
        if self.chance(15):
            record["id"] = self.id()
        return record

    def id(self):
        if self.chance(4):
            return self.pick([None, "", Number("1"), Number("2"), Number("1.0")])
        return self.pick(IDS[:3] if self.chance(80) else IDS)

    def identity_map(self):
        found = {self.namespace(): self.identity_entries() for _ in range(self.random.choice([0] + [1] * 12 + [2] * 6))}
        if self.chance(2):
            return self.pick(ODD_IDENTITY_MAPS)
        return found

    def identity_entries(self):
        return [self.identity_entry() for _ in range(self.random.choice([0] + [1] * 16 + [2] * 6))]

    def identity_entry(self):
        entry = {"id": self.id()}
        if self.chance(40):
            entry["primary"] = self.chance(60)
        if self.chance(0.5):
            entry["primary"] = self.pick(["true", Number("1"), None])
        if self.chance(20):
            entry["state"] = self.pick(["ambiguous", None, Number("1.0")])
        return {"state": "lone"} if self.chance(3) else entry

    def namespace(self):
        return self.pick(OTHER_CASES if self.chance(15) else NAMESPACES[:2] if self.chance(70) else NAMESPACES)

    def memberships(self):
        namespaces = [self.pick(["ups", "ups", "UPS"])]
        if self.chance(20):
            namespaces += self.some(SEGMENT_NAMESPACES, 2)
        return {namespace: self.memberships_of_a_namespace() for namespace in namespaces}

    def memberships_of_a_namespace(self):
        return {self.segment_id(): self.membership() for _ in range(self.random.randint(0, 3))}

    def segment_id(self):
        return self.pick(SEGMENTS[:2] if self.chance(80) else SEGMENTS)

    def membership(self):
        membership = {"status": self.pick(STATUSES[:2] if self.chance(60) else STATUSES)}
        times = UNREADABLE if self.chance(5) else QUALIFIED if self.chance(60) else QUALIFIED[1:3]
        membership["lastQualificationTime"] = self.pick(times)
        return self.pick(ODD_MEMBERSHIPS) if self.chance(3) else membership

    def value(self, levels):
        kind = self.random.randint(0, 9) if levels else self.random.randint(0, 3)
        if kind < 2:
            return self.pick(TEXTS)
        if kind < 4:
            return self.pick(NUMBERS + [True, False, None])
        if kind < 8:
            return {name: self.value(levels - 1) for name in self.some(NAMES[:3], 3)}
        return [self.value(levels - 1) for _ in range(self.random.randint(0, 3))]

    # --- Jobs

    def declared_policies(self):
        policies = []
        for version in range(1, self.random.randint(1, 3)):
            merge = self.pick(["timestampOrdered", "dataSetPrecedence", "dataSetPrecedence"])
            order = self.random.sample(DATASETS, self.random.randint(1, 3)) if merge == "dataSetPrecedence" else []
            policy = {"identityGraph": self.pick(["none", "pdg"]), "attributeMerge": merge, "order": order}
            policies.append({"id": "ours", "version": version} | policy)
        return policies

    def job(self, policies):
        job = {"schema": {"name": "_xdm.context.profile"}, "destination": {"datasetId": "out"}, "filter": self.filter()}
        segments = job["filter"].get("segments")
        if segments and self.chance(50):
            job["destination"]["segmentPerBatch"] = True
        if self.chance(60):
            job["fields"] = self.fields()
        if self.chance(45):
            job["additionalFields"] = {"eventList": self.event_list()}
        policy = self.policy(policies)
        job |= {"mergePolicy": policy} if policy else {}
        if self.chance(5):
            job["fields" if "fields" not in job else "unknown"] = None
        return job

    def policy(self, policies):
        if policies and self.chance(60):
            return {"id": "ours"} | ({"version": self.pick([1, 1, 2, 3])} if self.chance(40) else {})
        if self.chance(3):
            return {"id": self.pick(["ours ", "timestampOrdered-NONE-mp", "none"])}
        if self.policies != "default" and self.chance(50):
            return {"id": "timestampOrdered-pdg-mp"}
        return {"id": "timestampOrdered-none-mp"} | self.pick([{}, {"version": 1}]) if self.chance(20) else None

    def filter(self):
        found = {}
        if self.chance(50):
            found["segments"] = [self.segment() for _ in range(self.random.choice([0, 1, 1, 2, 2, 3]))]
        if self.chance(25):
            found["segmentQualificationTime"] = self.window()
        if self.chance(18):
            found["fromIngestTimestamp"] = self.pick(BOUNDS if self.chance(60) else BOUNDS[:3])
        if self.chance(45):
            found["emptyProfiles"] = self.chance(70)
        return found

    def window(self):
        return {name: time for name, time in zip(["startTime", "endTime"], self.pick(WINDOWS)) if time}

    def segment(self):
        segment = {"segmentId": self.segment_id()}
        if self.chance(30):
            segment["segmentNs"] = self.pick(["ups", "Ups", "aam", "AAM", "none"])
        if self.chance(40):
            segment["status"] = self.pick(ASKED_STATUSES)
        return segment

    def fields(self):
        paths = self.some(FIELDS, 5)
        if not paths:
            return self.pick(["", "  ", "a"])
        return self.pick([",", ", ", " , ", "\t,"]).join(paths) + self.pick(["", "", " "])

    def event_list(self):
        asked = {}
        if self.chance(40):
            asked["fields"] = self.pick(EVENT_FIELDS)
        if self.chance(40):
            bounds = {"fromIngestTimestamp": self.pick(BOUNDS), "toIngestTimestamp": self.pick(BOUNDS)}
            chosen = self.random.sample(sorted(bounds), self.random.randint(0, 2))
            asked["filter"] = {name: bounds[name] for name in chosen}
        return asked


def scenario_of(seed, policies="all"):
    return Generator(seed, policies).scenario()


def add_options(options):
    options.add_argument("--seeds", default="1-1000", help="FROM-TO")
    options.add_argument("--policies", choices=POLICIES, default="all", help="which merge policies the jobs ask for")


def main():
    options = argparse.ArgumentParser(description="Prints random scenarios, one a line.")
    add_options(options)
    given = options.parse_args()
    for seed in seeds_of(given.seeds):
        print(json.dumps(scenario_of(seed, given.policies)))


def seeds_of(text):
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


if __name__ == "__main__":
    main()
