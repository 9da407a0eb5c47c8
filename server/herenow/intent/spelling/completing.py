"""Phrases that fail only because a neighbour was mistyped as another word: "vile parel" for "vile parle".

A word that stands in phrases but completed none is an orphan. Its neighbours may be slips although they are
known, so they are guessed at too, and only phrases that take the orphan in count. Texts without orphans,
nearly all, cost nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from herenow.intent.lattice import Guesser, lattice_of
from herenow.intent.matching import PhraseMatch, table_matches
from herenow.intent.normalise import Token
from herenow.intent.table import PhraseTable


def completed(
    tokens: Sequence[Token], orphans: Collection[int], table: PhraseTable, guess: Guesser
) -> Iterator[PhraseMatch]:
    """Further phrases of ``tokens`` that take in one of the ``orphans``, given by position."""
    starts = {tokens[at].start for orphan in orphans for at in _beside(orphan, len(tokens))}
    lattice = lattice_of(tokens, lambda token: token.start not in starts, guess)
    for match in table_matches(lattice, table):
        if not match.faint and any(at in orphans for at in range(match.first, match.last)):
            yield match


def _beside(at: int, count: int) -> Iterator[int]:
    yield from (other for other in (at - 1, at + 1) if 0 <= other < count)
