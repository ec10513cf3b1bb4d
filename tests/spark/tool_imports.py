"""The real way into the interchange form: `waybill` imports a scenario, and exports its profile store."""

import json
import subprocess


class Tool:
    def __init__(self, waybill):
        self._waybill = waybill

    def write_form(self, scenario, place, compression):
        """Writes below `place`; gives how many records each import accepted and rejected."""
        store = ["--profiles", place / "profiles.db"]
        tenant = ["--org", scenario["org"], "--sandbox", scenario["sandbox"]]
        for policy in sorted(scenario["policies"], key=lambda one: one["version"]):
            order = [argument for dataset in policy["order"] for argument in ("--dataset", dataset)]
            self._run("policies", "add", policy["id"], *store, *tenant, "--graph", policy["identityGraph"], *order)
        counts = [self._import(one, place, [*store, *tenant]) for one in scenario["imports"]]
        self._run("profiles", "export", *store, "--to", place / "form", "--compression", compression)
        return counts

    def _import(self, one, place, where):
        text = place / "records"
        text.write_bytes(one["text"].encode(errors="surrogateescape"))
        paths = [argument for path in one["identities"] for argument in ("--identity", declared(path))]
        how = ["--dataset", one["dataset"], "--ingest-time", one["ingestTime"], *paths, "--json"]
        told = json.loads(self._run(one["kind"], "import", text, *where, *how))
        return told["added"] + told["replaced"] + told["unchanged"], told["rejected"]

    def _run(self, *arguments):
        return subprocess.run([self._waybill, *arguments], check=True, capture_output=True).stdout


def declared(path):
    return f"{path['path']}={path['namespace']}" + (":primary" if path.get("primary") else "")
