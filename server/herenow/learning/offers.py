"""Which offer to make to whom: counts by form and daypart, shrunk, and a draw that can be repeated.

Of each arm (an offer form in a daypart) a person has exposures n and responses y. Their rate is Beta with a
mean shrunk level by level, everybody → segment → person, each level worth ``STRENGTH`` exposures to the next:
(y + k m) / (n + k) (Gelman et al. 2013, chapter 5). Forms and dayparts lend each other evidence: the prior m
of an arm is the mean of the level above, times how its form does in other dayparts, and its daypart at all,
against what that level foretold of them.

Choice is Thompson sampling (Thompson 1933; Chapelle and Li 2011): one draw of each arm's Beta, the best wins.
The generator is seeded by SHA-256 of (user, campaign, epoch), so that the same question has the same answer
on every server until the epoch ends. The propensity, how often each arm would win, is told with every choice:
without it no log can be learned from afterwards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

STRENGTH: Final = 20.0
LEAST_PROPENSITY: Final = 1e-6
_GRID: Final = 512
_REACH: Final = 6.0
_FIRST: Final = 0.5
"""Responses of two exposures before anything is known of anybody (Jeffreys' prior)."""
_LENT: Final = 0.2
"""Responses per exposure of strength that a ratio to other arms is shrunk with."""
_MOST: Final = 1 - 1e-6

Arm = tuple[str, str]
"""Offer form and daypart."""
Tally = tuple[float, float]
"""Exposures and responses."""
Level = Mapping[Arm, Tally]
Matrix = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Beta:
    """What is believed of a rate."""

    yes: float
    no: float

    @property
    def known(self) -> float:
        """How many exposures it stands on."""
        return self.yes + self.no

    @property
    def mean(self) -> float:
        """The expected rate."""
        return self.yes / self.known


@dataclass(frozen=True, slots=True)
class Choice:
    """The arm, how probable it was that it would be chosen (never 0), and the same of all arms."""

    arm: Arm
    propensity: float
    propensities: Mapping[Arm, float]


def counted(level: Level, arm: Arm, responses: float, exposures: float = 1.0) -> dict[Arm, Tally]:
    """The counts with an exposure of an arm and what came of it."""
    shown, answered = level.get(arm, (0.0, 0.0))
    return {**level, arm: (shown + exposures, answered + responses)}


def added(one: Level, other: Level) -> dict[Arm, Tally]:
    """The counts of both."""
    nothing = (0.0, 0.0)
    sums = {arm: (one.get(arm, nothing), other.get(arm, nothing)) for arm in {**one, **other}}
    return {arm: (n + m, y + z) for arm, ((n, y), (m, z)) in sums.items()}


def beliefs(arms: Sequence[Arm], levels: Sequence[Level], strength: float = STRENGTH) -> dict[Arm, Beta]:
    """What is believed of each arm; ``levels`` from everybody to the person, each with all of its counts.

    The first level is shrunk towards the rate of all arms together. A level that knows little itself binds
    the next less: worth k N / (k + N) exposures, where N is what it stands on.
    """
    shown, answered = (
        sum(tally[side] for level in levels[:1] for tally in level.values()) for side in (0, 1)
    )
    pooled = Beta(answered + _FIRST, shown - answered + _FIRST)
    believed = dict.fromkeys(arms, pooled)
    for level in levels:
        means = _lent(arms, level, {arm: belief.mean for arm, belief in believed.items()}, strength)
        held = {arm: strength * each.known / (strength + each.known) for arm, each in believed.items()}
        believed = {arm: _updated(level.get(arm, (0.0, 0.0)), means[arm], held[arm]) for arm in arms}
    return believed


def choose(believed: Mapping[Arm, Beta], user: str, campaign: str, epoch: int) -> Choice:
    """One Thompson draw, the same for the same user, campaign and epoch. Raises ``ValueError`` without arms.

    >>> one = {("percent", "noon"): Beta(3, 7)}
    >>> choose(one, "u1", "c1", 0).propensity
    1.0
    """
    if not believed:
        raise ValueError("no arms to choose from: give at least one offer form and daypart")
    arms = sorted(believed)
    draw = np.random.Generator(np.random.PCG64(seed_of(user, campaign, epoch)))
    arm = arms[int(draw.beta(*_sides(believed, arms)).argmax())]
    shares = propensities(believed, arms)
    return Choice(arm, max(shares[arm], LEAST_PROPENSITY), shares)


def propensities(believed: Mapping[Arm, Beta], arms: Sequence[Arm]) -> dict[Arm, float]:
    """How often each arm would win the draw: the sum over rates x of P(arm at x) * P(all others below x).

    On a grid of 512 rates that spans six deviations about every mean.
    """
    yes, no = _sides(believed, arms)
    mean = yes / (yes + no)
    reach = _REACH * np.sqrt(mean * (1 - mean) / (yes + no + 1))
    low, high = max(float((mean - reach).min()), 0.0), min(float((mean + reach).max()), 1.0)
    rates = low + (high - low) * (np.arange(_GRID) + 0.5) / _GRID
    logs = np.outer(yes - 1, np.log(rates)) + np.outer(no - 1, np.log1p(-rates))
    mass = np.exp(logs - logs.max(axis=1, keepdims=True))
    mass /= mass.sum(axis=1, keepdims=True)
    below = np.log(np.cumsum(mass, axis=1) - mass / 2 + np.finfo(float).tiny)
    wins = (mass * np.exp(below.sum(axis=0) - below)).sum(axis=1)
    return dict(zip(arms, map(float, wins / wins.sum()), strict=True))


def seed_of(user: str, campaign: str, epoch: int) -> int:
    """The first 128 bits of SHA-256 over the three, each with its length before it."""
    parts = (user.encode(), campaign.encode(), str(epoch).encode())
    text = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return int.from_bytes(hashlib.sha256(text).digest()[:16], "big")


def inverse_propensity(rewards: Matrix, logged: Matrix, wanted: Matrix) -> float:
    """What a policy would have earned, from a log: sum of r w / sum of w, w = wanted / logged probability.

    The self-normalised estimate (Swaminathan and Joachims 2015). Raises ``ValueError`` when the log never did
    what the policy wants.
    """
    weights = wanted / logged
    if not weights.sum():
        raise ValueError("the log holds nothing that this policy would have done: it cannot be judged by it")
    return float((rewards * weights).sum() / weights.sum())


def _sides(believed: Mapping[Arm, Beta], arms: Sequence[Arm]) -> tuple[Matrix, Matrix]:
    return np.array([believed[arm].yes for arm in arms]), np.array([believed[arm].no for arm in arms])


def _updated(tally: Tally, mean: float, strength: float) -> Beta:
    shown, answered = tally
    return Beta(answered + strength * mean, shown - answered + strength * (1 - mean))


def _lent(arms: Sequence[Arm], level: Level, means: Mapping[Arm, float], strength: float) -> dict[Arm, float]:
    """Prior means at a level: those of the level above, with what the other arms of form and daypart lend."""
    kept = strength * _LENT
    return {arm: min(means[arm] * _ratio(arm, level, means, kept), _MOST) for arm in arms}


def _ratio(arm: Arm, level: Level, means: Mapping[Arm, float], kept: float) -> float:
    """(responses + c) / (responses foretold + c), of the form in other dayparts times of the daypart."""
    form = [other for other in means if other != arm and other[0] == arm[0]]
    daypart = [other for other in means if other[1] == arm[1]]
    product = 1.0
    for alike in (form, daypart):
        tallies = [(level.get(other, (0.0, 0.0)), means[other]) for other in alike]
        foretold = sum(shown * mean for (shown, _), mean in tallies)
        product *= (sum(answered for (_, answered), _ in tallies) + kept) / (foretold + kept)
    return product
