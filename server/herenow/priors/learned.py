"""Learning a model from an export, and judging it beside the one that is served.

The last fifth of the days is kept apart: a candidate learned from the days before them is judged on them,
beside the live model. Where the live model has seen some of them, only the days after it count; where it has
seen all, there is nothing to judge it by, and the candidate is held against knowing nothing. What is served
in the end is learned from all days, in the same way as the candidate.

Few days cannot be split. What they teach is served where nothing is live, and never in place of a model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from herenow.errors import Invalid
from herenow.learning.model import LEAST_PEOPLE, NOTHING_LEARNED, Model
from herenow.priors.checking import Score, check
from herenow.priors.counting import Asides, counting, days_in
from herenow.priors.fitting import fit

HELD_OUT: Final = 0.2
LEAST_DAYS: Final = 5
"""Fewer days than these are not split."""


@dataclass(frozen=True, slots=True)
class Live:
    """The model that is served, and the last day it was learned from."""

    model: Model = Model.EMPTY
    through: date | None = None


@dataclass(frozen=True, slots=True)
class Learned:
    """A model, the days it was learned from, and its candidate's scores beside ``against``'s.

    ``unjudged``: of too few days to judge it by, while another model is live.
    """

    model: Model
    days: tuple[date, date]
    scores: tuple[Score, ...]
    against: str
    unjudged: bool = False

    @property
    def worse(self) -> bool:
        """Whether it should not be served."""
        return any(score.worse for score in self.scores)

    def as_json(self) -> dict[str, Any]:
        """What its record says."""
        return {
            "days": [day.isoformat() for day in self.days],
            "against": self.against,
            "scores": [score.as_json() for score in self.scores],
        }


def learn(
    folder: Path,
    asides: Asides,
    live: Live,
    *,
    first: date | None = None,
    last: date | None = None,
    told: Callable[[str], None] = lambda _: None,
) -> Learned:
    """Learn from the days of an export and judge what was learned; ``told`` hears what is being done.

    Raises ``Invalid`` (TOO_FEW_PEOPLE) when there are not enough people, ``LearnMissing`` without the extra.
    """
    days = days_in(folder, first, last)
    if not days:
        raise _too_few()
    told(f"learning from {len(days)} days")
    span = min(days), max(days)
    with counting(list(days.values()), asides) as counts:
        model = fit(counts, span)
    if model.version == NOTHING_LEARNED:
        raise _too_few()
    if model.version == live.model.version:
        return Learned(model, span, (), live.model.version)
    if len(days) < LEAST_DAYS:
        unjudged = live.model.version != NOTHING_LEARNED
        return Learned(model, span, (), live.model.version, unjudged=unjudged)
    told("judging on the last days")
    return _judged(model, days, asides, live)


def _judged(model: Model, days: dict[date, Path], asides: Asides, live: Live) -> Learned:
    cut = list(days)[-max(1, int(len(days) * HELD_OUT))]
    against, begin = _opponent(live, cut, max(days))
    before = [day for day in days if day < cut]
    with counting([days[day] for day in before], asides) as counts:
        candidate = fit(counts, (before[0], before[-1]))
    with counting(list(days.values()), asides) as counts:
        scores = check(counts, candidate, against, begin)
    return Learned(model, (min(days), max(days)), tuple(scores), against.version)


def _opponent(live: Live, cut: date, last: date) -> tuple[Model, date]:
    """Whom to be held against, and from which day on."""
    if live.through is None or live.through < cut:
        return live.model, cut
    if live.through < last:
        return live.model, live.through + timedelta(days=1)
    return Model.EMPTY, cut


def table(scores: Sequence[Score]) -> list[str]:
    """The scores as lines of text."""
    head = f"{'measure':<24}{'people':>8}{'new':>9}{'live':>9}{'better by':>11}   95 % interval"
    rows = (
        f"{each.measure:<24}{each.people:>8,}{each.new:>9.3f}{each.old:>9.3f}{each.better_by:>11.3f}"
        f"   {each.low:.3f} to {each.high:.3f}{'   worse' if each.worse else ''}"
        for each in scores
    )
    return [head, *rows]


def _too_few() -> Invalid:
    return Invalid(
        f"fewer than {LEAST_PEOPLE} people are in these days",
        code="TOO_FEW_PEOPLE",
        detail="Nothing is learned of so few; give more days, or wait.",
    )
