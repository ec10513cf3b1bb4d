"""JSON that remembers how its numbers were spelled, and RFC 3339 times in milliseconds."""

import datetime
import json
import re

TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))", re.ASCII
)
ESCAPED = {'"': "quote", "\\": "\\\\"}
DAY = 24 * 60 * 60 * 1000


class Number(str):
    """A JSON number as it is spelled. Never equal to a text of the same characters."""

    def __eq__(self, other):
        return isinstance(other, Number) and str.__eq__(self, other)

    def __ne__(self, other):
        return not self == other

    __hash__ = str.__hash__


def _members(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is there twice")
    return members


def with_escapes_as_text(text):
    """The JSON text with each escape made an ordinary text of that spelling: \\u0061 is no `a` any more."""
    return re.sub(r"\\(.)", lambda escape: "\\\\" + ESCAPED.get(escape[1], escape[1]), text)


def _refuse(name):
    raise ValueError(f"{name} is not JSON")


_decoder = json.JSONDecoder(
    parse_int=Number, parse_float=Number, parse_constant=_refuse, object_pairs_hook=_members
)


def parse(text):
    """The value of a JSON text; ValueError when it is none, has a member twice or a lone surrogate."""
    try:
        value = _decoder.decode(text)
        write(value).encode()
    except (UnicodeEncodeError, RecursionError) as error:
        raise ValueError(str(error)) from error
    return value


def write(value, sort=False):
    """The value as compact JSON; `sort` orders the members, for comparing."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        members = sorted(value.items()) if sort else value.items()
        return "{" + ",".join(json.dumps(k, ensure_ascii=False) + ":" + write(v, sort) for k, v in members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(write(element, sort) for element in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def depth(value):
    """How many objects and arrays stand inside each other."""
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth, value), default=0)
    return 0


def holds_numbers(value):
    if isinstance(value, dict):
        return any(map(holds_numbers, value.values()))
    if isinstance(value, list):
        return any(map(holds_numbers, value))
    return isinstance(value, Number)


def without_nulls(value):
    """The value without members that are null. An array keeps its nulls: they are no members."""
    if isinstance(value, dict):
        return {name: without_nulls(member) for name, member in value.items() if member is not None}
    if isinstance(value, list):
        return [without_nulls(element) for element in value]
    return value


def milliseconds(text):
    """Milliseconds since 1970 of an RFC 3339 time, or None when it is not readable."""
    if not isinstance(text, str) or isinstance(text, Number):
        return None
    match = TIME.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    fraction, sign, offset_hours, offset_minutes = match.groups()[6:]
    offset = (int(offset_hours or 0), int(offset_minutes or 0))
    if hour > 23 or minute > 59 or second > 60 or offset[0] > 23 or offset[1] > 59:
        return None
    try:  # Python knows no year 0; the calendar repeats after 400 years of 146097 days
        days = datetime.date(year % 400 + 2000, month, day).toordinal() + (year // 400 - 5) * 146097
    except ValueError:
        return None
    days -= datetime.date(1970, 1, 1).toordinal()
    minutes = hour * 60 + minute - (offset[0] * 60 + offset[1]) * (-1 if sign == "-" else 1)
    when = days * DAY + minutes * 60_000 + second * 1000
    when += 0 if second == 60 else int(((fraction or "") + "000")[:3])  # a leap second is the first moment of the next minute
    return when if YEAR_0 <= when < YEAR_10000 else None


YEAR_0 = -719528 * DAY
YEAR_10000 = 2932897 * DAY


def split_records(text):
    """The texts of the records in NDJSON or in one JSON array, blank lines left out."""
    blanks = " \t\r\n"
    stripped = text.strip(blanks)
    if not stripped.startswith("["):
        return [line for line in text.split("\n") if line.strip(blanks)]
    if not stripped.endswith("]"):
        raise ValueError("the array breaks off, or text follows it")
    inside = stripped[1:-1]
    return _split_at_commas(inside) if inside.strip(blanks) else []


def _split_at_commas(text):
    parts, start, open_brackets, in_text = [], 0, 0, False
    for match in re.finditer(r'\\.|["\[\]{},]', text, re.DOTALL):
        token = match.group()
        if token == '"':
            in_text = not in_text
        elif in_text or token.startswith("\\"):
            continue
        elif token in "[{":
            open_brackets += 1
        elif token in "]}":
            open_brackets -= 1
        elif open_brackets == 0:
            parts.append(text[start : match.start()])
            start = match.end()
    return parts + [text[start:]]
