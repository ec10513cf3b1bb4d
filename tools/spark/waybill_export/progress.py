"""What the host is told while an export runs, and the look for its cancel: a thread that wakes once a second."""

import sys
import threading

from pyspark.accumulators import AccumulatorParam

from waybill_export.moments import now
from waybill_export.namespaces import add_counts
from waybill_export.parts import Progress

PERIOD = 1.0  # seconds


class Cancelled(Exception):
    """The host wants no result any more."""


class Counts(AccumulatorParam):
    """By namespace; in place, as accumulators allow."""

    def zero(self, value):
        return {}

    def addInPlace(self, value, more):
        add_counts(value, more)
        return value


class Reporter:
    """Watches one attempt. `told` may be read from any thread."""

    def __init__(self, context, spool):
        self._context = context
        self._spool = spool
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="waybill-reporter", daemon=True)
        self._last = None
        self.counters = Progress(*(context.accumulator(0) for _ in range(3)), context.accumulator({}, Counts()))
        self.profile_export = {"start": now(), "end": None}
        self.dataset_write = None
        self._settled = {}

    def start(self):
        self._thread.start()

    def stop(self):
        self._ended.set()
        self._thread.join()

    def end_of_export(self):
        self.profile_export = self.profile_export | {"end": now()}
        self.dataset_write = {"start": now(), "end": None}

    def end_of_write(self):
        self.dataset_write = self.dataset_write | {"end": now()}

    def settle(self, reports, totals):
        """What the tasks themselves have told, at the end: Spark counts a task again that ran again because its output was lost."""
        looked_at, by_namespace = sum(report.looked_at for report in reports), {}
        for one in totals:
            add_counts(by_namespace, one.by_namespace)
        exported = sum(one.rows for one in totals)
        self._settled = {"candidates": looked_at, "lookedAt": looked_at, "exported": exported}
        self._settled |= {"byNamespace": dict(sorted(by_namespace.items()))}

    def stop_if_cancelled(self):
        if self._spool.is_cancelled():
            raise Cancelled

    def told(self):
        """How many there are to look at is known when the first of them were, or when there were none: all stages before are
        over then."""
        looked_at = self.counters.looked_at.value
        return {
            "candidates": self.counters.candidates.value if looked_at or self.profile_export["end"] else None,
            "lookedAt": looked_at,
            "exported": self.counters.exported.value,
            "byNamespace": dict(sorted(self.counters.by_namespace.value.items())),
            "profileExport": self.profile_export,
            "datasetWrite": self.dataset_write,
        } | self._settled

    def _watch(self):
        while not self._ended.wait(PERIOD):
            try:
                self._look()
            except Exception as error:  # the next look may succeed, and without any nobody sees a cancel
                print(f"waybill: {error!r}", file=sys.stderr)

    def _look(self):
        if self._spool.is_cancelled():
            self._context.cancelAllJobs()
        elif (told := self.told()) != self._last:
            self._last = told
            self._write(told)

    def _write(self, told):
        """What cannot be told now is told the next time."""
        try:
            self._spool.progress(told)
        except OSError:
            self._last = None
