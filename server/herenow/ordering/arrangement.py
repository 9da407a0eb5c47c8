"""From scored items to positions: sheets that ``herenow_sdk.core`` arranges.

Core arranges a list it has in full, which for a catalogue would be far too much for one screen. So the
order is laid out in sheets: a fixed number of the next best items, arranged by core with the pins that
fall on them. The last positions of a sheet go into the arrangement of the next one as if pinned, so
variety also holds where two sheets meet. Which sheet an item is on does not depend on the page asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from herenow.ordering.indices import Indices
from herenow.ordering.ladder import LADDER, PINNED_RUNG
from herenow.ordering.scoring import Scorer
from herenow.ordering.search import Facets, Search
from herenow.ordering.stages import Found
from herenow_sdk.core.diversity import Diversity
from herenow_sdk.core.ordering import Candidate, OrderingRule, Pin, arrange

_NO_RUNG: Final = -1
_TOTAL: Final = "total"
_BY_TOTAL: Final = {_TOTAL: 1}
"""Core is given each score summed up already: the same integer, without asking every feature again."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An item at its position; ``intent`` is its intent feature."""

    index: int
    candidate: Candidate
    intent: int
    rung: str

    @property
    def score(self) -> int:
        """What it was ordered by."""
        return self.candidate.features[_TOTAL]


class Identity(NamedTuple):
    """What core needs to know of an item besides its score: its id, its values of the diversity facet."""

    id: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnownPin:
    """A pin of an item that the catalogue has, with its index there."""

    index: int
    pin: Pin


@dataclass(frozen=True, slots=True)
class Groups:
    """What diversity counts: the values of its facet, except for items that were asked for by it."""

    limit: Diversity
    searched: frozenset[str]

    def of(self, values: tuple[str, ...]) -> tuple[str, ...]:
        """The groups of an item with these values. What somebody searched for may fill the screen."""
        return () if self.searched.intersection(values) else values


class Arranger:
    """Lays out one answer, sheet by sheet. Of ``pins`` of one position the first has it."""

    def __init__(
        self,
        scorer: Scorer,
        search: Search,
        groups: Groups | None,
        pins: Sequence[KnownPin],
        look_up: Callable[[Indices], Iterable[Identity]],
    ) -> None:
        self._scorer = scorer
        self._search = search
        self._groups = groups
        self._waiting_pins = sorted(pins, key=lambda known: known.pin.position)
        self._look_up = look_up
        self.entries: list[Entry] = []

    def lay(self, found: Found) -> None:
        """Add a sheet of the next best items and the pins that fall on it."""
        self._arrange(self._entries(found), self._pinned(self._due_pins(len(found))))

    def finish(self) -> None:
        """Add the pins whose positions no item has reached; positions past the end mean the end."""
        if self._waiting_pins:
            pins, self._waiting_pins = self._waiting_pins, []
            self._arrange([], self._pinned(pins))

    def _due_pins(self, length: int) -> list[KnownPin]:
        """Pins within the next ``length`` positions, themselves taking up one each."""
        end = len(self.entries) + length
        due = 0
        while due < len(self._waiting_pins) and self._waiting_pins[due].pin.position <= end + due:
            due += 1
        pins, self._waiting_pins = self._waiting_pins[:due], self._waiting_pins[due:]
        return pins

    def _arrange(self, entries: list[Entry], pinned: list[tuple[Entry, int]]) -> None:
        """``pinned`` are entries with their positions in the whole order, from 1."""
        tail = self._tail()
        shift = len(tail) - len(self.entries)
        pins = [Pin(entry.candidate.id, at) for at, entry in enumerate(tail, start=1)]
        pins += [Pin(entry.candidate.id, position + shift) for entry, position in pinned]
        together = [*tail, *entries, *(entry for entry, _ in pinned)]
        varied = self._groups is not None and any(entry.candidate.groups for entry in together)
        limit = self._groups.limit if self._groups and varied else None
        rule = OrderingRule(_BY_TOTAL, tuple(pins), limit)
        ranked = arrange([entry.candidate for entry in together], rule)
        by_id = {entry.candidate.id: entry for entry in together}
        self.entries += [by_id[place.candidate.id] for place in ranked[len(tail) :]]

    def _tail(self) -> list[Entry]:
        """The last positions that share a window of variety with those to come."""
        if self._groups is None or self._groups.limit.per < 2:
            return []
        return self.entries[-(self._groups.limit.per - 1) :]

    def _pinned(self, pins: Sequence[KnownPin]) -> list[tuple[Entry, int]]:
        """A pinned item matches the search by its facets alone, for no rung found it."""
        if not pins:
            return []
        items = np.array([known.index for known in pins], dtype=np.int32)
        intent = np.zeros(len(items), dtype=np.int64)
        if self._search.wishes:
            intent = self._search.strength(items, Facets.ASKED)
        scores = self._scorer.scores(items, intent)
        entries = self._entries(Found(items, scores, intent, np.full(len(items), _NO_RUNG)))
        return [(entry, known.pin.position) for entry, known in zip(entries, pins, strict=True)]

    def _entries(self, found: Found) -> list[Entry]:
        columns = (found.items, found.scores, found.intent, found.rungs)
        rows = zip(*(column.tolist() for column in columns), self._look_up(found.items), strict=True)
        return [
            Entry(index, self._candidate(identity, score), intent, _rung_name(rung))
            for index, score, intent, rung, identity in rows
        ]

    def _candidate(self, identity: Identity, score: int) -> Candidate:
        groups = self._groups.of(identity.values) if self._groups else ()
        return Candidate(identity.id, {_TOTAL: score}, groups)


def _rung_name(number: int) -> str:
    return PINNED_RUNG if number == _NO_RUNG else LADDER[number].name
