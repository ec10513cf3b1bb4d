"""Times of the segment query language: intervals in UTC, in milliseconds since 1970."""

import datetime
import re
from dataclasses import dataclass

from spelled_json import DAY, milliseconds

HOUR, MINUTE, SECOND = 3_600_000, 60_000, 1000
DATE_ONLY = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
LENGTHS = {"millisecond": 1, "second": SECOND, "minute": MINUTE, "hour": HOUR, "day": DAY, "week": 7 * DAY}
YEARS = {"year": 1, "decade": 10, "century": 100, "millennium": 1000}
EPOCH = datetime.date(1970, 1, 1).toordinal()
FIRST = (1 - EPOCH) * DAY
LAST = (datetime.date(9999, 12, 31).toordinal() + 1 - EPOCH) * DAY - 1


@dataclass(frozen=True)
class Time:
    start: int
    end: int  # the first millisecond after it


def instant(when):
    return Time(when, when + 1) if FIRST <= when <= LAST else None


def day_of(year, month, day):
    """The whole day; None when there is no such day."""
    try:
        numbers = [int(number) for number in (year, month, day)]
        if numbers != [year, month, day]:
            return None
        start = (datetime.date(*numbers).toordinal() - EPOCH) * DAY
    except (ValueError, OverflowError):
        return None
    return Time(start, start + DAY)


def time_of(value):
    """The value read as a time; None when it is none."""
    if isinstance(value, Time):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return instant(value)
    if not isinstance(value, str):
        return None
    if match := DATE_ONLY.fullmatch(value):
        return day_of(*(int(part) for part in match.groups()))
    when = milliseconds(value)
    when = milliseconds(value + "Z") if when is None else when
    return None if when is None else instant(when)


def date_of(when):
    return datetime.date.fromordinal(when // DAY + EPOCH)


def moved(when, count, unit):
    """The time so many units later, or earlier; not beyond the years 1 to 9999."""
    if unit in LENGTHS:
        return clamped(when + count * LENGTHS[unit])
    date = date_of(when)
    months = date.year * 12 + date.month - 1 + count * (1 if unit == "month" else 12 * YEARS[unit])
    year, month = months // 12, months % 12 + 1
    if not 1 <= year <= 9999:
        return FIRST if year < 1 else LAST
    day = min(date.day, last_day(year, month))
    return day_of(year, month, day).start + when % DAY


def last_day(year, month):
    return max(day for day in range(28, 32) if day_of(year, month, day))


def clamped(when):
    return max(FIRST, min(when, LAST))


def unit_around(when, unit):
    """The unit of the calendar that the time lies in. Weeks begin on Monday."""
    if unit == "week":
        start = when - when % DAY - date_of(when).weekday() * DAY
        return Time(max(start, FIRST), min(start + 7 * DAY, LAST + 1))
    if unit in LENGTHS:
        start = when - when % LENGTHS[unit]
        return Time(start, start + LENGTHS[unit])
    date = date_of(when)
    if unit == "month":
        return Time(first_of(date.year, date.month), first_of(date.year + date.month // 12, date.month % 12 + 1))
    first = date.year - date.year % YEARS[unit]
    return Time(first_of(first, 1), first_of(first + YEARS[unit], 1))


def first_of(year, month):
    return LAST + 1 if year > 9999 else FIRST if year < 1 else day_of(year, month, 1).start


def period(which, unit, now):
    this = unit_around(now, unit)
    if which == "last":
        return unit_around(clamped(this.start - 1), unit)
    return unit_around(clamped(this.end), unit) if which == "next" else this
