"""What is wrong with one value, told without knowing where it stands.

Fields raise marshmallow's ``ValidationError`` carrying ``Fault`` objects; marshmallow nests them by member
name and index, and ``faults_at`` flattens that nesting into paths. Validation adds file, line and column.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: stable upper-case ``code``, a sentence, what was expected, and the names to choose from.

    ``given`` is the wrong name, when the fault is a name; ``likely`` is offered in its place, or the nearest
    of ``choices`` to it.
    """

    code: str
    detail: str
    expected: str | None = None
    given: str | None = None
    choices: tuple[str, ...] = ()
    likely: str | None = None

    def error(self) -> ValidationError:
        """The exception that carries this fault through marshmallow."""
        return ValidationError([self])  # marshmallow keeps a list as it is, whatever is in it


def one_of(choices: Sequence[str], limit: int = 12) -> str:
    """Names to choose from, as "one of: a, b, c"; shortened after ``limit`` of them."""
    if not choices:
        return "none is declared"
    shown = ", ".join(choices[:limit])
    more = f", … ({len(choices)} in all)" if len(choices) > limit else ""
    return f"one of: {shown}{more}"


def unknown(code: str, kind: str, given: str, choices: Sequence[str]) -> Fault:
    """``given`` names no ``kind``; ``choices`` are the ones there are."""
    return Fault(code, f"no {kind} '{shorten(given)}'", one_of(choices), given, tuple(choices))


def shorten(text: str, length: int = 60) -> str:
    """Text for a message: never longer than a line can bear."""
    return text if len(text) <= length else text[: length - 1] + "…"


def name_of_type(value: Any) -> str:
    """A JSON value's type in words."""
    if value is None:
        return "null"
    names = {bool: "true or false", str: "a string", int: "a number", float: "a number", list: "a list"}
    return names.get(type(value), "an object")


def faults_at(messages: Any, path: Path = ()) -> Iterator[tuple[Path, Fault]]:
    """Every fault inside marshmallow's nested messages, with the path it stands at."""
    if isinstance(messages, Mapping):
        for step, below in messages.items():
            yield from faults_at(below, (*path, step))
        return
    for message in messages:
        if isinstance(message, Fault):
            yield path, message
        else:
            yield from faults_at(message, path)
