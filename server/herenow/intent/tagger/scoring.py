"""How well spans are found: exact and overlapping, by slot and together.

*Exact* counts a span of the labelled slot and borders. *Overlap* counts one that shares a character with a
labelled span of its slot, one for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from herenow.intent.tagger.spans import SlotSpan

_RESAMPLES = 1000
_SEED = 20260101

Spans = Iterable[SlotSpan]


class Counts(NamedTuple):
    """Spans found as labelled, found besides, and missed."""

    hits: int = 0
    extra: int = 0
    missed: int = 0

    def plus(self, other: Counts) -> Counts:
        """Both together."""
        return Counts(self.hits + other.hits, self.extra + other.extra, self.missed + other.missed)

    @property
    def labelled(self) -> int:
        """How many were to be found."""
        return self.hits + self.missed

    @property
    def f1(self) -> float:
        """0 to 1; 0 where there is nothing to find and nothing was."""
        whole = 2 * self.hits + self.extra + self.missed
        return 2 * self.hits / whole if whole else 0.0


def exact(labelled: Spans, found: Spans) -> Counts:
    """By slot and borders."""
    wanted, said = set(labelled), set(found)
    hits = len(wanted & said)
    return Counts(hits, len(said) - hits, len(wanted) - hits)


def overlap(labelled: Spans, found: Spans) -> Counts:
    """By slot and a shared character."""
    wanted, said = list(labelled), list(found)
    hits = 0
    for span in said:
        touched = next((other for other in wanted if _touch(span, other)), None)
        if touched is not None:
            wanted.remove(touched)
            hits += 1
    return Counts(hits, len(said) - hits, len(wanted))


def of_slot(spans: Spans, slot: str) -> list[SlotSpan]:
    """Those of one slot."""
    return [span for span in spans if span.slot == slot]


def together(counts: Iterable[Counts]) -> Counts:
    """Their sum."""
    total = Counts()
    for each in counts:
        total = total.plus(each)
    return total


def likelihood_better(ours: Sequence[Counts], theirs: Sequence[Counts]) -> float:
    """The share of paired resamples of the searches in which ours has the higher F1 (Efron, 1993)."""
    if not ours:
        return 0.0
    rows = np.asarray([(*one, *other) for one, other in zip(ours, theirs, strict=True)], dtype=np.int64)
    draws = np.random.default_rng(_SEED).multinomial(len(rows), np.full(len(rows), 1 / len(rows)), _RESAMPLES)
    sums = draws @ rows
    return float(np.mean(_f1(sums[:, :3]) > _f1(sums[:, 3:])))


def _f1(sums: NDArray[np.int64]) -> NDArray[np.float64]:
    whole = 2 * sums[:, 0] + sums[:, 1] + sums[:, 2]
    return np.asarray(2 * sums[:, 0] / np.maximum(whole, 1), dtype=np.float64)


def _touch(one: SlotSpan, other: SlotSpan) -> bool:
    return one.slot == other.slot and one.start < other.end and other.start < one.end
