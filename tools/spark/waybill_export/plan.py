"""What a job asks for, read once from its document and made ready for every profile. Values only; they travel to the tasks."""

from dataclasses import dataclass, field

from waybill_export.failures import csv_without_fields, segments_not_evaluated
from waybill_export.moments import milliseconds
from waybill_export.namespaces import fold

BLANKS = " \t\r\n"
WHOLE = None  # in a tree of paths: all that is below
STATUSES = ("realized", "existing")


@dataclass(frozen=True)
class Segment:
    """An entry of filter.segments."""

    id: str
    namespace: str  # as sent
    statuses: tuple

    @property
    def key(self):
        return fold(self.namespace), self.id


@dataclass(frozen=True)
class Window:
    """Half-open, in milliseconds; an end that is None is open."""

    start: int | None
    end: int | None

    def holds(self, moment):
        if moment is None:
            return False
        return (self.start is None or self.start <= moment) and (self.end is None or moment < self.end)


@dataclass(frozen=True)
class Plan:
    org: str
    sandbox: str
    segments: tuple = ()
    window: Window | None = None
    ingested_after: int | None = None
    with_empty_profiles: bool = False
    paths: tuple = ()  # of `fields`, as sent; () are all
    tree: dict = field(default_factory=dict)
    with_events: bool = False
    event_tree: dict = field(default_factory=dict)
    events_after: int | None = None
    events_before: int | None = None
    batches: tuple = ()  # (batch id, place in `segments` or None)
    format: str = "ndjson"
    compression: str = "none"
    part_bytes: int = 512 << 20

    @property
    def columns(self):
        """Of CSV."""
        return self.paths + (("eventList",) if self.with_events and "eventList" not in self.paths else ())

    @property
    def needs_memberships(self):
        return bool(self.segments or self.window or not self.paths or "segmentMembership" in self.tree)

    @property
    def wanted_members(self):
        """The members of a record that matter; None when all do."""
        if not self.paths:
            return None
        return frozenset(self.tree) | ({"segmentMembership"} if self.needs_memberships else frozenset())


def plan_of(request):
    """ExportFailure for what can never run."""
    job, output = request["job"], request["output"]
    wanted = job.get("filter") or {}
    events = (job.get("additionalFields") or {}).get("eventList")
    paths = paths_of(job.get("fields"))
    if (job.get("evaluationInfo") or {}).get("segmentation"):
        raise segments_not_evaluated()
    if output["format"] == "csv" and not paths:
        raise csv_without_fields(job["destination"]["datasetId"])
    bounds = (events or {}).get("filter") or {}
    after = [moment_of(given, "fromIngestTimestamp") for given in (wanted, bounds)]
    return Plan(
        org=request["tenant"]["org"],
        sandbox=request["tenant"]["sandbox"],
        segments=tuple(segment_of(entry) for entry in wanted.get("segments") or ()),
        window=window_of(wanted.get("segmentQualificationTime")),
        ingested_after=after[0],
        with_empty_profiles=bool(wanted.get("emptyProfiles")),
        paths=paths,
        tree=tree_of(paths),
        with_events=events is not None,
        event_tree=tree_of(paths_of((events or {}).get("fields"))),
        events_after=max((moment for moment in after if moment is not None), default=None),
        events_before=moment_of(bounds, "toIngestTimestamp"),
        batches=tuple((batch["batchId"], batch.get("segment")) for batch in request["batches"]),
        format=output["format"],
        compression=output["compression"],
        part_bytes=request["partBytes"],
    )


def segment_of(entry):
    statuses = entry.get("status") or STATUSES
    statuses = (statuses,) if isinstance(statuses, str) else tuple(statuses)
    return Segment(entry["segmentId"], entry.get("segmentNs") or "ups", statuses)


def window_of(given):
    if not given or not (given.get("startTime") or given.get("endTime")):
        return None
    return Window(moment_of(given, "startTime"), moment_of(given, "endTime"))


def moment_of(given, name):
    """None when there is none; the host let only readable ones pass."""
    text = given.get(name)
    if text is None:
        return None
    moment = milliseconds(text)
    if moment is None:
        raise ValueError(f"{name} is no time: {text!r}")
    return moment


def paths_of(fields):
    if not fields or not fields.strip(BLANKS):
        return ()
    return tuple(path.strip(BLANKS) for path in fields.split(","))


def tree_of(paths):
    """{name: the tree below it, or WHOLE}; overlapping paths unite."""
    tree = {}
    for path in paths:
        *above, last = path.split(".")
        at = tree
        for name in above:
            at = at.setdefault(name, {})
            if at is WHOLE:
                break
        if at is not WHOLE:
            at[last] = WHOLE
    return tree
