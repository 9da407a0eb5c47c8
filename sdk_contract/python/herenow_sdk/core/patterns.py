r"""JavaScript regular expressions, for ``$regex`` and ``$regexi``, on Python's engine.

The two dialects differ in few places that matter to targeting: ``$`` (JavaScript means the very end),
``\d`` and ``\w`` (ASCII there), named groups, needless escapes of letters, and ``[`` or doubled
punctuation inside a class. Those are translated; a pattern that either side cannot read is ``None``,
and a condition on it never matches.

Both engines backtrack: a pathological pattern is slow on every phone too, so authoring refuses it; here the
pattern and the text searched are merely bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from herenow_sdk.core.values import to_text

MAX_PATTERN: Final = 1000
MAX_SUBJECT: Final = 10_000

_PIECE: Final = re.compile(
    r"""\\k<([A-Za-z_]\w*)>     # a named back reference
      | \(\?<(?![=!])           # a named group
      | \(\?[^:=!<]|[*+?}]\+    # what only Python reads: flags, conditionals, possessive repeats
      | \[\^?\]?                # the start of a class, or a whole empty one
      | \\. | .""",
    re.ASCII | re.DOTALL | re.VERBOSE,
)
_EMPTY_CLASSES: Final = {"[]": "(?!)", "[^]": r"[\s\S]"}
_DIGITS_AND_WORDS: Final = {"d": "0-9", "w": "A-Za-z0-9_"}
_SHARED_ESCAPES: Final = frozenset("bBsSDWfnrtvxu")
_CLASS_PUNCTUATION: Final = frozenset("&~|")


def compile_pattern(source: Any, *, ignore_case: bool) -> re.Pattern[str] | None:
    """The compiled pattern, or ``None`` when it cannot be read."""
    if not isinstance(source, str) or len(source) > MAX_PATTERN:
        return None
    try:
        return re.compile("".join(_translated(source)), re.IGNORECASE if ignore_case else 0)
    except (re.error, OverflowError, RecursionError, Warning):
        # OverflowError: a repeat count beyond the engine; RecursionError: thousands of groups;
        # Warning: where the host turns the engine's warnings on doubtful syntax into errors
        return None


def searches(pattern: re.Pattern[str], value: Any) -> bool:
    """Whether the pattern occurs anywhere in the value's text (``null`` is searched as ``"null"``)."""
    return pattern.search(to_text(value)[:MAX_SUBJECT]) is not None


def _translated(source: str) -> Iterator[str]:
    in_class = False
    before = ""  # what was last written, which decides whether a hyphen makes a range
    for match in _PIECE.finditer(source):
        piece = match.group()
        if in_class:
            in_class = not piece.endswith("]") or piece.startswith("\\")
            before = _inside_class(piece, before)
        else:
            in_class = piece in {"[", "[^"}
            before = _outside_class(piece, match.group(1))
        yield before


def _inside_class(piece: str, before: str) -> str:
    if piece in _CLASS_PUNCTUATION or piece.startswith("["):
        return "\\" + piece
    if piece == "-" and before in {"-", "[", "[^"}:
        return r"\-"
    return _escape(piece, "{}")


def _outside_class(piece: str, group_name: str | None) -> str:
    if piece == "$":
        return r"\Z"
    if piece == "(?<":
        return "(?P<"
    if group_name is not None:
        return f"(?P={group_name})"
    if piece in _EMPTY_CLASSES:
        return _EMPTY_CLASSES[piece]
    if piece.startswith("(?") or (len(piece) == 2 and piece.endswith("+") and piece[0] != "\\"):
        raise re.error("not a pattern in JavaScript")
    return _escape(piece, "[{}]")


def _escape(piece: str, class_form: str) -> str:
    letter = piece[1:]
    if not piece.startswith("\\") or not (letter.isascii() and letter.isalpha()):
        return piece
    if letter in _DIGITS_AND_WORDS:
        return class_form.format(_DIGITS_AND_WORDS[letter])
    return piece if letter in _SHARED_ESCAPES else letter
