"""The words of a search that nothing understood, looked for in the items' own text.

Where facets or a place were understood these words only raise items within what those select: an item
without them keeps most of its strength, so that a looser match with every word never passes an equally
strong exact one without (``KEPT`` is above the factor of every looser rung). Where nothing else says what is
meant, the items with the words are what is found: so a title finds its item.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from herenow.catalog import Catalog
from herenow.catalog.fulltext import MOST_ROWS, MOST_WORDS
from herenow.intent.model import Intent, Source
from herenow.ordering.indices import Flags, Indices, contained
from herenow_sdk.core.ordering import SCALE

MOST_FOUND: Final = 500
"""As deep as a placement is paged."""

KEPT: Final = round(0.8 * SCALE)
"""What an item that has the facets keeps of its strength without the words."""
KEPT_IN_PLACE: Final = round(0.5 * SCALE)
"""The same where only a place was understood, and the words are all that says what is sought there."""


@dataclass(frozen=True, slots=True)
class Residual:
    """The items with the words, ascending, and how well each has them: 1 to 1024.

    ``complete`` when they have all ``words``; those with only some stay below 512.
    """

    words: tuple[str, ...]
    items: Indices
    weights: NDArray[np.int64]
    complete: bool
    _catalog: Catalog = field(repr=False)

    @property
    def text(self) -> str:
        """The words, for people."""
        return " ".join(self.words)

    def weight(self, items: Indices) -> NDArray[np.int64]:
        """For each of ``items`` how well it has the words, 0 where it has none."""
        if not len(items):
            return np.zeros(0, dtype=np.int64)
        at = np.minimum(np.searchsorted(self.items, items), len(self.items) - 1)
        return np.where(self.items[at] == items, self.weights[at], 0)

    def tempered(self, strength: NDArray[np.int64], items: Indices, kept: int) -> NDArray[np.int64]:
        """``strength`` of the items: in full with the words at their best, ``kept`` of it without them."""
        return np.asarray(strength * (kept * SCALE + (SCALE - kept) * self.weight(items)) // SCALE**2)

    def found(self, items: Indices) -> Iterator[tuple[str, Flags]]:
        """The words that are told as found, and which of ``items`` have them."""
        universe = len(self._catalog)
        if self.complete:
            yield self.text, contained(items, self.items, universe)
            return
        for word in self.words:
            having = np.sort(self._catalog.fulltext.search([word], MOST_ROWS).items)
            yield word, contained(items, having, universe) & contained(items, self.items, universe)


def _says_something(word: str) -> bool:
    """Not a single letter or figure, which stands in half the titles; a sign of other scripts is a word."""
    return len(word) > 1 or not word.isascii()


def residual_of(catalog: Catalog, intent: Intent) -> Residual | None:
    """What the catalogue's text has of the words not understood; ``None`` where it has nothing of them."""
    words = tuple(dict.fromkeys(_left(catalog, intent)))[:MOST_WORDS]
    if not any(map(_says_something, words)):
        return None
    matches = catalog.fulltext.search(words, MOST_FOUND)
    weights = np.maximum(np.rint(matches.scores.astype(np.float64) * SCALE), 1).astype(np.int64)
    order = np.argsort(matches.items)
    return (
        Residual(words, matches.items[order], weights[order], matches.complete, catalog)
        if len(order)
        else None
    )


def _left(catalog: Catalog, intent: Intent) -> Iterator[str]:
    """Words not understood, and those of names that were announced and that the catalogue does not have."""
    yield from intent.unparsed
    for match in intent.facets:
        if match.source is Source.NAMED and not len(catalog.postings(match.facet, match.value)):
            yield from match.value.split()
