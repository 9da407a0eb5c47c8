"""Purchases: how many each customer makes in the second 39 weeks, foretold from the first 39.

Data: ``purchases/cdnow.csv`` of the development data; weeks from 1997-01-01; several purchases of a day are
one. All parameters come from the first 39 weeks. *RMSE* is that of the number foretold, *AUC* how often a
customer who bought was foretold more than one who did not. Baselines, rerun on the same rows: BG/NBD, and
the decayed rate (half-life 8 weeks, prior 16). Intervals are those of resampled customers; differences are
paired. The goals (1.60, .785) are missed on the development data: ours 1.712 and .7725, BG/NBD 1.736 and
.760 on the same rows.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from tests.evaluation.bootstrap import RESAMPLES, SEED

from herenow.learning.purchases import WEEK, Customers, expected, fit_purchases, foretell_purchases
from herenow.learning.rates import Evidence, happened, rate

START = date(1997, 1, 1).toordinal()
CUT, END = 39, 78
_OLD_HALF_LIFE = 56.0


@dataclass(frozen=True, slots=True)
class Buyer:
    """Days of distinct purchases, from ``START``."""

    days: list[int]


def rows(data: Path, cut: float = CUT, end: float = END) -> list[dict[str, Any]]:
    """RMSE and AUC. Raises ``FileNotFoundError`` without the file."""
    buyers = [buyer for buyer in read_purchases(data) if buyer.days[0] <= cut * WEEK]
    today, weeks = int(cut * WEEK), end - cut
    seen = [[day for day in buyer.days if day <= today] for buyer in buyers]
    came = np.array([sum(today < day <= end * WEEK for day in buyer.days) for buyer in buyers], dtype=float)
    customers = _columns(seen, today)
    model = fit_purchases(customers)
    evidence = [_evidence(days) for days in seen]
    ours = foretell_purchases(model, customers, evidence, today, weeks)
    others = {
        "BG/NBD": expected(model, customers, weeks),
        "decayed rate": _decayed(seen, customers, today) * WEEK * weeks,
    }
    measures = {"RMSE (less is better)": _rmse, "AUC": _auc}
    return [
        _row(name, figure, came, ours, theirs, other)
        for name, figure in measures.items()
        for other, theirs in others.items()
    ]


def read_purchases(data: Path) -> list[Buyer]:
    """Every customer. Raises ``FileNotFoundError`` without the file."""
    days: dict[str, set[int]] = {}
    with (data / "purchases" / "cdnow.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            bought = date.fromisoformat(row["date"]).toordinal() - START
            days.setdefault(row["customer"], set()).add(bought)
    return [Buyer(sorted(each)) for each in days.values()]


def _columns(seen: list[list[int]], today: int) -> Customers:
    return Customers(
        np.array([len(days) - 1.0 for days in seen]),
        np.array([(days[-1] - days[0]) / WEEK for days in seen]),
        np.array([(today - days[0]) / WEEK for days in seen]),
    )


def _evidence(days: list[int], half_life: float | None = None) -> Evidence:
    evidence = Evidence()
    for day in days[1:]:
        evidence = happened(evidence, day) if half_life is None else happened(evidence, day, half_life)
    return evidence


def _decayed(seen: list[list[int]], customers: Customers, today: int) -> Any:
    everybody = float(customers.repeats.sum() / customers.seen.sum() / WEEK)
    return np.array(
        [
            rate(_evidence(days, _OLD_HALF_LIFE), today - days[0], today, everybody, _OLD_HALF_LIFE)
            for days in seen
        ]
    )


def _rmse(told: Any, came: Any) -> float:
    return float(np.sqrt(((told - came) ** 2).mean()))


def _auc(told: Any, came: Any) -> float:
    """The share of pairs that are told in the right order, half of a tie (Mann and Whitney 1947)."""
    bought = came > 0
    values, at = np.unique(told, return_inverse=True)
    yes, no = (np.bincount(at[part], minlength=len(values)) for part in (bought, ~bought))
    return float((yes * (np.cumsum(no) - no / 2)).sum() / (yes.sum() * no.sum()))


def _row(
    measure: str, figure: Callable[[Any, Any], float], came: Any, ours: Any, theirs: Any, other: str
) -> dict[str, Any]:
    draw = np.random.default_rng(SEED)
    drawn = [draw.integers(len(came), size=len(came)) for _ in range(RESAMPLES)]
    each = [figure(ours[at], came[at]) for at in drawn]
    apart = [mine - figure(theirs[at], came[at]) for mine, at in zip(each, drawn, strict=True)]
    (low, high), (least, most) = np.percentile(each, (2.5, 97.5)), np.percentile(apart, (2.5, 97.5))
    return {
        "measure": measure,
        "n": len(came),
        "ours": figure(ours, came),
        "low": float(low),
        "high": float(high),
        "baseline": other,
        "theirs": figure(theirs, came),
        "difference": figure(ours, came) - figure(theirs, came),
        "difference low": float(least),
        "difference high": float(most),
    }
