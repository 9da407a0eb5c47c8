"""Offer choice: what the visits are when each of two mails is chosen by what was learned so far.

Data: ``offers/hillstrom.csv.gz`` of the development data, the rows that got one of the two mails (at random).
Replay (Li et al. 2011): rows come in a random order; the policy chooses a mail for each, and a row counts as
sent when it is the mail that it really got. Levels are everybody and what was bought before; the reward is a
visit. Told are the first 5,000 sends, where learning is paid for, and the 5,000 after them. The baseline is
the better single mail, sent to as many rows of the same order (known only with hindsight); *uniform* chooses
by chance. Intervals are the middle 95 % of the orders; differences are paired by order.
"""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tests.evaluation.bootstrap import SEED

from herenow.learning.offers import Arm, Tally, beliefs, choose, counted

ORDERS = 10
SENDS = 5_000
_MAILS: dict[str, Arm] = {"Mens E-Mail": ("mens", "any"), "Womens E-Mail": ("womens", "any")}


@dataclass(frozen=True, slots=True)
class Sent:
    """A row of the experiment: what was bought before, which mail it got, whether a visit came of it."""

    segment: str
    arm: Arm
    visit: float


def rows(data: Path) -> list[dict[str, Any]]:
    """Visits in the first sends, and in those after. Raises ``FileNotFoundError`` without the file."""
    log = read_sends(data)
    draw = np.random.default_rng(SEED)
    sends = min(SENDS, len(log) // 4)
    orders = [[log[at] for at in draw.permutation(len(log))] for _ in range(ORDERS)]
    runs = [_run(order, str(name), sends) for name, order in enumerate(orders)]
    spans = {f"visits, first {sends} sends": 0, f"visits, next {sends} sends": 1}
    return [_row(name, np.array([run[at] for run in runs]), sends) for name, at in spans.items()]


def read_sends(data: Path) -> list[Sent]:
    """The rows that got a mail. Raises ``FileNotFoundError`` without the file."""
    with gzip.open(data / "offers" / "hillstrom.csv.gz", "rt", encoding="utf-8") as stream:
        return [
            Sent(f"{row['mens']}{row['womens']}", _MAILS[row["segment"]], float(row["visit"]))
            for row in csv.DictReader(stream)
            if row["segment"] in _MAILS
        ]


def _run(log: list[Sent], campaign: str, sends: int) -> list[tuple[float, float, float]]:
    """Of both spans: visits by our choice, by the best single mail, by chance."""
    rewards = replayed(log, campaign, 2 * sends)
    visits = [float(np.mean(part)) for part in (rewards[:sends], rewards[sends:])]
    rates = [[sent.visit for sent in log if sent.arm == arm] for arm in _MAILS.values()]
    best = max(rates, key=np.mean)
    chance = [sent.visit for sent in log]
    return [
        (ours, float(np.mean(best[at : at + sends])), float(np.mean(chance[at : at + sends])))
        for ours, at in zip(visits, (0, sends), strict=True)
    ]


def replayed(log: list[Sent], campaign: str, sends: int) -> list[float]:
    """Visits of the rows for which our choice was the mail that they got, until so many were sent."""
    arms = list(_MAILS.values())
    everybody: dict[Arm, Tally] = {}
    segments: dict[str, dict[Arm, Tally]] = {}
    rewards: list[float] = []
    for user, sent in enumerate(log):
        believed = beliefs(arms, [everybody, segments.get(sent.segment, {})])
        if choose(believed, str(user), campaign, 0).arm != sent.arm:
            continue
        rewards.append(sent.visit)
        everybody = counted(everybody, sent.arm, sent.visit)
        segments[sent.segment] = counted(segments.get(sent.segment, {}), sent.arm, sent.visit)
        if len(rewards) == sends:
            break
    return rewards


def _row(measure: str, runs: Any, sends: int) -> dict[str, Any]:
    ours, best, chance = runs[:, 0], runs[:, 1], runs[:, 2]
    low, high = np.percentile(ours, (2.5, 97.5))
    least, most = np.percentile(ours - best, (2.5, 97.5))
    return {
        "measure": measure,
        "n": f"{len(runs)} x {sends}",
        "ours": float(ours.mean()),
        "low": float(low),
        "high": float(high),
        "best mail": float(best.mean()),
        "uniform": float(chance.mean()),
        "difference": float((ours - best).mean()),
        "difference low": float(least),
        "difference high": float(most),
    }
