"""JSON whose numbers keep their spelling. A number is `bytes` here, as it is spelled, so it is never equal to a text, and
`0.10`, `1e400` and 2^53 + 1 come out as they went in. Objects are dicts, null is None."""

import json
import re


class Malformed(ValueError):
    """What is no JSON, or has a lone surrogate."""


def _refuse(name):
    raise Malformed(f"{name} is not JSON")


_decoder = json.JSONDecoder(parse_int=str.encode, parse_float=str.encode, parse_constant=_refuse)
_blanks = re.compile(r"[ \t\r\n]*")

# No text that was read holds a lone surrogate, so one marks where a number is to stand.
_NUMBER = "\udc00"
_marked = re.compile('"\udc00([^"]*)"')


def _mark(value):
    if isinstance(value, bytes):
        return _NUMBER + value.decode()
    raise TypeError(f"{type(value).__name__} is not of JSON")


_encoder = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"), default=_mark)


# For looking at the texts alone.
_texts = json.JSONEncoder(ensure_ascii=False, check_circular=False, default=lambda number: "")


def parse(text):
    """The value of a JSON text, its null members left out."""
    value, end = _value_at(text, _after_blanks(text, 0))
    if _after_blanks(text, end) != len(text):
        raise Malformed("text follows the value")
    return _checked(value, text)


def write(value):
    """The compact JSON of a value."""
    return _marked.sub(r"\1", _encoder.encode(value))


def _after_blanks(text, at):
    return _blanks.match(text, at).end()


def _value_at(text, at):
    try:
        return _decoder.scan_once(text, at)
    except StopIteration as stop:
        raise Malformed(f"no value at character {stop.value}") from None
    except (ValueError, RecursionError) as error:
        raise Malformed(str(error)) from None


def _checked(value, text):
    """Without null members. The looks at the text are for speed: hardly any has either."""
    if "null" in text:
        value = without_nulls(value)
    if "\\u" in text:
        try:
            _texts.encode(value).encode()
        except UnicodeEncodeError as error:
            raise Malformed("a lone surrogate") from error
    return value


def without_nulls(value):
    """An array keeps its nulls: they are no members."""
    if isinstance(value, dict):
        return {name: without_nulls(member) for name, member in value.items() if member is not None}
    if isinstance(value, list):
        return [without_nulls(element) for element in value]
    return value


class Members:
    """The members of a JSON object's text, of which no more is read than is asked for: a line that is of another tenant, or
    of nobody who is looked for, is passed over after its first members."""

    def __init__(self, text):
        self._text = text
        self._read = {}
        self._at = self._opened()

    def __getitem__(self, name):
        """KeyError when there is no such member, or it is null."""
        while name not in self._read:
            if not self._read_one():
                raise KeyError(name)
        return self._read[name]

    def get(self, name, otherwise=None):
        try:
            return self[name]
        except KeyError:
            return otherwise

    def finish(self):
        """Reads the rest, so that a line that breaks off is not taken for one."""
        while self._read_one():
            pass

    def _opened(self):
        at = _after_blanks(self._text, 0)
        if not self._text.startswith("{", at):
            raise Malformed("no object")
        return at

    def _read_one(self):
        """Reads the next member; False at the end."""
        text, at = self._text, self._at
        if at is None:
            return False
        at = _after_blanks(text, at + 1)  # past `{` or `,`
        if text.startswith("}", at) and not self._read and text[self._at] == "{":
            return self._ended(at)
        if not text.startswith('"', at):
            raise Malformed(f"no member at character {at}")
        name, at = _value_at(text, at)
        at = _after_blanks(text, at)
        if not text.startswith(":", at):
            raise Malformed(f"no colon at character {at}")
        start = _after_blanks(text, at + 1)
        value, at = _value_at(text, start)
        if name in self._read:
            raise Malformed(f"the member {name} is there twice")
        if value is not None:
            self._read[name] = _checked(value, text[start:at])
        at = _after_blanks(text, at)
        if text.startswith(",", at):
            self._at = at
            return True
        if not text.startswith("}", at):
            raise Malformed(f"no comma at character {at}")
        self._ended(at)
        return True

    def _ended(self, at):
        if _after_blanks(self._text, at + 1) != len(self._text):
            raise Malformed("text follows the object")
        self._at = None
        return False
