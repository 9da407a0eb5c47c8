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

_TOKEN: Final = re.compile(r"\\k<([A-Za-z_]\w*)>|\(\?<(?![=!])|\\.|.", re.ASCII | re.DOTALL)
_CLASSES: Final = {"d": "0-9", "w": "A-Za-z0-9_"}
_SHARED_ESCAPES: Final = frozenset("bBsSDWfnrtvxu0123456789")
_CLASS_PUNCTUATION: Final = frozenset("[&~|")


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
    previous = ""
    for match in _TOKEN.finditer(source):
        piece = match.group()
        if piece == "[" and not in_class:
            in_class = True
            yield piece
        elif piece == "]" and in_class:
            in_class = False
            yield piece
        elif in_class:
            yield _inside_class(piece, previous)
        else:
            yield _outside_class(piece, match.group(1))
        previous = piece


def _inside_class(piece: str, previous: str) -> str:
    if piece in _CLASS_PUNCTUATION or (piece == "-" and previous in {"-", "["}):
        return "\\" + piece
    return _escape(piece, "{}")


def _outside_class(piece: str, group_name: str | None) -> str:
    if piece == "$":
        return r"\Z"
    if piece == "(?<":
        return "(?P<"
    if group_name is not None:
        return f"(?P={group_name})"
    return _escape(piece, "[{}]")


def _escape(piece: str, class_form: str) -> str:
    if len(piece) != 2 or piece[0] != "\\" or not piece[1].isalpha() or not piece[1].isascii():
        return piece
    if piece[1] in _CLASSES:
        return class_form.format(_CLASSES[piece[1]])
    return piece if piece[1] in _SHARED_ESCAPES else piece[1]
