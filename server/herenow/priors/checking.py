"""Whether a model is good enough to be served: its scores on days that it has not seen, beside another's.

Scores are means over people, so that nobody counts for more than one: the log-loss of the next place and of
the hour of the week (in nats), and how often the next new item is among the first ten of everybody's
neighbours of what the person touched. The difference has a 95 % interval, from its standard error over
people. A model is *worse* when, by any score of at least ``LEAST_PEOPLE`` people, the whole interval lies
more than ``TOLERANCE`` of the other's score on the bad side.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import numpy as np

from herenow.learning.best_time import CELLS, best_times
from herenow.learning.model import LEAST_PEOPLE, Model
from herenow.learning.next_place import foretold, weights_of
from herenow.learning.places import Places, Visit, visited
from herenow.priors.counting import Counting

TOLERANCE: Final = 0.01
MOST_PEOPLE: Final = 1_000
"""People who are asked about, the same for every model."""
FIRST_ITEMS: Final = 10

_FADE: Final = 0.8
_LATEST: Final = 50
_NORMAL: Final = 1.96
_UNFORESEEN: Final = 1e-6
_DAY_MS: Final = 86_400_000
_EPOCH: Final = date(1970, 1, 1)

Trail = Sequence[Visit]
ByPerson = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Score:
    """A measure of both models, and by how much the new one is better, with its interval."""

    measure: str
    people: int
    new: float
    old: float
    better_by: float
    low: float
    high: float

    @property
    def worse(self) -> bool:
        """Whether the new model is worse beyond doubt and tolerance."""
        return self.people >= LEAST_PEOPLE and self.high < -TOLERANCE * abs(self.old)

    def as_json(self) -> dict[str, Any]:
        """For reports and records."""
        return {**asdict(self), "worse": self.worse}


def check(counts: Counting, new: Model, old: Model, begin: date) -> list[Score]:
    """The scores of both on what happened from the day ``begin`` on, told what happened before it."""
    measures: Sequence[tuple[str, float, Callable[[Model], ByPerson]]] = (
        ("next place, log-loss", -1.0, _place_losses(counts, begin)),
        ("best time, log-loss", -1.0, _time_losses(counts, begin)),
        (f"content, hit@{FIRST_ITEMS}", 1.0, _content_hits(counts, begin)),
    )
    scores = (_score(name, sign, ask(new), ask(old)) for name, sign, ask in measures)
    return [each for each in scores if each is not None]


def _score(measure: str, sign: float, new: ByPerson, old: ByPerson) -> Score | None:
    """``None`` when nobody could be asked about."""
    people = sorted(new)
    if not people:
        return None
    ours, theirs = (np.array([told[who] for who in people]) for told in (new, old))
    better = sign * (ours - theirs)
    spread = float(better.std(ddof=1) / np.sqrt(len(people))) if len(people) > 1 else float("inf")
    mean, half = float(better.mean()), min(_NORMAL * spread, 1e9)
    return Score(
        measure, len(people), float(ours.mean()), float(theirs.mean()), mean, mean - half, mean + half
    )


def _place_losses(counts: Counting, begin: date) -> Callable[[Model], ByPerson]:
    first = (begin - _EPOCH).days
    trails = {
        who: [Visit(place, day, cell) for _, place, day, cell in rows]
        for who, rows in groupby(counts.ask("trails", most_people=MOST_PEOPLE), key=itemgetter(0))
    }

    def ask(model: Model) -> ByPerson:
        told = {who: _losses_along(model, trail, first) for who, trail in trails.items()}
        return {who: float(np.mean(losses)) for who, losses in told.items() if losses}

    return ask


def _losses_along(model: Model, trail: Trail, first: int) -> list[float]:
    known, losses = Places(), []
    for at, visit in enumerate(trail):
        if at and visit.day >= first:
            told = foretold(known, model.places, trail[at - 1])
            chance = float(told.of(visit.place) @ weights_of(model.places, told.context))
            losses.append(-float(np.log(max(chance, _UNFORESEEN))))
        known = visited(known, visit)
    return losses


def _time_losses(counts: Counting, begin: date) -> Callable[[Model], ByPerson]:
    """By person and channel, who were there before and after."""
    rows = counts.ask("hours", split_ms=_ms(begin), most_people=MOST_PEOPLE)
    told: dict[str, dict[str, Any]] = {}
    for channel, who, cell, early, late in rows:
        spans = told.setdefault(channel, {}).setdefault(who, np.zeros((2, CELLS)))
        spans[:, cell] = early, late

    def ask(model: Model) -> ByPerson:
        found = {}
        for channel, people in told.items():
            asked = {who: spans for who, spans in people.items() if spans[0].any() and spans[1].any()}
            if asked:
                before, after = np.stack(list(asked.values()), axis=1)
                chances = best_times(before, model.times_of(channel))
                losses = -(after * np.log(np.maximum(chances, _UNFORESEEN))).sum(axis=1) / after.sum(axis=1)
                found.update(
                    {f"{channel} {who}": float(loss) for who, loss in zip(asked, losses, strict=True)}
                )
        return found

    return ask


def _content_hits(counts: Counting, begin: date) -> Callable[[Model], ByPerson]:
    """Of who touched items before, and a new one after: whether that was foretold."""
    split = _ms(begin)
    cases: dict[str, tuple[list[str], str]] = {}
    for who, rows in groupby(counts.ask("histories", most_people=MOST_PEOPLE), key=itemgetter(0)):
        items = list(rows)
        before = [item for _, item, first, _ in items if first < split]
        new = min(((first, item) for _, item, first, _ in items if first >= split), default=None)
        if before and new:
            cases[who] = before, new[1]

    def ask(model: Model) -> ByPerson:
        popular = list(model.items.people)
        return {
            who: float(item in told_items(model, before, popular)) for who, (before, item) in cases.items()
        }

    return ask


def told_items(model: Model, history: Sequence[str], popular: Sequence[str]) -> list[str]:
    """The first new items by neighbours of the latest of a history, filled up with the most popular."""
    scores: dict[str, float] = {}
    for back, item in enumerate(reversed(history[-_LATEST:])):
        for other, weight in model.items.neighbours.get(item, ()):
            scores[other] = scores.get(other, 0.0) + weight * _FADE**back
    known = set(history)
    ranked = sorted(scores, key=lambda item: (-scores[item], item))
    return [item for item in dict.fromkeys([*ranked, *popular]) if item not in known][:FIRST_ITEMS]


def _ms(day: date) -> int:
    return (day - _EPOCH).days * _DAY_MS
