"""A line of NDJSON and a row of a table, read alike; what cannot be read is told with the place where it stands."""

from waybill_export.failures import ExportFailure, unreadable
from waybill_export.spelled_json import Malformed, Members, parse

JSON_COLUMNS = frozenset({"primary", "identityMap", "identities", "record"})


class RowMembers:
    """A row of a table, in the shape of a line's members."""

    def __init__(self, row):
        self._row = row

    def __getitem__(self, name):
        value = self._row[name] if name in self._row.__fields__ else None
        if value is None:
            raise KeyError(name)
        return parse(value) if name in JSON_COLUMNS else value

    def get(self, name, otherwise=None):
        try:
            return self[name]
        except KeyError:
            return otherwise

    def finish(self):
        pass


def reading(where, read):
    """A function for flatMap: reads a line or row by `read`, which gives a list, and tells of what cannot be read."""

    def read_one(line):
        try:
            members = Members(line) if isinstance(line, str) else RowMembers(line)
            return read(members)
        except ExportFailure:
            raise
        except KeyError as error:
            raise unreadable(where, f"a line without {error}") from error
        except (Malformed, TypeError, ValueError, AttributeError) as error:
            raise unreadable(where, f"a malformed line: {error}") from error

    return read_one
