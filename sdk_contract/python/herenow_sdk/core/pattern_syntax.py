r"""The portable subset of JavaScript's regular expressions, and what searching with one may cost.

Every phone's engine backtracks, and their dialects differ. So a pattern is read here, character by
character, and is used only when it keeps to what all of them understand alike and when its *form* bounds
the work: what is repeated must be readable in one way only (no choice in it, or alternatives that begin with
different characters), so each choice of a pattern is made at most once on a way through it, and there are at
most

    choices * (length of the text + 1) ** power

ways to try. ``choices`` multiplies the alternatives and the optional counts; ``power`` counts the unbounded
repeats, and one more for a pattern that may start anywhere. Where this exceeds ``BUDGET``, the text is not
searched.

The forms: characters, ``.``, ``^``, ``$``, ``\b``, ``\B``, ``|``, ``(…)``, ``(?:…)``, ``(?=…)``, ``(?!…)``,
classes, ``* + ? {n} {n,} {n,m}`` (lazy too), ``\d \D \w \W \s \S \t \n \r \f \xHH \uHHHH`` and escaped
punctuation.

>>> read_pattern("^ab+c?").power, read_pattern("(x|y)z?").choices, read_pattern("a.*b.*c").longest
(1, 4, 202)
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

MAX_PATTERN: Final = 1000
"""Characters (UTF-16 code units) of a pattern."""
MAX_SUBJECT: Final = 10_000
"""Characters of a text that any pattern searches."""
MAX_COUNT: Final = 1000
"""The highest count of a repeat."""
MAX_GROUPS: Final = 10
"""How deep groups stand in groups."""
MAX_CHOICES: Final = 4096
MAX_POWER: Final = 3
BUDGET: Final = 2**23
"""Ways through a pattern that one search may try: a text of 202 characters at power 3."""

_PIECE: Final = re.compile(
    r"""\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)
      | \((?:\?[:=!])? | \[\^? | [*+?]\?? | \{[0-9]+(?:,[0-9]*)?\}\?? | .""",
    re.DOTALL | re.VERBOSE,
)
_MEMBER: Final = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)|&&|.", re.DOTALL)
_NAMED: Final = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}
_SETS: Final = {
    "d": "0-9",
    "D": r"\0-/:-\uffff",
    "w": "0-9A-Z_a-z",
    "W": r"\0-/:-@\[-\^`{-\uffff",
    "s": r"\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff",
    "S": r"\0-\x08\x0e-\x1f!-\x9f\u00a1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e"
    r"\u2030-\u205e\u2060-\u2fff\u3001-\ufefe\uff00-\uffff",
}
# some versions of Python say that an empty text has no place for \B
_ASSERTIONS: Final = {"^": "^", "$": r"\Z", r"\b": r"\b", r"\B": r"(?!\b)"}
_ANY: Final = r"[^\n\r\u2028\u2029]"

Fold = Callable[[str, str], str]
"""Given the first and the last of a range of characters, the other forms they have in the text searched."""


class UnfitPattern(ValueError):
    """The text is no pattern, or none that every device reads alike; the message says why."""


class SlowPattern(UnfitPattern):
    """The form of the pattern does not bound the work."""


@dataclass(frozen=True, slots=True)
class Portable:
    """A pattern of the subset: the same in Python's dialect, and the figures its cost comes from."""

    python: str
    choices: int
    power: int

    @property
    def longest(self) -> int:
        """The longest text that is searched, in UTF-16 code units."""
        ways = BUDGET // self.choices
        lengths = range(MAX_SUBJECT + 1)
        return bisect_right(lengths, ways, key=lambda length: (length + 1) ** self.power) - 1


def read_pattern(source: str, fold: Fold | None = None) -> Portable:
    """Read a pattern of the subset; raises ``UnfitPattern`` for any other. ``fold`` serves ``$regexi``."""
    if len(source) > MAX_PATTERN:
        raise UnfitPattern(f"it is longer than {MAX_PATTERN} characters")
    return _Reader(source, fold).read()


@dataclass(slots=True)
class _Group:
    """What was seen between two parentheses.

    ``firsts`` are the characters that its alternatives begin with, ``None`` for one that may begin otherwise.
    """

    looks_ahead: bool = False
    firsts: list[str | None] = field(default_factory=list)
    begun: bool = False
    chooses: bool = False
    consumes: bool = False
    repeats: bool = False

    @property
    def branches(self) -> bool:
        """Whether it has several alternatives."""
        return len(self.firsts) > 1

    @property
    def ambiguous(self) -> bool:
        """Whether a text might be read in several ways as repetitions of it."""
        apart = None not in self.firsts and len(set(self.firsts)) == len(self.firsts)
        return self.chooses or self.repeats or not self.consumes or (self.branches and not apart)

    def begin(self, character: str | None) -> None:
        """Note what an alternative begins with; what follows in it changes nothing."""
        if not self.begun:
            self.begun = True
            self.firsts.append(character)

    def end_alternative(self) -> None:
        """The alternative is over; an empty one begins with nothing."""
        self.begin(None)
        self.begun = False


class _Reader:
    """One pass over a pattern, writing it anew and counting its choices."""

    def __init__(self, source: str, fold: Fold | None) -> None:
        self._source = source
        self._fold = fold
        self._at = 0
        self._written: list[str] = []
        self._groups = [_Group()]
        self._repeatable: _Group | None = None
        self._choices = 1
        self._power = 0

    def read(self) -> Portable:
        """The whole pattern."""
        while self._at < len(self._source):
            self._piece(self._next(_PIECE))
        if len(self._groups) > 1:
            raise UnfitPattern("a group is not closed")
        root = self._groups[0]
        root.end_alternative()
        self._choose(len(root.firsts))
        anchored = self._source.startswith("^") and not root.branches
        self._power += not anchored
        if self._power > MAX_POWER:
            raise SlowPattern(f"it has more than {MAX_POWER} unbounded repeats, counting a start without ^")
        return Portable("".join(self._written), self._choices, self._power)

    def _next(self, form: re.Pattern[str]) -> str:
        match = form.match(self._source, self._at)
        if match is None:
            raise UnfitPattern("a class is not closed")
        self._at = match.end()
        return match.group()

    def _piece(self, piece: str) -> None:
        group = self._groups[-1]
        if piece in _ASSERTIONS:
            group.begin(None)
            self._write(_ASSERTIONS[piece], None)
        elif piece[0] == "(":
            group.begin(None)
            self._open(piece)
        elif piece == ")":
            self._close()
        elif piece == "|":
            group.end_alternative()
            self._write("|", None)
        elif piece[0] in "*+?" or (piece[0] == "{" and len(piece) > 1):
            self._repeat(piece)
        else:
            self._consume(group, piece)

    def _consume(self, group: _Group, piece: str) -> None:
        written = self._one_character(piece)
        group.begin(None if written.startswith("[") else written)
        group.consumes = True
        self._write(written, _Group(consumes=True))

    def _write(self, text: str, repeatable: _Group | None) -> None:
        self._written.append(text)
        self._repeatable = repeatable

    def _open(self, piece: str) -> None:
        if len(self._groups) > MAX_GROUPS:
            raise UnfitPattern(f"groups stand deeper than {MAX_GROUPS}")
        looks_ahead = piece in {"(?=", "(?!"}
        self._groups.append(_Group(looks_ahead))
        self._write(piece if looks_ahead else "(?:", None)

    def _close(self) -> None:
        if len(self._groups) == 1:
            raise UnfitPattern("a parenthesis closes nothing")
        group = self._groups.pop()
        group.end_alternative()
        self._choose(len(group.firsts))
        outer = self._groups[-1]
        outer.chooses |= group.chooses or group.branches
        outer.repeats |= group.repeats
        outer.consumes |= group.consumes and not group.looks_ahead
        self._write(")", None if group.looks_ahead else group)

    def _repeat(self, piece: str) -> None:
        repeated = self._repeatable
        if repeated is None:
            raise UnfitPattern(f"there is nothing for '{piece}' to repeat")
        least, most = _counts(piece)
        if most != 1:
            if repeated.ambiguous:
                raise SlowPattern("a repeated group can be read in more than one way, or holds nothing")
            self._groups[-1].repeats |= self._written[-1] == ")"
        if most is None:
            self._power += 1
        else:
            self._choose(most - least + 1)
        self._groups[-1].chooses |= most != least
        self._write(piece, None)

    def _choose(self, ways: int) -> None:
        self._choices *= ways
        if self._choices > MAX_CHOICES:
            raise SlowPattern(f"its alternatives and optional parts combine in more than {MAX_CHOICES} ways")

    def _one_character(self, piece: str) -> str:
        if piece[0] == "[":
            return self._class(piece)
        if piece == ".":
            return _ANY
        if piece in {"{", "}", "]"}:
            raise UnfitPattern(f"'{piece}' stands for itself only as '\\{piece}'")
        if piece[1:] in _SETS:
            return f"[{_SETS[piece[1:]]}]"
        character = _character(piece)
        others = self._fold(character, character) if self._fold else ""
        return others or re.escape(character)

    def _class(self, opening: str) -> str:
        members: list[str] = []
        while (member := self._next(_MEMBER)) != "]":
            members.append(self._range(member, first=not members))
        if not members:
            raise UnfitPattern("a class is empty")
        return f"{opening}{''.join(members)}]"

    def _range(self, member: str, *, first: bool) -> str:
        """One member of a class, or a range of them."""
        more = not self._source.startswith("]", self._at)
        if member in {"[", "&&"} or (member == "-" and more and not first):
            raise UnfitPattern(f"'{member}' within a class stands for itself only as '\\{member}'")
        if member[0] == "\\" and member[1:] in _SETS:
            return _SETS[member[1:]]
        start = end = _character(member)
        if self._source.startswith("-", self._at) and not self._source.startswith("-]", self._at):
            self._at += 1
            end = _character(self._next(_MEMBER))
        if end < start:
            raise UnfitPattern("a range within a class runs backwards")
        others = self._fold(start, end) if self._fold else ""
        return (re.escape(start) if start == end else f"{re.escape(start)}-{re.escape(end)}") + others


def _counts(piece: str) -> tuple[int, int | None]:
    """The least and the most of a repeat, ``None`` for no end."""
    if piece[0] != "{":
        return (1 if piece[0] == "+" else 0), (1 if piece[0] == "?" else None)
    low, comma, high = piece.rstrip("?")[1:-1].partition(",")
    least = int(low)
    most = None if comma and not high else int(high or low)
    if max(least, most or 0) > MAX_COUNT or (most is not None and (most < 1 or most < least)):
        raise UnfitPattern(
            f"'{piece}' does not count from low to high, to at least 1 and at most {MAX_COUNT}"
        )
    return least, most


def _character(piece: str) -> str:
    """The character a piece stands for."""
    if piece[0] != "\\":
        return piece
    letter = piece[1:]
    if letter in _NAMED:
        return _NAMED[letter]
    if len(letter) > 1:
        return chr(int(letter[1:], 16))
    if letter.isascii() and letter.isprintable() and letter and not letter.isalnum():
        return letter
    raise UnfitPattern(f"'{piece}' is not an escape that every device knows")
