"""What a job is told when its export fails: codes of our own as in docs/errors.md, and whatever Spark or Python said."""

import errno
import json
import re
import traceback

NO_SPACE = (errno.ENOSPC, errno.EDQUOT)

# Whose frames stand in the stack of the JVM when an input's bytes cannot be read.
READING = re.compile(r"LineRecordReader|DecompressorStream|ParquetFileReader|ParquetRecordReader|FileScanRDD")
# Of a cluster that was in trouble; the same export may succeed where it is not.
PASSING = re.compile(
    r"ExecutorLost|FetchFailed|ConnectException|Connection (?:refused|reset)|OutOfMemory|TimeoutException|BlockMissing|"
    r"SparkContext (?:was|has been) (?:shut ?down|stopped)|stopped SparkContext|No space left|Stale file handle|"
    r"Python worker exited unexpectedly|MemoryError"
)
MARK = "waybill-export-failure:"


class ExportFailure(Exception):
    """A failure with a code of ours. Its text carries all of it, because of what a task raises only the text arrives."""

    def __init__(self, code, msg, call_stack="", transient=False):
        self.told = {"code": code, "msg": msg, "callStack": call_stack}
        self.transient = transient
        super().__init__(MARK + json.dumps(self.told | {"transient": transient}))

    def __reduce__(self):
        return ExportFailure, (*self.told.values(), self.transient)


def unknown_policy(wanted):
    version = f" version {wanted['version']}" if "version" in wanted else ""
    return ExportFailure("0090000011", f"Merge policy '{wanted['id']}{version}' is not known")


def csv_without_fields(dataset_id):
    return ExportFailure("0090000017", f"Dataset '{dataset_id}' is CSV, which needs fields")


def segments_not_evaluated():
    return ExportFailure("0080000001", "Segment definitions cannot be evaluated here")


def unreadable(where, why):
    return ExportFailure("0090000010", f"Error reading profiles from '{where}'", why, transient=True)


def not_written(where, error):
    """Of an OSError."""
    if error.errno in NO_SPACE:
        return ExportFailure("0090000016", f"No space left at '{where}'", str(error), transient=True)
    return ExportFailure("0090000009", f"Error writing profiles to output path '{where}'", str(error), transient=True)


def told_of(error, profiles):
    """(errors, transient) of whatever ended the export of the profiles at a location."""
    if isinstance(error, ExportFailure):
        return [cut(error.told)], error.transient
    stack = "".join(traceback.format_exception(error))
    known = failure_in(stack) or (unreadable(profiles, stack) if READING.search(stack) else None)
    if known:
        return [cut(known.told)], known.transient
    return [cut(foreign(error, stack))], PASSING.search(stack) is not None


def failure_in(text):
    """What a task raised, found in what Spark tells of it."""
    at = text.find(MARK)
    if at < 0:
        return None
    try:
        told, _ = json.JSONDecoder().raw_decode(text[at + len(MARK) :])
        return ExportFailure(told["code"], told["msg"], told["callStack"], told["transient"])
    except (ValueError, KeyError):
        return None


def foreign(error, stack):
    """Of an error of the JVM the class and the message are those of the JVM, not of the bridge to it."""
    name, message = type(error).__name__, str(error)
    java = getattr(error, "java_exception", None)
    if java is not None:
        name, message = java.getClass().getName(), java.getMessage() or ""
    return {"code": "unknown", "msg": f"{name}: {first_line(message)}", "callStack": stack}


def first_line(text):
    return text.strip().split("\n", 1)[0]


def cut(error):
    """So that the host reads the result whatever stands in it: texts of inputs do, in some errors."""
    most = {"msg": 4 << 10, "callStack": 64 << 10}
    return error | {name: error[name] if len(error[name]) <= size else error[name][:size] + " …" for name, size in most.items()}
