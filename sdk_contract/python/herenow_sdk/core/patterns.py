r"""Regular expressions, for ``$regex`` and ``$regexi``: JavaScript's meaning on Python's engine.

What may be written, and how the work is bounded, is ``pattern_syntax``. Text is searched as JavaScript has
it: as UTF-16 code units, so a character beyond the basic plane counts as two. ``$regexi`` compares characters
by their upper case where that is a single one, and never takes another letter for an ASCII one.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from herenow_sdk.core.pattern_syntax import Portable, SlowPattern, UnfitPattern, read_pattern
from herenow_sdk.core.values import to_text

__all__ = ["Pattern", "SlowPattern", "UnfitPattern", "compile_pattern"]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern; texts longer than ``longest`` UTF-16 code units do not match."""

    source: str
    ignore_case: bool
    longest: int
    engine: re.Pattern[str]

    def searches(self, value: Any) -> bool:
        """Whether the pattern occurs anywhere in the value's text (``null`` is searched as ``"null"``)."""
        text = code_units(to_text(value))
        if len(text) > self.longest:
            return False
        return self.engine.search(_upper(text) if self.ignore_case else text) is not None


@lru_cache(maxsize=1024)
def compile_pattern(source: str, *, ignore_case: bool) -> Pattern:
    """Compile a pattern; raises ``UnfitPattern`` for one outside the portable subset."""
    portable: Portable = read_pattern(code_units(source), _upper_case_within if ignore_case else None)
    return Pattern(source, ignore_case, portable.longest, re.compile(portable.python, re.ASCII))


def code_units(text: str) -> str:
    """The text with one character for each UTF-16 code unit."""
    if text.isascii() or max(text) <= "\uffff":
        return text
    units = text.encode("utf-16-be", "surrogatepass")
    return "".join([chr(units[at] << 8 | units[at + 1]) for at in range(0, len(units), 2)])


def _upper(text: str) -> str:
    if text.isascii():
        return text.upper()
    return "".join(map(canonical, text))


def canonical(character: str) -> str:
    """What ``$regexi`` compares a character by: ECMA-262, Canonicalize without the ``u`` flag."""
    upper = character.upper()
    if len(upper) != 1 or upper > "\uffff" or (upper < "\x80" <= character):
        return character
    return upper


@lru_cache(maxsize=1)
def _changing() -> tuple[str, ...]:
    """The characters that are not their own canonical form, ascending."""
    every = map(chr, range(0x10000))
    return tuple(character for character in every if canonical(character) != character)


def _upper_case_within(start: str, end: str) -> str:
    """The canonical forms of a range's members, as members of a class; the text holds no other forms."""
    changing = _changing()
    within = changing[bisect_left(changing, start) : bisect_right(changing, end)]
    return "".join(dict.fromkeys(re.escape(canonical(character)) for character in within))
