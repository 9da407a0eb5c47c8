"""What changed between two sets of documents, in the words of the documents.

Structural: layout, key order and ``$schema`` are no change. A change is told by file and JSON pointer.
Lists whose elements name themselves (rules by ``id``, pins by ``item``) are compared by that name, so
inserting a rule is one addition and not a change of every rule after it; a new order of the same
elements is a move, because the first matching rule decides. Other lists are values.

Pointers of what was removed lead into the old set, all others into the new one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any, Final, Literal

from herenow.authoring.parts import without_schema
from herenow.authoring.positions import pointer_of
from herenow.canonical import canonical_json

Kind = Literal["added", "removed", "changed", "moved"]

MAX_CHANGES: Final = 500
MAX_VALUE_CHARS: Final = 400
"""Longer values are told by their beginning."""

_NAMES: Final = ("id", "item")
_SIGNS: Final[Mapping[Kind, str]] = {"added": "+", "removed": "-", "changed": "~", "moved": "↕"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a set of documents: the JSON path for programs, the same in names for people."""

    file: str
    path: tuple[str | int, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def pointer(self) -> str:
        """RFC 6901."""
        return pointer_of(self.path)

    def below(self, step: str | int, word: str | None = None) -> Place:
        """The place one step further; ``word`` when people know it by another name."""
        return Place(self.file, (*self.path, step), (*self.words, str(step) if word is None else word))


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. ``before`` and ``after`` are JSON values; the one that does not apply is ``None``.

    For a move they are the names of the elements, in order.
    """

    place: Place
    kind: Kind
    before: Any = None
    after: Any = None

    def as_json(self) -> dict[str, Any]:
        """With long values shortened to text."""
        told: dict[str, Any] = {"file": self.place.file, "pointer": self.place.pointer, "kind": self.kind}
        if self.kind != "added":
            told["before"] = _bounded(self.before)
        if self.kind != "removed":
            told["after"] = _bounded(self.after)
        return told


@dataclass(frozen=True, slots=True)
class Diff:
    """At most ``MAX_CHANGES`` changes, by file and place; ``truncated`` when there are more."""

    changes: tuple[Change, ...]
    truncated: bool = False

    def as_json(self) -> dict[str, Any]:
        """The shape of the admin plane."""
        return {"changes": [change.as_json() for change in self.changes], "truncated": self.truncated}

    def as_text(self) -> str:
        """For a person: grouped by file, one line a change."""
        if not self.changes:
            return "no changes"
        lines = list(_lines(self.changes))
        if self.truncated:
            lines.append(f"… and more; the first {MAX_CHANGES} are shown")
        return "\n".join(lines)


def diff_documents(before: Mapping[str, Any], after: Mapping[str, Any]) -> Diff:
    """What turns ``before`` into ``after``, both parsed documents by file name."""
    found = list(islice(_file_changes(before, after), MAX_CHANGES + 1))
    return Diff(tuple(found[:MAX_CHANGES]), truncated=len(found) > MAX_CHANGES)


def _file_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for file in sorted(before.keys() | after.keys()):
        old, new = without_schema(before.get(file, {})), without_schema(after.get(file, {}))
        yield from _objects(Place(file), old, new)


def _values(place: Place, old: Any, new: Any) -> Iterator[Change]:
    if canonical_json(old) == canonical_json(new):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _objects(place, old, new)
        return
    old_names, new_names = _names(old), _names(new)
    if old_names is None or new_names is None:
        yield Change(place, "changed", old, new)
        return
    was, now = dict(zip(old_names, old, strict=True)), dict(zip(new_names, new, strict=True))
    yield from _named(place, was, now)


def _objects(place: Place, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for key in sorted(old.keys() | new.keys()):
        if key not in new:
            yield Change(place.below(key), "removed", before=old[key])
        elif key not in old:
            yield Change(place.below(key), "added", after=new[key])
        else:
            yield from _values(place.below(key), old[key], new[key])


def _named(place: Place, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Lists whose elements have names."""
    for index, (name, element) in enumerate(old.items()):
        if name not in new:
            yield Change(place.below(index, name), "removed", before=element)
    for index, (name, element) in enumerate(new.items()):
        if name not in old:
            yield Change(place.below(index, name), "added", after=element)
        else:
            yield from _values(place.below(index, name), old[name], element)
    was, now = [name for name in old if name in new], [name for name in new if name in old]
    if was != now:
        yield Change(place, "moved", was, now)


def _names(elements: Any) -> list[str] | None:
    """The names of a list's elements, when every one has its own."""
    if not isinstance(elements, list) or not all(isinstance(each, dict) for each in elements):
        return None
    for member in _NAMES:
        names = [each[member] for each in elements if isinstance(each.get(member), str)]
        if len(set(names)) == len(elements):
            return names
    return None


def _lines(changes: Sequence[Change]) -> Iterator[str]:
    for file, of_file in groupby(changes, key=lambda change: change.place.file):
        yield file
        for change in of_file:
            yield f"  {_SIGNS[change.kind]} {' / '.join(change.place.words)}: {_told(change)}"


def _told(change: Change) -> str:
    if change.kind == "added":
        return _short(change.after)
    if change.kind == "removed":
        return _short(change.before)
    return f"{_short(change.before)} → {_short(change.after)}"


def _bounded(value: Any) -> Any:
    """The value itself, or the beginning of its JSON as text when it is long."""
    return value if len(canonical_json(value)) <= MAX_VALUE_CHARS else _short(value)


def _short(value: Any) -> str:
    text = canonical_json(value).decode()
    return text if len(text) <= MAX_VALUE_CHARS else text[: MAX_VALUE_CHARS - 1] + "…"
