#!/usr/bin/env python3
"""Random small scenarios that hit the corners of the export's rules.

    scenarios.py --seeds 1-100 > SCENARIOS

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

from spelled_json import Number, parse, write

POLICIES = ["all", "built-in", "default"]  # what the jobs of a run may ask for
DATASETS = ["crm", "loyalty", "web"]
NAMESPACES = ["ECID", "CRMID", "Email"]
OTHER_CASES = ["ecid", "Ecid", "crmid", "EMAIL", "email"]
IDS = ["1", "2", "3", "a", "A", "ä", "\U0001f600"]
SEGMENTS = ["s1", "s2", "S1", "s 3"]
SEGMENT_NAMESPACES = ["ups", "UPS", "AAM"]
STATUSES = ["realized", "existing", "exited", "Realized", "lapsed"]
NAMES = ["a", "b", "c", "a.b", "id"]
NUMBERS = [Number(n) for n in ("0.10", "1e400", "9007199254740993", "-0", "1E+2", "7", "-0.0", "1" + "0" * 40)]
TEXTS = ["", "x", "7", "ü", "\U0001f600\U00010348", '"\\/\b\n\t', "\x00", "\u2028\x7f", "e\u0301", "a,b"]
INGEST_TIMES = ["2024-01-01T00:00:00Z", "2024-01-01T00:00:00.001Z", "2024-01-02T00:00:00Z", "2024-01-03T00:00:00Z"]
SAME_INGEST_TIMES = ["2024-01-01T01:00:00+01:00", "2024-01-01T00:00:00.0019Z", "2024-01-01T19:00:00.000-05:00"]
BOUNDS = ["2023-12-31T23:59:59.999Z", *INGEST_TIMES, *SAME_INGEST_TIMES, "2024-01-01T23:59:59.999Z"]
WINDOW = ["2024-06-01T00:00:00Z", "2024-06-30T24:00:00Z".replace("24:", "12:")]
QUALIFIED = ["2024-05-31T23:59:59.999Z", "2024-06-01T00:00:00Z", "2024-06-01T02:00:00.001+02:00", "2024-06-30T12:00:00Z"]
QUALIFIED += ["2024-06-30T11:59:59.999Z", "2024-06-30T12:00:00.001Z", "2024-06-15T00:00:00Z", "2016-12-31T23:59:60Z"]
UNREADABLE = ["soon", "", "2024-06-15", "2024-06-15T00:00:00", Number("1718409600000"), [], {}, True]
EVENT_TIMES = ["2023-01-01T00:00:00Z", "2023-01-01T01:00:00.0001+01:00", "2025-01-01T00:00:00Z", "2024-01-01T00:00:00Z"]
FIELDS = ["a", "b", "c", "a.b", "a.b.c", "a.a", "b.a.c", "c.c", "c.c.c", "missing", "a.missing", "identities"]
FIELDS += ["identities.id", "identities.namespace.code", "identities.primary", "identities.missing", "identityMap"]
FIELDS += ["identityMap.ECID.id", "identityMap.ecid", "identityMap.CRMID.primary", "segmentMembership.ups.s1.status"]
FIELDS += ["segmentMembership", "segmentMembership.UPS", "_acme.crm.id", "eventList", "eventList.a", "_id"]
DECLARED = [("_acme.crm.id", "CRMID"), ("_acme.mail", "Email"), ("_acme.crm.ecid", "ECID"), ("id", "ecid")]
BROKEN = ["{", '{"a":1} x', "5", '"text"', "null", '{"a":1,"a":2}', '{"a":NaN}', '{"id":"1","b":"\\ud800"}', '{"id":"1",}']
BROKEN += ['{"id":"1","a":01}', '{"id":"1","a":"\t"}', '{"id":"1","a":' + "[" * 32 + "]" * 32 + "}", "{}", "'"]


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
        return {"seed": self.seed, "org": "acme", "sandbox": "prod", "policies": policies, "imports": imports, "job": job}

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
        other = {"ingestTime": self.pick(INGEST_TIMES), "identities": self.declared_paths(), "dataset": self.pick(DATASETS)}
        return earlier | {name: other[name] for name in other if self.chance(45)}

    def joined(self, lines):
        if self.chance(5) and not set(lines) & set(BROKEN):
            return "[" + ",\n".join(lines) + "]"
        end = self.pick(["\n", "\n", "\r\n", "\n\n", "\n \t\n"])
        return end.join(lines) + (end if self.chance(70) else "")

    def line(self, kind):
        before = self.records.setdefault(kind, [])
        if before and self.chance(14):
            again = self.pick(before)
            return self.spelled(self.shuffled(parse(again), 100)) if self.chance(30) else again
        if self.chance(4):
            return self.pick(BROKEN)
        before.append(self.spelled(self.event() if kind == "events" else self.record()))
        return before[-1]

    def spelled(self, record):
        """The record in one of the spellings that mean the same."""
        text = write(record)
        if self.chance(10):
            return json.dumps(record) if not has_numbers(record) else text.replace('"a":', '"\\u0061" : ')
        return "  " + text.replace(",", ", ") + " " if self.chance(5) and ",b" not in text else text

    def record(self):
        record = self.attributes()
        if self.chance(75):
            record["segmentMembership"] = self.memberships()
        if self.chance(2):
            record["segmentMembership"] = self.pick([None, Number("5"), [], {"ups": Number("5")}, {"ups": {"s1": "realized"}}])
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
        names = list(record)
        if self.chance(percent):
            self.random.shuffle(names)
        return {name: record[name] for name in names}

    def attributes(self):
        record = {name: self.value(3) for name in self.some(NAMES[:4], 3)}
        if self.chance(94):
            record["identityMap"] = self.identity_map()
        if self.chance(50):
            crm = {name: self.id() for name in self.some(["id", "ecid"], 2)}
            record["_acme"] = {"crm": crm} | ({"mail": self.id()} if self.chance(40) else {})
        if self.chance(8):
            record["_acme"] = self.pick([[{"crm": {"id": "1"}}], "text", {"crm": []}, {"crm": {"id": []}}, {"mail": True}, None])
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
            return self.pick([[], "text", {"ECID": {"id": "1"}}, {"ECID": ["1"]}, {"ECID": [{"id": True}]}, {"ECID": None}])
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
        if self.chance(3):
            entry.pop("id")
        return entry

    def namespace(self):
        return self.pick(OTHER_CASES if self.chance(15) else NAMESPACES[:2] if self.chance(70) else NAMESPACES)

    def memberships(self):
        namespaces = [self.pick(["ups", "ups", "UPS"])]
        if self.chance(20):
            namespaces += self.some(SEGMENT_NAMESPACES, 2)
        return {name: {self.segment_id(): self.membership() for _ in range(self.random.randint(0, 3))} for name in namespaces}

    def segment_id(self):
        return self.pick(SEGMENTS[:2] if self.chance(80) else SEGMENTS)

    def membership(self):
        membership = {"status": self.pick(STATUSES[:2] if self.chance(60) else STATUSES)}
        membership["lastQualificationTime"] = self.pick(UNREADABLE if self.chance(5) else QUALIFIED if self.chance(60) else QUALIFIED[1:3])
        if self.chance(3):
            return self.pick([{}, None, "realized", {"status": "realized"}, {"status": Number("1")}])
        return membership

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
            graph = self.pick(["none", "pdg"])
            policies.append({"id": "ours", "version": version, "identityGraph": graph, "attributeMerge": merge, "order": order})
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
        if policy:
            job["mergePolicy"] = policy
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
        times = [[WINDOW[0], WINDOW[1]], [WINDOW[0], WINDOW[1]], [WINDOW[0], None], [None, WINDOW[1]], [WINDOW[0], WINDOW[0]]]
        return {name: time for name, time in zip(["startTime", "endTime"], self.pick(times)) if time}

    def segment(self):
        segment = {"segmentId": self.segment_id()}
        if self.chance(30):
            segment["segmentNs"] = self.pick(["ups", "Ups", "aam", "AAM", "none"])
        if self.chance(40):
            segment["status"] = self.pick(["exited", "realized", ["exited", "realized"], ["existing", "exited", "existing"]])
        return segment

    def fields(self):
        paths = self.some(FIELDS, 5)
        if not paths:
            return self.pick(["", "  ", "a"])
        return self.pick([",", ", ", " , ", "\t,"]).join(paths) + self.pick(["", "", " "])

    def event_list(self):
        asked = {}
        if self.chance(40):
            asked["fields"] = self.pick(["a", "_id", "_id, a.b", "timestamp,_id", "c.c", "identityMap", "", "_id,identities"])
        if self.chance(40):
            bounds = {"fromIngestTimestamp": self.pick(BOUNDS), "toIngestTimestamp": self.pick(BOUNDS)}
            asked["filter"] = {name: bounds[name] for name in self.random.sample(sorted(bounds), self.random.randint(0, 2))}
        return asked


def has_numbers(value):
    if isinstance(value, dict):
        return any(map(has_numbers, value.values()))
    if isinstance(value, list):
        return any(map(has_numbers, value))
    return isinstance(value, Number)


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
