"""JSON that remembers where everything stood.

A marketer needs "line 4, column 31", and Python's own decoder throws positions away. This scanner keeps,
for every value, the offset of the value and, for a member of an object, the offset of its key; lines and
columns are worked out only for what is asked about. Strings go through the decoder of the standard library
(in C), so escapes mean exactly what they mean everywhere else.

Stricter than ``json.loads`` wherever two readers of one document could disagree: no NaN or infinity, no
number outside what a double holds exactly, no unpaired surrogate, no member given twice, bounded depth and
size. A member given twice does not stop the reading; everything else does, since nothing after it can be
trusted.
"""

from __future__ import annotations

import json.decoder
import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from json import JSONDecodeError
from math import isfinite
from typing import Any, Final, NamedTuple

MAX_BYTES: Final = 1_000_000
MAX_DEPTH: Final = 32
MAX_SAFE_INTEGER: Final = 2**53 - 1  # RFC 7493 (I-JSON), section 2.2
_MAX_NUMBER_LENGTH: Final = 64

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_WORDS: Final[Mapping[str, Any]] = {"true": True, "false": False, "null": None}
_scan_string: Final[Callable[[str, int], tuple[str, int]]] = json.decoder.scanstring  # type: ignore[attr-defined]
_A_VALUE: Final = "a value: an object, a list, a string, a number, true, false or null"


class Place(NamedTuple):
    """Line and column, both from 1; a column counts characters."""

    line: int
    column: int


class Lines:
    """The line ends of a text, found once; ``place`` turns an offset into line and column."""

    __slots__ = ("_ends",)

    def __init__(self, text: str) -> None:
        self._ends = [match.end() for match in _LINE_END.finditer(text)]

    def place(self, offset: int) -> Place:
        """The line and column of an offset."""
        line = bisect_right(self._ends, offset)
        return Place(line + 1, offset - (self._ends[line - 1] if line else 0) + 1)


class MalformedJson(Exception):
    """The text is not a JSON document that can be trusted; ``expected`` says what would have been."""

    def __init__(self, detail: str, place: Place, expected: str) -> None:
        super().__init__(detail)
        self.detail = detail
        self.place = place
        self.expected = expected


@dataclass(frozen=True, slots=True)
class Spot:
    """Offsets of one value in the text: where its key begins (None in a list) and where it begins."""

    key: int | None
    value: int


@dataclass(frozen=True, slots=True)
class Positioned:
    """A parsed document.

    ``spots`` maps JSON pointers (RFC 6901) to offsets; ``duplicates`` are the members given twice.
    """

    value: Any
    lines: Lines
    spots: Mapping[str, Spot]
    duplicates: tuple[tuple[str, Place], ...]

    def place(self, pointer: str) -> Place:
        """Where the member or list element at ``pointer`` begins, or else its nearest known ancestor."""
        while pointer not in self.spots and pointer:
            pointer = pointer.rpartition("/")[0]
        spot = self.spots.get(pointer, Spot(None, 0))
        return self.lines.place(spot.value if spot.key is None else spot.key)

    def value_place(self, pointer: str) -> Place:
        """Where the value at ``pointer`` begins. Raises ``KeyError`` when there is none."""
        return self.lines.place(self.spots[pointer].value)


