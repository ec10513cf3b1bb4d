"""The text of a row: a line of NDJSON, or of CSV (RFC 4180)."""

import re

from waybill_export.plan import tree_of
from waybill_export.projection import identities_view, project
from waybill_export.spelled_json import write

LINE_END = "\r\n"
_quoted = re.compile('[,"\r\n]')


def row_of(profile, identity_map, plan):
    """What the job shows of a profile."""
    row = profile.attributes() | {"identityMap": identity_map}
    if plan.tree:
        if "identities" in plan.tree:
            row["identities"] = identities_view(identity_map)
        row = project(row, plan.tree) or {}
    if plan.with_events:
        row["eventList"] = profile.events()
    return row


def line_of(row, plan):
    if plan.format == "csv":
        return csv_line([cell(row, column) for column in plan.columns])
    return write(row) + "\n"


def beginning_of_file(plan):
    return csv_line(plan.columns) if plan.format == "csv" else ""


def csv_line(cells):
    """A row whose only cell is empty is quoted: to many readers a blank line is no row."""
    line = ",".join('"' + text.replace('"', '""') + '"' if _quoted.search(text) else text for text in cells)
    return (line or '""') + LINE_END


def cell(value, path):
    """What a path leads to: texts as they are, what is nested as JSON. Below an array its shape is kept."""
    names = path.split(".")
    while names and isinstance(value, dict):
        value = value.get(names.pop(0))
    if names:
        value = project(value, tree_of([".".join(names)]))
    if value is None:
        return ""
    return value if isinstance(value, str) else write(value)
