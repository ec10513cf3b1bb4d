#!/usr/bin/env python3
"""Holds another program's exports against the reference's.

    compare.py --seeds 1-1000 -- PROGRAM ARGUMENT...
    compare.py --files SCENARIO -- PROGRAM ARGUMENT...

The program reads scenarios on its standard input, one a line, and answers each with one line: what came of it, in the
format of scenarios.py. Compared are the counts of each import, the status, and of each batch the rows, as a set in
which a row may stand several times; numbers by their spelling, members of objects in any order. A scenario whose
outcomes differ is shown as small as it can be made. The exit code is 1 when anything differs.
"""

import argparse
import collections
import contextlib
import copy
import json
import subprocess
import sys
from pathlib import Path

import scenarios
from profiles import fold
from reference import outcome_of, with_files
from spelled_json import parse, split_records, write

MAX_SHRINKING = 2000  # scenarios tried to make one smaller


class Program:
    """The other program. Started anew when it has ended."""

    def __init__(self, command):
        self.command = command
        self.process = None

    def outcome_of(self, scenario):
        answer = self.answer_to(json.dumps(scenario))
        return json.loads(answer) if answer else {"status": f"the program ended, with {self.process.wait()}"}

    def answer_to(self, line):
        """The line that answers it, empty when the program has ended."""
        if self.process is None or self.process.poll() is not None:
            self.end()
            pipe = subprocess.PIPE
            self.process = subprocess.Popen(self.command, stdin=pipe, stdout=pipe, encoding="utf-8")
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
            return self.process.stdout.readline()
        except BrokenPipeError:
            return ""

    def end(self):
        if self.process:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.close()
            self.process.wait()
            self.process.stdout.close()


def differences(expected, found):
    """What is different, as readable lines."""
    names = [name for name in ("accepted", "rejected", "status") if expected.get(name) != found.get(name)]
    lines = [f"{name}: expected {expected.get(name)}, found {found.get(name)}" for name in names]
    if names or expected["status"] != "SUCCEEDED":
        return lines + ([f"error: {found['error']}"] if names and "error" in found else [])
    if len(expected["batches"]) != len(found["batches"]):
        return [f"batches: expected {len(expected['batches'])}, found {len(found['batches'])}"]
    for number, (one, other) in enumerate(zip(expected["batches"], found["batches"])):
        lines += batch_differences(number, one, other)
    wanted, counted = counters_of(expected), counters_of(found)
    return lines + ([f"counters: expected {wanted}, found {counted}"] if wanted != counted else [])


def batch_differences(number, expected, found):
    lines = [
        f"batch {number}, {name}: expected {expected[name]!r}, found {found.get(name)!r}"
        for name in ("segmentId", "segmentNs")
        if expected[name] != found.get(name)
    ]
    wanted, rows = counted(expected["rows"]), counted(found["rows"])
    lines += [f"batch {number}, expected row  {row}" for row in (wanted - rows).elements()]
    return lines + [f"batch {number}, found instead {row}" for row in (rows - wanted).elements()]


def counted(rows):
    return collections.Counter(write(parse(row), sort=True) for row in rows)


def counters_of(outcome):
    by_namespace = collections.Counter()
    for namespace, count in outcome["counters"]["byNamespace"].items():
        by_namespace[fold(namespace)] += count
    return outcome["counters"]["total"], dict(sorted(by_namespace.items()))


# --- Smaller scenarios


def shrunk(scenario, differs):
    """The scenario with everything left out without which it still differs."""
    tried = 0
    smaller = iter(smaller_ones(scenario))
    while tried < MAX_SHRINKING and (candidate := next(smaller, None)):
        tried += 1
        if differs(candidate):
            scenario, smaller = candidate, iter(smaller_ones(candidate))
    return scenario


