"""The words of an expression of the segment query language, each with its place."""

import re
from dataclasses import dataclass

SYMBOLS = ["==", "=>", "!=", "<=", ">=", *"=<>!()[],.:+-*/%^"]
BLANKS = " \t\r\n"
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
PARAMETER = re.compile(r"\$[0-9]+")
FOUR_DIGITS = re.compile(r"[0-9A-Fa-f]{4}")
ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class ExpressionError(Exception):
    """Why an expression is refused; the position counts bytes of UTF-8 from 0."""

    def __init__(self, code, position):
        super().__init__(f"{code} at byte {position}")
        self.code = code
        self.position = position


@dataclass(frozen=True)
class Token:
    kind: str  # name, number, text, parameter, symbol, bad, end
    spelling: str
    at: int
    value: str = ""  # of a text what it says, of something bad the error's code


def tokens_of(text):
    """All tokens, an `end` last. What is no token is `bad`: it is an error only for who comes to it."""
    return list(_tokens(text))


def _tokens(text):
    place, at = 0, 0
    while place < len(text):
        token, length = (None, 1) if text[place] in BLANKS else _token(text, place, at)
        if token:
            yield token
        at += len(text[place : place + length].encode())
        place += length
    yield Token("end", "", at)


def _token(text, place, at):
    """The token at the place and how many characters it takes."""
    if text[place] == '"':
        return _text(text, place, at)
    for kind, pattern in (("name", NAME), ("number", NUMBER), ("parameter", PARAMETER)):
        if match := pattern.match(text, place):
            return Token(kind, match.group(), at), len(match.group())
    for symbol in SYMBOLS:
        if text.startswith(symbol, place):
            return Token("symbol", symbol, at), len(symbol)
    return Token("bad", text[place], at, "bad_character"), 1


def _text(text, start, at):
    said, place = "", start + 1
    while place < len(text) and text[place] not in '"\r\n':
        if text[place] != "\\":
            said, place = said + text[place], place + 1
            continue
        character, length = _escape(text, place)
        if not length:
            bad = at + len(text[start:place].encode())
            return Token("bad", "", bad, "bad_escape"), len(text) - start
        said, place = said + character, place + length
    if text[place : place + 1] != '"':
        return Token("bad", "", at, "unterminated_string"), len(text) - start
    return Token("text", text[start : place + 1], at, said), place + 1 - start


def _escape(text, place):
    """The character of an escape and the escape's length, 0 when it is none. Half a surrogate pair is none."""
    letter = text[place + 1 : place + 2]
    if letter in ESCAPES and letter:
        return ESCAPES[letter], 2
    unit = _unit(text, place)
    if unit is None or 0xDC00 <= unit < 0xE000:
        return "", 0
    if not 0xD800 <= unit < 0xDC00:
        return chr(unit), 6
    low = _unit(text, place + 6)
    if low is None or not 0xDC00 <= low < 0xE000:
        return "", 0
    return chr(0x10000 + (unit - 0xD800) * 0x400 + low - 0xDC00), 12


def _unit(text, place):
    digits = FOUR_DIGITS.match(text, place + 2) if text[place : place + 2] == "\\u" else None
    return int(digits.group(), 16) if digits else None


class Cursor:
    """A place among the tokens of a text."""

    def __init__(self, text):
        self.tokens = tokens_of(text)
        self.place = 0

    @property
    def next(self):
        return self.after(0)

    def after(self, count):
        return self.tokens[min(self.place + count, len(self.tokens) - 1)]

    def take(self):
        token = self.next
        self.place += 1
        return token

    def unexpected(self, code="syntax"):
        bad = self.next.kind == "bad"
        raise ExpressionError(self.next.value if bad else code, self.next.at)

    def is_name(self, *names, at=0):
        token = self.after(at)
        return token.kind == "name" and (not names or token.spelling in names)

    def is_symbol(self, *symbols, at=0):
        token = self.after(at)
        return token.kind == "symbol" and token.spelling in symbols

    def is_word_in_any_case(self, word):
        return self.next.kind == "name" and self.next.spelling.upper() == word

    def expect_name(self, *names):
        return self.take() if self.is_name(*names) else self.unexpected()

    def expect_symbol(self, symbol):
        return self.take() if self.is_symbol(symbol) else self.unexpected()
