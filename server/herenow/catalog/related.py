"""Which values of a tags facet belong together, learned from nothing but the items that carry them.

Two tags are related when items carry both more often than chance, as siblings or as child and parent.
Siblings (pizza, pasta) are measured by the normalised pointwise mutual information (Bouma 2009),
``ln(p(ab) / p(a)p(b)) / -ln p(ab)``: 0 for independence, 1 for tags that only occur together. It finds no
parent that many others share, so a parent (burger, fast food) is measured by how far the child raises it,
the certainty factor (Shortliffe and Buchanan 1975) ``(p(b|a) - p(b)) / (1 - p(b))``: 1 when no item has the
child without the parent, little in the other direction. The larger of both counts, times
``n(ab) / (n(ab) + 8)``, so that two tags that met once by accident do not look like twins.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from herenow.catalog.csr import Csr

MOST_RELATED: Final = 8
SUPPORT_DAMPING: Final = 8
MAX_TAGS: Final = 16
"""Items with more tags say little about any pair of them, and their pairs grow with the square."""


def related_values(
    sets: Csr, items_per_set: NDArray[np.int64], counts: NDArray[np.int64], items: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """For each value its best relatives: two (values × 8) tables, flattened, of codes and weights.

    ``sets`` are the distinct tag sets, ``items_per_set`` how many items carry each, ``counts`` how many
    items carry each value. Best first, ties by code; unused places hold code -1 and weight 0.
    """
    codes = np.full((len(counts), MOST_RELATED), -1, dtype=np.int32)
    weights = np.zeros((len(counts), MOST_RELATED), dtype=np.float32)
    first, second, together = _pairs(sets, items_per_set, len(counts))
    strength = _association(together, counts[first], counts[second], items)
    order = np.lexsort((second, -strength, first))
    order = order[strength[order] > 0]
    first, second, strength = first[order], second[order], strength[order]
    rank = np.arange(len(first)) - np.searchsorted(first, first)
    best = rank < MOST_RELATED
    codes[first[best], rank[best]] = second[best]
    weights[first[best], rank[best]] = strength[best]
    return codes.ravel(), weights.ravel()


def _pairs(
    sets: Csr, items_per_set: NDArray[np.int64], values: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Every ordered pair of different values that share an item, with the number of items."""
    lengths = sets.lengths()
    kept = np.flatnonzero((lengths >= 2) & (lengths <= MAX_TAGS))
    lengths = lengths[kept]
    members = sets.take(kept).astype(np.int64)
    own_length = np.repeat(lengths, lengths)
    own_row = np.repeat(np.arange(len(kept)), lengths)
    left = np.repeat(members, own_length)
    right = sets.take(np.repeat(kept, lengths)).astype(np.int64)
    weight = np.repeat(items_per_set[kept][own_row], own_length)
    different = left != right
    keys, inverse = np.unique(left[different] * values + right[different], return_inverse=True)
    together = np.bincount(inverse, weights=weight[different], minlength=len(keys)).astype(np.int64)
    return keys // max(values, 1), keys % max(values, 1), together


def _association(
    together: NDArray[np.int64], first: NDArray[np.int64], second: NDArray[np.int64], items: int
) -> NDArray[np.float64]:
    if not len(together):
        return np.zeros(0)
    information = np.log(together * float(items) / (first * second.astype(np.float64)))
    surprise = -np.log(together / items)
    sibling = np.divide(information, surprise, out=np.zeros(len(together)), where=surprise > 0)
    strength = np.maximum(sibling, _certainty(together / first, second / items))
    return np.round(np.maximum(strength, 0.0) * together / (together + SUPPORT_DAMPING), 4)


def _certainty(given: NDArray[np.float64], base: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(given - base, 1 - base, out=np.zeros(len(given)), where=base < 1)
