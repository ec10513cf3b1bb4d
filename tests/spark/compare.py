#!/usr/bin/env python3
"""Holds the exports of the Spark driver against the reference's, in random stores.

    compare.py --seeds 1-300 --waybill build/dev/tools/waybill/waybill

The scenarios and the rules are those of tests/reference. Each is run by the driver in one Spark session of this process; the
interchange form (NDJSON, gzip, Parquet), the compression of the dataset and the size of its parts change from seed to seed.
`waybill` imports the profiles and writes the form, but for Parquet; without it the reference's own import does.
The exit code is 1 when anything differs.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from local_cluster import Attempt, reference_module, session, why_no_spark
from staged_rules import check_staged

import scenarios
from interchange import FORMS, events_of, fragments_of, ingested, write_form
from tool_imports import Tool
from spelled_json import without_nulls

Run = reference_module("compare").Run


class Driver:
    """Answers scenarios as reference/scenarios.py tells."""

    def __init__(self, spark, waybill):
        self._spark = spark
        self._tool = Tool(waybill) if waybill else None

    def outcome_of(self, scenario):
        with tempfile.TemporaryDirectory(prefix="waybill-form-") as place:
            counts = self.write_form(scenario, Path(place))
            outcome = {"accepted": [accepted for accepted, _ in counts], "rejected": [rejected for _, rejected in counts]}
            with attempt_of(scenario, Path(place) / "form") as attempt:
                return outcome | {"seed": scenario["seed"]} | self.end_of(attempt)

    def write_form(self, scenario, place):
        form = FORMS[scenario["seed"] % len(FORMS)]
        if self._tool and form != "parquet":
            return self._tool.write_form(scenario, place, "gzip" if form.endswith(".gz") else "none")
        store, counts = ingested(scenario)
        tenant = {name: scenario[name] for name in ("org", "sandbox")}
        policies = [tenant | one for one in scenario["policies"]]
        documents = list(fragments_of(store, tenant)), list(events_of(store, tenant))
        write_form(place / "form", *documents, policies, form, self._spark)
        return counts

    def end_of(self, attempt):
        state = attempt.run(self._spark)
        result = attempt.result
        if state != "staged":
            is_known = result["errors"][0]["code"] != "unknown"
            told = "; ".join(f"{one['code']} {one['msg']} {one['callStack']}" for one in result["errors"])
            return {"status": "FAILED" if is_known else "trouble", "error": told}
        check_staged(attempt)
        outcome = {
            "status": "SUCCEEDED",
            "batches": [shown_batch(attempt, number) for number in range(len(attempt.request["batches"]))],
            "counters": {"total": result["exported"], "byNamespace": result["byNamespace"]},
        }
        if self._tool:
            self._tool.verify(attempt)
        return outcome


def attempt_of(scenario, place):
    seed = scenario["seed"]
    return Attempt(
        without_nulls(scenario["job"]),
        place,
        compression="gzip" if seed % 5 == 0 else "none",
        part_bytes=200 if seed % 4 == 0 else 1 << 29,
    )


def shown_batch(attempt, number):
    manifest = attempt.manifest(number)
    return {
        "segmentId": manifest.get("segmentId"),
        "segmentNs": manifest.get("segmentNs"),
        "rows": attempt.rows(number),
    }


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    scenarios.add_options(options)
    options.add_argument("--waybill", type=Path, help="the admin tool")
    options.add_argument("--stop-after", type=int, default=1, metavar="N", help="how many differences to show")
    options.add_argument("--no-shrinking", action="store_true", help="show scenarios as they are")
    given = options.parse_args()
    if reason := why_no_spark():
        sys.exit(print(f"skipped here: {reason}"))
    run = Run(Driver(session(), given.waybill))
    for seed in scenarios.seeds_of(given.seeds):
        run.compare(scenarios.scenario_of(seed, given.policies), shrink=not given.no_shrinking)
        if run.counts["different"] >= given.stop_after:
            break
    print(
        "{scenarios} scenarios, {with_rows} of them with rows, {rows} rows, {failed} failed jobs;"
        " {different} different".format(**{"different": 0} | run.counts)
    )
    sys.exit(1 if run.counts["different"] or not run.counts["rows"] else 0)


if __name__ == "__main__":
    main()