def pointer_of(path: tuple[str | int, ...]) -> str:
    """The JSON pointer of a path of member names and list indexes."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def parse(content: bytes) -> Positioned:
    """Read one document; of a member given twice the last one wins. Raises ``MalformedJson``."""
    if len(content) > MAX_BYTES:
        detail = f"the document has {len(content):,} bytes"
        raise MalformedJson(detail, Place(1, 1), f"at most {MAX_BYTES:,} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig", "replace")
        raise MalformedJson("not UTF-8 text", Lines(before).place(len(before)), "UTF-8") from None
    scanner = _Scanner(text)
    value = scanner.document()
    lines = Lines(text)
    duplicates = tuple((pointer, lines.place(offset)) for pointer, offset in scanner.duplicates)
    return Positioned(value, lines, scanner.spots, duplicates)


class _Scanner:
    """One pass over one text; ``_at`` is the offset reached."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0
        self.spots: dict[str, Spot] = {}
        self.duplicates: list[tuple[str, int]] = []

    def document(self) -> Any:
        value = self._value("", None)
        if self._peek():
            raise self._unexpected("the end of the document")
        return value

    def _peek(self) -> str:
        """The next character that is not white space, "" at the end."""
        match = _SPACE.match(self._text, self._at)
        self._at = match.end() if match else self._at
        return self._text[self._at : self._at + 1]

    def _value(self, pointer: str, key: int | None) -> Any:
        first = self._peek()
        self.spots[pointer] = Spot(key, self._at)
        if first == '"':
            return self._string()
        if first == "{":
            return self._nested(self._object, pointer)
        if first == "[":
            return self._nested(self._list, pointer)
        return self._number_or_word()

    def _nested(self, read: Callable[[str], Any], pointer: str) -> Any:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._malformed("nested too deeply", f"at most {MAX_DEPTH} levels")
        self._at += 1
        value = read(pointer)
        self._at += 1
        self._depth -= 1
        return value

    def _object(self, pointer: str) -> dict[str, Any]:
        members: dict[str, Any] = {}
        if self._peek() == "}":
            return members
        while True:
            self._member(members, pointer)
            if (following := self._peek()) == "}":
                return members
            if following != ",":
                raise self._unexpected("',' or '}'")
            self._at += 1

    def _member(self, members: dict[str, Any], pointer: str) -> None:
        if self._peek() != '"':
            raise self._unexpected("a member name in double quotes")
        key_at = self._at
        name = self._string()
        if self._peek() != ":":
            raise self._unexpected("':'")
        self._at += 1
        below = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
        if name in members:
            self.duplicates.append((below, key_at))
        members[name] = self._value(below, key_at)

    def _list(self, pointer: str) -> list[Any]:
        elements: list[Any] = []
        if self._peek() == "]":
            return elements
        while True:
            elements.append(self._value(f"{pointer}/{len(elements)}", None))
            if (following := self._peek()) == "]":
                return elements
            if following != ",":
                raise self._unexpected("',' or ']'")
            self._at += 1

    def _string(self) -> str:
        start = self._at
        try:
            text, self._at = _scan_string(self._text, start + 1)
        except JSONDecodeError as error:
            self._at = min(error.pos, len(self._text))
            raise self._malformed(
                error.msg.removesuffix(" at").lower(), "a string in double quotes"
            ) from None
        if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
            self._at = start
            raise self._malformed("half of a surrogate pair", "text that can be written in UTF-8")
        return text

    def _number_or_word(self) -> Any:
        match = _NUMBER.match(self._text, self._at)
        if match is None:
            return self._word()
        number = self._number(match)
        self._at = match.end()
        return number

    def _number(self, match: re.Match[str]) -> int | float:
        literal, fraction, exponent = match.group(0, 1, 2)
        if len(literal) <= _MAX_NUMBER_LENGTH:
            if fraction is None and exponent is None:
                if abs(whole := int(literal)) <= MAX_SAFE_INTEGER:
                    return whole
            elif isfinite(real := float(literal)):
                return real
        raise self._malformed("a number that not every reader can hold", "a string, if it is an identifier")

    def _word(self) -> Any:
        for word, meaning in _WORDS.items():
            if self._text.startswith(word, self._at):
                self._at += len(word)
                return meaning
        raise self._unexpected(_A_VALUE)

    def _unexpected(self, expected: str) -> MalformedJson:
        found = self._text[self._at : self._at + 1]
        return self._malformed(f"unexpected {found!r}" if found else "the document ends too early", expected)

    def _malformed(self, detail: str, expected: str) -> MalformedJson:
        return MalformedJson(detail, Lines(self._text).place(self._at), expected)
