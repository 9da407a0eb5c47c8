"""Finding phrases in a text: the longest first, wherever they stand.

Among overlapping candidates the longer wins, then what was typed before what was guessed, then the surer,
then the earlier. Each word looks up only phrases that may begin with it, so the work is bounded by words ×
the longest phrase × the readings of an unknown word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from herenow.intent.lattice import TYPED, Arc, Lattice
from herenow.intent.phrases import Meaning, weight_of
from herenow.intent.table import PhraseTable

MAX_GUESSES: Final = 2
"""Words of one phrase that may be guesses. Bounds the readings of a text of nonsense."""


@dataclass(frozen=True, slots=True)
class PhraseMatch:
    """A phrase at token positions ``first`` to ``last`` (exclusive) with all it may mean.

    ``certainty`` is 1 for what was typed and less for a guess; ``read_as`` is the guess, ``faint`` one that
    stands on a word too short to be guessed at.
    """

    first: int
    last: int
    meanings: tuple[Meaning, ...]
    certainty: float = 1.0
    read_as: str | None = None
    faint: bool = False

    @property
    def positions(self) -> range:
        """Of its tokens."""
        return range(self.first, self.last)

    @property
    def length(self) -> int:
        """In tokens."""
        return self.last - self.first

    @property
    def weight(self) -> float:
        """Of the surest meaning, tempered by the certainty of the reading."""
        return self.certainty * max(map(weight_of, self.meanings))


class _Path(NamedTuple):
    """Arcs taken one after the other: what they say together. ``typed`` and ``guessed`` count their words."""

    at: int
    form: str
    stem: str
    certainty: float
    typed: int
    guessed: int
    in_company: bool


def table_matches(lattice: Lattice, table: PhraseTable) -> Iterator[PhraseMatch]:
    """Every phrase of the table that the readings spell."""
    for first, arcs in enumerate(lattice.arcs):
        for arc in arcs:
            reach = table.reach(arc.form, arc.stem)
            if reach:
                yield from _from(first, arc, reach, lattice, table)


def _from(first: int, arc: Arc, reach: int, lattice: Lattice, table: PhraseTable) -> Iterator[PhraseMatch]:
    """Phrases of at most ``reach`` words that begin with an arc."""
    waiting = [_begun(arc)]
    while waiting:
        path = waiting.pop()
        meanings = table.meanings_of(path.form, path.stem)
        if meanings:
            yield _match(first, path, meanings)
        if path.typed + path.guessed < reach and path.at < len(lattice.arcs):
            guesses = path.guessed < MAX_GUESSES
            arcs = lattice.arcs[path.at]
            waiting += [_continued(path, each) for each in arcs if guesses or each.certainty == TYPED]


def _begun(arc: Arc) -> _Path:
    typed = arc.certainty == TYPED
    return _Path(arc.last, arc.form, arc.stem, arc.certainty, int(typed), int(not typed), arc.in_company)


def _continued(path: _Path, arc: Arc) -> _Path:
    form, stem = f"{path.form} {arc.form}", f"{path.stem} {arc.stem}"
    if arc.certainty == TYPED:
        return _Path(arc.last, form, stem, path.certainty, path.typed + 1, path.guessed, path.in_company)
    sure = path.certainty * arc.certainty
    return _Path(arc.last, form, stem, sure, path.typed, path.guessed + 1, path.in_company or arc.in_company)


def _match(first: int, path: _Path, meanings: tuple[Meaning, ...]) -> PhraseMatch:
    if not path.guessed:
        return PhraseMatch(first, path.at, meanings)
    faint = path.in_company and not path.typed
    return PhraseMatch(first, path.at, meanings, path.certainty, path.form, faint)


def chosen(candidates: Iterable[PhraseMatch], size: int) -> tuple[PhraseMatch, ...]:
    """Those of the candidates over ``size`` tokens that do not overlap, in the order of the text."""
    taken = bytearray(size)
    kept = []
    for match in sorted(candidates, key=_preference):
        if not any(taken[match.first : match.last]):
            taken[match.first : match.last] = b"\1" * match.length
            kept.append(match)
    return in_order(*kept)


def in_order(*matches: PhraseMatch) -> tuple[PhraseMatch, ...]:
    """By where they begin."""
    return tuple(sorted(matches, key=lambda match: match.first))


def beside(candidates: Iterable[PhraseMatch], taken: Sequence[PhraseMatch]) -> list[PhraseMatch]:
    """The candidates that touch no token of those ``taken``."""
    return [
        match
        for match in candidates
        if all(match.last <= other.first or other.last <= match.first for other in taken)
    ]


def _preference(match: PhraseMatch) -> tuple[int, bool, float, int]:
    return -match.length, match.certainty < 1.0, -match.weight, match.first