def smaller_ones(scenario):
    for number in range(len(scenario["imports"])):
        yield changed(scenario, lambda s: s["imports"].pop(number))
    for number, job_import in enumerate(scenario["imports"]):
        for text in smaller_texts(job_import["text"]):
            yield changed(scenario, lambda s: s["imports"][number].update(text=text))
        for path in range(len(job_import["identities"])):
            yield changed(scenario, lambda s: s["imports"][number]["identities"].pop(path))
    for policy in range(len(scenario["policies"])):
        yield changed(scenario, lambda s: s["policies"].pop(policy))
    yield from (scenario | {"job": job} for job in smaller_values(scenario["job"]))


def changed(value, change):
    copied = copy.deepcopy(value)
    change(copied)
    return copied


def smaller_texts(text):
    lines = split_records(text)
    for number, line in enumerate(lines):
        yield "\n".join(lines[:number] + lines[number + 1 :])
        try:
            values = smaller_values(parse(line))
        except ValueError:
            continue
        for value in values:
            yield "\n".join(lines[:number] + [write(value)] + lines[number + 1 :])


def smaller_values(value):
    """The value without one of its members or elements, at any depth, the outer ones first."""
    places = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
    for place, _ in places:
        yield changed(value, lambda v: v.pop(place))
    for place, below in places:
        for smaller in smaller_values(below):
            yield changed(value, lambda v: v.__setitem__(place, smaller))


def readable(scenario):
    shown = [json.dumps(scenario | {"imports": ["…"]}, ensure_ascii=False)]
    for job_import in scenario["imports"]:
        shown.append("  import " + json.dumps(job_import | {"text": "…"}, ensure_ascii=False))
        shown += ["    " + line for line in split_records(job_import["text"])[:20]]
    return "\n".join(shown)


# --- The run


class Run:
    """Compares scenario by scenario and counts what was there to compare."""

    def __init__(self, program):
        self.program = program
        self.counts = collections.Counter()

    def compare(self, scenario, shrink=True):
        expected, found = outcome_of(scenario), self.program.outcome_of(scenario)
        rows = sum(len(batch["rows"]) for batch in expected["batches"])
        failed = int(expected["status"] == "FAILED")
        self.counts.update(scenarios=1, failed=failed, with_rows=int(rows > 0), rows=rows)
        different = differences(expected, found)
        if not different:
            return
        self.counts["different"] += 1
        if shrink:
            scenario = shrunk(scenario, lambda smaller: self._differs_so(smaller, found["status"], different))
            different = differences(outcome_of(scenario), self.program.outcome_of(scenario))
        print(f"=== seed {scenario['seed']}\n{readable(scenario)}")
        print("\n".join(different), flush=True)

    def _differs_so(self, scenario, status, different):
        """Whether a smaller scenario differs in the same respect; one that is not valid any more does not."""
        found = self.program.outcome_of(scenario)
        if found["status"] != status:
            return False
        still = differences(outcome_of(scenario), found)
        return bool(still) and still[0].split()[0] == different[0].split()[0]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    scenarios.add_options(options)
    options.add_argument("--files", type=Path, help="a scenario whose imports name files, instead of seeds")
    options.add_argument("--stop-after", type=int, default=1, metavar="N", help="how many differences to show")
    options.add_argument("program", nargs="+", help="after --")
    given = options.parse_args()
    run = Run(Program(given.program))
    if given.files:
        run.compare(with_files(json.loads(given.files.read_text()), given.files.parent), shrink=False)
    for seed in [] if given.files else scenarios.seeds_of(given.seeds):
        run.compare(scenarios.scenario_of(seed, given.policies))
        if run.counts["different"] >= given.stop_after:
            break
    run.program.end()
    print(
        "{scenarios} scenarios, {with_rows} of them with rows, {rows} rows, {failed} failed jobs;"
        " {different} different".format(**{"different": 0} | run.counts)
    )
    sys.exit(1 if run.counts["different"] or not run.counts["rows"] else 0)


if __name__ == "__main__":
    main()
