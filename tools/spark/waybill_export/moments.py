"""Times: RFC 3339 texts, and milliseconds since 1970, which is how finely times count."""

import datetime
import re
import time

_DAY = 86_400_000
_EARLIEST, _BEYOND = -719_528 * _DAY, 2_932_897 * _DAY  # the years 0000 to 9999, in UTC
_FORM = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)[Tt](?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)"
    r"(?:\.(?P<fraction>\d+))?(?:[Zz]|(?P<sign>[+-])(?P<ahead_hours>\d\d):(?P<ahead_minutes>\d\d))",
    re.ASCII,
)


def milliseconds(text):
    """Of an RFC 3339 time; None for whatever is none."""
    found = _FORM.fullmatch(text) if isinstance(text, str) else None
    if not found:
        return None
    part = {name: int(found[name] or 0) for name in _FORM.groupindex if name not in ("fraction", "sign")}
    if part["hour"] > 23 or part["minute"] > 59 or part["second"] > 60:
        return None
    if part["ahead_hours"] > 23 or part["ahead_minutes"] > 59:
        return None
    days = _days_since_1970(part["year"], part["month"], part["day"])
    if days is None:
        return None
    ahead = part["ahead_hours"] * 60 + part["ahead_minutes"]
    minutes = part["hour"] * 60 + part["minute"] - (-ahead if found["sign"] == "-" else ahead)
    is_leap_second = part["second"] == 60  # it is the first moment of the next minute, whatever its fraction
    thousandths = 0 if is_leap_second else int((found["fraction"] or "0").ljust(3, "0")[:3])
    moment = days * _DAY + minutes * 60_000 + part["second"] * 1000 + thousandths
    return moment if _EARLIEST <= moment < _BEYOND else None


def _days_since_1970(year, month, day):
    """Python's calendar has no year 0; the Gregorian one repeats every 400 years."""
    cycles, year_of_cycle = divmod(year, 400)
    try:
        in_cycle = datetime.date(year_of_cycle + 400, month, day).toordinal()
    except ValueError:
        return None
    return in_cycle + (cycles - 1) * 146_097 - datetime.date(1970, 1, 1).toordinal()


def now():
    return int(time.time() * 1000)


def rfc3339(moment):
    seconds, thousandths = divmod(moment, 1000)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{thousandths:03d}Z"
