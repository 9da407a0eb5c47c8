"""Finding phrases in a text: the longest first, wherever they stand.

Among overlapping candidates the longer wins, then what was typed before what was guessed, then the surer,
then the earlier. Each word looks up only phrases that may begin with it, so the work is bounded by words ×
the longest phrase × the readings of an unknown word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from herenow.intent.lattice import Arc, Lattice
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
    """Arcs taken from ``first``: what they say together."""

    at: int
    form: str
    stem: str
    words: int
    certainty: float
    typed: int
    guessed: int
    in_company: bool

    def then(self, arc: Arc) -> _Path:
        """One arc further."""
        return _Path(
            arc.last,
            f"{self.form} {arc.form}",
            f"{self.stem} {arc.stem}",
            self.words + 1 + arc.form.count(" "),
            self.certainty * arc.certainty,
            self.typed + arc.is_typed,
            self.guessed + (not arc.is_typed),
            self.in_company or arc.in_company,
        )


def table_matches(lattice: Lattice, table: PhraseTable) -> Iterator[PhraseMatch]:
    """Every phrase of the table that the readings spell."""
    for first, arcs in enumerate(lattice.arcs):
        for arc in arcs:
            yield from _from(first, arc, lattice, table)


def _from(first: int, arc: Arc, lattice: Lattice, table: PhraseTable) -> Iterator[PhraseMatch]:
    reach = table.reach(arc.form, arc.stem)
    if not reach:
        return
    words = 1 + arc.form.count(" ")
    typed = int(arc.is_typed)
    waiting = [_Path(arc.last, arc.form, arc.stem, words, arc.certainty, typed, 1 - typed, arc.in_company)]
    while waiting:
        path = waiting.pop()
        meanings = table.meanings_of(path.form, path.stem)
        if meanings:
            read_as = None if path.certainty == 1.0 else path.form
            faint = path.in_company and not path.typed
            yield PhraseMatch(first, path.at, meanings, path.certainty, read_as, faint)
        if path.words < reach and path.at < len(lattice.arcs):
            waiting += [
                path.then(arc) for arc in lattice.arcs[path.at] if arc.is_typed or path.guessed < MAX_GUESSES
            ]


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
