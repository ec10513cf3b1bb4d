"""The real way into the interchange form: `waybill` imports a scenario, and exports its profile store. And the real look at what
was staged: `waybill datasets verify`, once it is placed."""

import hashlib
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

    def verify(self, attempt):
        """Places what is staged, as the publisher does; CalledProcessError when the tool has anything against it."""
        batches = [placed(attempt, number) for number in range(len(attempt.request["batches"]))]
        current = {"schemaVersion": 1, "datasetId": attempt.dataset.name, "jobId": attempt.request["key"]["job"]}
        current |= {"commitSequence": 1, "publishedAt": "2024-01-01T00:00:00.000Z", "batches": batches, "superseded": []}
        (attempt.dataset / "current.json").write_text(json.dumps(current))
        tenant = attempt.request["tenant"]
        where = ["--datasets", attempt.dataset.parents[2], "--org", tenant["org"], "--sandbox", tenant["sandbox"]]
        self._run("datasets", "verify", *where)

    def _run(self, *arguments):
        return subprocess.run([self._waybill, *arguments], check=True, capture_output=True).stdout


def declared(path):
    return f"{path['path']}={path['namespace']}" + (":primary" if path.get("primary") else "")


def placed(attempt, number):
    """A batch's entry in current.json."""
    text, manifest = (attempt.batch(number) / "manifest.json").read_bytes(), attempt.manifest(number)
    attempt.batch(number).rename(attempt.dataset / attempt.batch(number).name)
    named = {name: manifest[name] for name in ("batchId", "segmentId", "segmentNs") if name in manifest}
    return named | manifest["totals"] | {"manifestSha256": hashlib.sha256(text).hexdigest()}
