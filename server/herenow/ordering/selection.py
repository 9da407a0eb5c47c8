"""The best k of many scored items, exactly as a full sort would give them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from herenow.ordering.indices import Indices

Scores = NDArray[np.int64]


def kth_largest(scores: Scores, k: int) -> int:
    """The k-th largest score, the smallest if there are fewer; ``scores`` is not empty, ``k`` ≥ 1."""
    at = max(len(scores) - k, 0)
    return int(np.partition(scores, at)[at])


def best_positions(items: Indices, scores: Scores, k: int) -> NDArray[np.intp]:
    """Positions of the best ``k`` by score descending, item ascending; no item stands twice.

    Only what is needed is sorted: everything above the k-th score, and of those equal to it as many
    as fit, lowest index first, so that a catalogue of equals costs no more than one of differences.
    """
    if k <= 0 or not len(items):
        return np.zeros(0, dtype=np.intp)
    if len(items) <= k:
        return np.lexsort((items, -scores))
    threshold = kth_largest(scores, k)
    above = np.flatnonzero(scores > threshold)
    level = np.flatnonzero(scores == threshold)
    level = level[np.argsort(items[level], kind="stable")][: k - len(above)]
    return np.concatenate([above[np.lexsort((items[above], -scores[above]))], level])
