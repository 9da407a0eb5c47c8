"""Stages: how far the ladder was climbed before items were put in order.

Paging must not shuffle what was shown, yet each page may need another rung. So rungs are taken in
stages: the first climbs until a screenful is found, and orders all of it by score; only when its items
are used up does the next stage climb on. The order of a placement is the concatenation of its stages,
whichever page asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from herenow.ordering.indices import Flags, Indices
from herenow.ordering.ladder import LADDER, Climb, Rung, Step, facets_of
from herenow.ordering.rest import best_of_rest
from herenow.ordering.scoring import Feature, Scorer
from herenow.ordering.search import Search
from herenow.ordering.selection import Scores, best_positions
from herenow_sdk.core.reasons import Reason


@dataclass(frozen=True, slots=True)
class Found:
    """Items in order with their scores, intent features and the number of the rung that found each."""

    items: Indices
    scores: Scores
    intent: Feature
    rungs: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.items)

    def taken(self, at: NDArray[np.intp] | slice) -> Found:
        """Some of them."""
        return Found(self.items[at], self.scores[at], self.intent[at], self.rungs[at])


@dataclass(frozen=True, slots=True)
class Stage:
    """Steps whose items are ordered together. ``open_items`` are those of an open-ended last step."""

    steps: Sequence[Step]
    open_items: Flags
    search: Search
    scorer: Scorer
    popular: Indices

    @property
    def told(self) -> tuple[Reason, ...]:
        """What was conceded to get here."""
        return tuple(reason for step in self.steps for reason in step.told)

    def best(self, k: int) -> Found:
        """The best ``k`` by score descending, index ascending; fewer if there are no more."""
        found = _together([self._step(step, k) for step in self.steps])
        return found.taken(best_positions(found.items, found.scores, k))

    def _step(self, step: Step, k: int) -> Found:
        number = LADDER.index(step.rung)
        if step.items is None:
            items, scores = best_of_rest(self.scorer, self.open_items, self.popular, k)
            return Found(items, scores, np.zeros(len(items), np.int64), np.full(len(items), number))
        intent = intent_feature(self.search, step.rung, step.items)
        scores = self.scorer.scores(step.items, intent)
        return Found(step.items, scores, intent, np.full(len(step.items), number))


def intent_feature(search: Search, rung: Rung, items: Indices) -> Feature:
    """Strength of the match times the factor of the rung, rounded, out of 1024."""
    strength = search.strength(items, facets_of(rung.level))
    return np.asarray((strength * rung.factor + 512) >> 10)


def stages(climb: Climb, scorer: Scorer, popular: Indices, screenful: int) -> Iterator[Stage]:
    """The stages of a climb, each of at least ``screenful`` items but the last."""

    def stage(steps: Sequence[Step]) -> Stage:
        return Stage(steps, climb.open, climb.search, scorer, popular)

    steps: list[Step] = []
    found = 0
    for step in climb:
        steps.append(step)
        found += 0 if step.items is None else len(step.items)
        if found >= screenful:
            yield stage(steps)
            steps, found = [], 0
    if steps:
        yield stage(steps)


def _together(parts: Sequence[Found]) -> Found:
    if len(parts) == 1:
        return parts[0]
    return Found(
        np.concatenate([part.items for part in parts]),
        np.concatenate([part.scores for part in parts]),
        np.concatenate([part.intent for part in parts]),
        np.concatenate([part.rungs for part in parts]),
    )
