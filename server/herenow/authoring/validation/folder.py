"""A folder of documents under judgement: read, judged one by one, and what remains sound.

Rules that cross documents look at the *sound* part of each: everything its own schema complained about is
cut out, so that a rule meets only values of the right shape and nothing is told twice. Names are taken from
the documents as written, so that one fault in an audience does not make the audience unknown elsewhere.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from marshmallow import ValidationError

from herenow.authoring.documents import Document
from herenow.authoring.documents.faults import Path, faults_at
from herenow.authoring.positions import Positioned
from herenow.authoring.validation.findings import Problem
from herenow.authoring.validation.select import select

_MISSING: Final = frozenset({"MISSING_FIELD", "EMPTY_STEP", "RULE_WITHOUT_OUTCOME"})
"""Codes of faults whose ``expected`` names members, of which one should be there."""
_MEMBER: Final = re.compile(r"[a-z_]+")
_NAMES: Final = {
    "audience": ("audiences", "~"),
    "campaign": ("campaigns", "~"),
    "feature": ("features", "~"),
    "offer": ("offers", "~"),
    "facet": ("app", "facets/~"),
    "placement": ("app", "placements/*"),
    "capability": ("app", "capabilities/*"),
    "category": ("app", "categories/*"),
    "locale": ("app", "locales/*"),
    "fence": ("fences", "features/*/id"),
    "fence group": ("fences", "features/*/properties/groups/*"),
}


@dataclass(frozen=True, slots=True)
class CatalogFacts:
    """What is known of the catalogue that a set would be served with.

    ``has_item`` tells whether an id exists, ``near_items`` ids written alike (for suggestions), and
    ``facet_values`` the values of a facet, empty for one without values of its own.
    """

    has_item: Callable[[str], bool]
    facet_values: Callable[[str], Collection[str]]
    near_items: Callable[[str], Collection[str]] = field(default=lambda _: ())


@dataclass(frozen=True, slots=True)
class Reach:
    """About how many installations there are, and the share of them that a channel reaches now, 0 to 1."""

    people: int
    shares: Mapping[str, float] = field(default_factory=dict)

    def by(self, channels: Iterable[str]) -> int:
        """How many one of the channels reaches: those of the widest."""
        return round(self.people * max((self.shares.get(each, 1.0) for each in channels), default=1.0))


@dataclass(frozen=True, slots=True)
class Present:
    """What is known of the moment and the people when a set is judged; all of it may be unknown.

    ``now`` in epoch seconds; ``codes`` answers how many codes of an offer are known. What is counted is
    counted when a finding asks for it.
    """

    now: float | None = None
    reach: Callable[[], Reach | None] = lambda: None
    codes: Callable[[str], int | None] = lambda _: None


UNKNOWN: Final = Present()


@dataclass(frozen=True)
class Folder:
    """The documents by name: ``read`` as written, ``sound`` as far as they are right by themselves.

    A document that is not there, or cannot be read at all, is missing in both; ``unreadable`` tells which
    could not be read, so that what they would have declared is not called unknown.
    """

    read: Mapping[str, Positioned]
    sound: Mapping[str, Any]
    unreadable: frozenset[str]
    catalog: CatalogFacts | None
    present: Present = UNKNOWN
    _values: dict[str, tuple[tuple[str, ...], frozenset[str]]] = field(default_factory=dict, compare=False)

    def document(self, name: str) -> Any:
        """The sound part of a document, an empty object when there is none."""
        return self.sound.get(name, {})

    def names(self, kind: str) -> tuple[str, ...] | None:
        """The declared names of a kind (``audience``, ``facet``, …), sorted; None when unknowable."""
        document, path = _NAMES[kind]
        if document in self.unreadable:
            return None
        value = self.read[document].value if document in self.read else {}
        return tuple(sorted({str(name) for _, name in select(value, path) if isinstance(name, str | int)}))

    def facet_values(self, facet: str) -> tuple[tuple[str, ...], frozenset[str]]:
        """The catalogue's values of a facet, sorted and as a set; empty when nothing is known."""
        if facet not in self._values:
            values = self.catalog.facet_values(facet) if self.catalog else ()
            self._values[facet] = tuple(sorted(values)), frozenset(values)
        return self._values[facet]

    def tells_twice(self, problem: Problem) -> bool:
        """Whether what a problem calls missing stands there, and its own fault has been told already."""
        if problem.fault.code not in _MISSING:
            return False
        written = _at(self.read[problem.document].value, problem.path)
        sound = _at(self.document(problem.document), problem.path)
        wanted = _MEMBER.findall(problem.fault.expected or "")
        return any(name in written and name not in sound for name in wanted)

    def is_whole(self, document: str, at: Path, *members: str) -> bool:
        """Whether members of an object are as they were written: nothing in them is faulty by itself."""
        written, sound = _at(self.read[document].value, at), _at(self.document(document), at)
        return all(written.get(name) == sound.get(name) for name in members)

    @cached_property
    def facets(self) -> Mapping[str, Mapping[str, Any]]:
        """The sound declarations of the facets."""
        facets = self.document("app").get("facets", {})
        return {name: facet for name, facet in facets.items() if isinstance(facet, dict)}


def judged_alone(document: Document, value: Any) -> tuple[list[Problem], Any]:
    """The problems of a document by itself, and its sound part."""
    try:
        document.root.check(value)
    except ValidationError as error:
        problems = [Problem(document.name, path, fault) for path, fault in faults_at(error.messages)]
        return problems, sound_part(value, [problem.path for problem in problems])
    return [], value


def sound_part(value: Any, faulty: Collection[Path]) -> Any:
    """``value`` without what stands at the faulty paths; an empty object when it is faulty as a whole."""
    if not isinstance(value, dict) or () in faulty:
        return {}
    sound = copy.deepcopy(value)
    for path in sorted(faulty, key=len, reverse=True):
        _cut(sound, path)
    return sound


def _cut(root: Any, path: Path) -> None:
    """Remove the member at ``path``; for an element, the whole list, so that what remains keeps its shape."""
    container = root
    for step in path[:-1]:
        container = _step(container, step)
    if isinstance(container, dict):
        container.pop(path[-1], None)
    elif isinstance(container, list):
        _cut(root, path[:-1])


def _at(root: Any, path: Path) -> Mapping[str, Any]:
    """The object at a path; an empty one when something else stands there."""
    for step in path:
        root = _step(root, step)
    return root if isinstance(root, dict) else {}


def _step(container: Any, step: str | int) -> Any:
    if isinstance(container, dict):
        return container.get(step)
    if isinstance(container, list) and isinstance(step, int) and step < len(container):
        return container[step]
    return None
