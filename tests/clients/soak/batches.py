"""What the jobs have left on the disk, held against what is known of them."""

import hashlib
import json
from collections import defaultdict
from pathlib import Path

from soak.ledger import Job, Ledger
from soak.lives import TENANTS
from soak.wording import Document, Rows, Sample, batches_of, expected_rows


class Batches:
    def __init__(self, root: Path, ledger: Ledger, sample: Sample, there: dict[int, Document], sequences: dict[int, int]) -> None:
        self._root, self._ledger, self._sample = root, ledger, sample
        self._there, self._sequences = there, sequences
        self.checked = 0

    def check(self) -> None:
        datasets: dict[Path, list[Job]] = defaultdict(list)
        for job in self._ledger.jobs.values():
            org, sandbox = job.ask.tenant
            datasets[self._root / org / sandbox / job.constant["destination"]["datasetId"]].append(job)
        on_disk = {file.parent for file in self._root.glob("*/*/*/current.json")}
        for directory in datasets.keys() | on_disk:
            self._check_dataset(directory, datasets.get(directory, []))
        if {one.name for one in self._root.glob("*/*")} - {sandbox for _, sandbox in TENANTS}:
            self._ledger.found("the datasets have a sandbox of nobody")

    def _has_published(self, job: Job) -> bool | None:
        """None: it was removed before anybody saw its end."""
        document = self._there.get(job.id) or job.final
        return None if document is None else document["status"] == "SUCCEEDED"

    def _check_dataset(self, directory: Path, jobs: list[Job]) -> None:
        published = {job.id: job for job in jobs if self._has_published(job)}
        perhaps = {job.id: job for job in jobs if self._has_published(job) is None}
        owners = {batch: job for job in jobs for batch in batches_of(job.constant)}
        current = json.loads((directory / "current.json").read_text()) if (directory / "current.json").exists() else None
        if current is None:
            if published:
                self._ledger.found(f"{directory}: no current.json, though {sorted(published)} succeeded")
            return
        visible = [one["batchId"] for one in current["batches"]]
        self._check_current(directory, current, visible, published, perhaps)
        listed = {*visible, *current["superseded"]}
        in_place = {one.name.removeprefix("batch-") for one in directory.glob("batch-*")}
        for batch in listed | in_place:
            job = owners.get(batch)
            if job is None or (job.id not in published and job.id not in perhaps):
                self._ledger.found(f"{directory}: batch {batch} of a job that did not succeed: {job and job.id}")
        manifests = {one["batchId"]: one["manifestSha256"] for one in current["batches"]}
        for job in published.values():
            for batch, rows in zip(batches_of(job.constant), self._rows_of(job)):
                if batch not in listed:
                    self._ledger.found(f"{directory}: batch {batch} of job {job.id}, which succeeded, is not listed")
                else:
                    self._check_batch(directory / f"batch-{batch}", job, rows, manifests.get(batch))
        if any((directory / ".staging").glob("*")):
            self._ledger.found(f"{directory}: something is staged")

    def _check_current(
        self, directory: Path, current: Document, visible: list[str], published: dict[int, Job], perhaps: dict[int, Job]
    ) -> None:
        """It names the job that succeeded last."""
        named = published.get(current["jobId"]) or perhaps.get(current["jobId"])
        if named is None or visible != batches_of(named.constant):
            self._ledger.found(f"{directory}: current.json names {visible} of job {current['jobId']}")
            return
        known = {job: self._sequences[job] for job in published if job in self._sequences}
        if known.get(named.id, current["commitSequence"]) != current["commitSequence"]:
            self._ledger.found(f"{directory}: current.json has another commit sequence than job {named.id}")
        later = [job for job, sequence in known.items() if sequence > current["commitSequence"]]
        later += [
            job.id
            for job in published.values()
            if job.final and named.final and job.final["updateTime"] > named.final["updateTime"]
        ]
        if later:
            self._ledger.found(f"{directory}: current.json names job {named.id}, later succeeded {sorted(set(later))[:20]}")

    def _rows_of(self, job: Job) -> list[Rows]:
        final = job.final or self._there[job.id]
        each = expected_rows(self._sample, job.ask.tenant, final, Rows(job.ask.grown, job.grown))
        if final["destination"]["segmentPerBatch"]:
            return each
        whole = sum(each[1:], each[0])
        # A profile in several segments counts once.
        return [whole if len(each) == 1 else Rows(max(one.least for one in each), whole.most)]

    def _check_batch(self, place: Path, job: Job, rows: Rows, manifest_digest: str | None) -> None:
        try:
            found = self._batch_findings(place, job, rows, manifest_digest)
        except (OSError, ValueError, KeyError) as problem:
            found = [repr(problem)]
        for one in found:
            self._ledger.found(f"{place} of job {job.id}: {one}")
        self.checked += 1

    def _batch_findings(self, place: Path, job: Job, rows: Rows, manifest_digest: str | None) -> list[str]:
        text = (place / "manifest.json").read_bytes()
        manifest = json.loads(text)
        found = [] if (place / "_SUCCESS").exists() else ["no _SUCCESS"]
        if manifest_digest is not None and hashlib.sha256(text).hexdigest() != manifest_digest:
            found.append("the manifest is not the one of current.json")
        if (manifest["jobId"], f"batch-{manifest['batchId']}") != (job.id, place.name):
            found.append(f"the manifest is of job {manifest['jobId']}, batch {manifest['batchId']}")
        counted = 0
        for part in manifest["files"]:
            content = (place / part["name"]).read_bytes()
            lines = content.count(b"\n")
            counted += lines
            if (lines, len(content), hashlib.sha256(content).hexdigest()) != (part["rows"], part["bytes"], part["sha256"]):
                found.append(f"{part['name']} is not as the manifest says")
        if counted != manifest["totals"]["rows"] or counted not in rows:
            found.append(f"{counted} rows, the manifest says {manifest['totals']}, expected {rows}")
        return found + self._total_findings(job, counted)

    @staticmethod
    def _total_findings(job: Job, counted: int) -> list[str]:
        total = job.final["metrics"]["totalExportedProfileCounter"] if job.final else counted
        whole = not job.constant["destination"]["segmentPerBatch"]
        if (whole and counted != total) or counted > total:
            return [f"{counted} rows, the job has counted {total}"]
        return []
