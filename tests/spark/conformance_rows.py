"""Random stores and jobs (tests/reference/scenarios.py) with a whole host: the published rows, the manifests and the counters are
those that the reference gives. Each scenario is a tenant of one host, so that their jobs run beside each other."""

import gzip
import hashlib
import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

REFERENCE = Path(__file__).resolve().parents[1] / "reference"
sys.path.append(str(REFERENCE))

from export_host import Document, ExportHost  # noqa: E402
from fixture import Place, expect, until  # noqa: E402
from reference import outcome_of  # noqa: E402
from scenarios import Generator  # noqa: E402

SANDBOX = "prod"


def differences(expected: Document, found: Document) -> list[str]:
    """As tests/reference/compare.py finds them; a compare.py is here, too."""
    spec = importlib.util.spec_from_file_location("compare_outcomes", REFERENCE / "compare.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return list(module.differences(expected, found))


SETTINGS = ((), ("--compression", "gzip"))  # of the datasets, in turns; a text of each line stays what it is


def run(place: Place, seeds: list[int]) -> None:
    scenarios = {f"seed{seed}": wire_scenario(seed) for seed in seeds}
    with place.empty_host() as host:
        for number, (org, scenario) in enumerate(scenarios.items()):
            host.logins[org] = host.add_login(org)
            put_in(host, org, scenario)
            settings = SETTINGS[number % len(SETTINGS)]
            if settings:
                host.set_dataset("out", *settings, org=org)
        host.export_profiles()
        host.start()
        jobs = {org: host.create(scenario["job"], host.logins[org]) for org, scenario in scenarios.items()}
        found = []
        for org, scenario in scenarios.items():
            job = until(lambda: ended(host, org, jobs[org]), f"the job of {org} ends", 600)
            different = differences(counted_alike(outcome_of(scenario)), outcome_seen(host, org, scenario, job))
            found += [f"{org}: {one}" for one in different]
            if job["status"] == "SUCCEEDED":
                host.waybill("datasets", "verify", "out", "--datasets", "datasets", "--org", org)
        expect("differences", "\n".join(found), "")


def wire_scenario(seed: int) -> Document:
    """Without what only an embedder can ask, and what HTTP refuses."""
    scenario = Generator(seed).scenario()
    return scenario | {"org": f"seed{seed}", "sandbox": SANDBOX}


def put_in(host: ExportHost, org: str, scenario: Document) -> None:
    tenant = ("--profiles", "profiles.db", "--org", org, "--sandbox", SANDBOX)
    for policy in sorted(scenario["policies"], key=lambda policy: int(policy["version"])):
        order = [flag for dataset in policy["order"] for flag in ("--dataset", dataset)]
        host.waybill("policies", "add", policy["id"], *tenant, "--graph", policy["identityGraph"], *order)
    for one in scenario["imports"]:
        identities = [f"{path['path']}={path['namespace']}{':primary' if path.get('primary') else ''}" for path in one["identities"]]
        declared = [flag for identity in identities for flag in ("--identity", identity)]
        kind = "profiles" if one["kind"] == "profiles" else "events"
        where = ("--dataset", one["dataset"], "--ingest-time", one["ingestTime"])
        host.waybill(kind, "import", "-", *tenant, *where, *declared, text=one["text"])


def ended(host: ExportHost, org: str, number: int) -> Document | None:
    job = host.job(number, host.logins[org])
    return job if job["status"] in ("SUCCEEDED", "FAILED") else None


def counted_alike(outcome: Document) -> Document:
    """Imports are held against the reference elsewhere."""
    return outcome | {"accepted": [], "rejected": []}


def outcome_seen(host: ExportHost, org: str, scenario: Document, job: Document) -> Document:
    """In the format of scenarios.py."""
    outcome: Document = {"seed": scenario["seed"], "accepted": [], "rejected": [], "status": job["status"], "batches": []}
    if job["status"] != "SUCCEEDED":
        return outcome | {"error": json.dumps(job.get("errors"))}
    current = host.current("out", org) or {}
    for batch in current["batches"]:
        rows = rows_of(host, org, batch)
        outcome["batches"].append({"segmentId": batch.get("segmentId"), "segmentNs": batch.get("segmentNs"), "rows": rows})
    metrics = job["metrics"]
    counters = {"total": metrics["totalExportedProfileCounter"], "byNamespace": metrics["exportedProfileByNamespaceCounter"]}
    expect(f"{org}: the percentage of what succeeded", metrics["progress"]["percent"], 100)
    return outcome | {"counters": counters}


def rows_of(host: ExportHost, org: str, batch: Document) -> list[str]:
    """Over HTTP, each file held against the list, the manifest and current.json."""
    login = host.logins[org]
    status, files = host.ask("GET", f"/data/foundation/export/batches/{batch['batchId']}/files", login=login)
    expect(f"the files of batch {batch['batchId']}", status, 200)
    place = host.dataset("out", org) / f"batch-{batch['batchId']}"
    text = (place / "manifest.json").read_bytes()
    expect("the manifest's SHA-256", hashlib.sha256(text).hexdigest(), batch["manifestSha256"])
    manifest = json.loads(text)
    rows: list[str] = []
    for file, told in zip(files["data"], manifest["files"], strict=True):
        content = bytes_of(host, login, file)
        expect("a file", (file["name"], len(content), sha256(content)), (told["name"], told["bytes"], told["sha256"]))
        plain = gzip.decompress(content) if file["name"].endswith(".gz") else content
        lines = plain.decode().split("\n")
        expect(f"the end of {file['name']}", lines.pop(), "")
        expect(f"rows of {file['name']}", len(lines), told["rows"])
        rows += lines
    expect("rows", (len(rows), len(rows)), (manifest["totals"]["rows"], batch["rows"]))
    return rows


def bytes_of(host: ExportHost, login: Any, file: Document) -> bytes:
    status, content = host.ask("GET", file["_links"]["self"]["href"], login=login)
    expect(f"the bytes of {file['name']}", status, 200)
    return bytes(content)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
