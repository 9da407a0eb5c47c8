"""Best time: what the first 70 % of a person's check-ins say of the hours of the week of the last 30 %.

Data: ``checkins/nyc.csv.gz`` of the development data; local hours, 168 cells. Mixture weights are fitted on
the span from 60 % to 70 %. *Log-loss* is the mean of -log p of the cells that came; *hit@24* the share of
events in the 24 cells that were told most likely. The baseline, rerun on the same rows, is one circular
kernel (0.7 h, 0.4 on days of the same type, 0.1 on others) with 12 events' worth of the global hours.
Intervals are those of resampled events; differences are paired by event.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from tests.evaluation.bootstrap import interval, paired_difference
from tests.evaluation.checkins import read_checkins

from herenow.learning.best_time import CELLS, best_times, fit_times, kernel

BEST = 24
_PRIOR = 12


def rows(data: Path) -> list[dict[str, Any]]:
    """Log-loss and hit@24. Raises ``FileNotFoundError`` without the file."""
    weeks = [[visit.weekday * 24 + visit.hour for visit in visits] for visits in read_checkins(data).values()]
    early, late, test = (counted(weeks, *span) for span in ((0, 0.6), (0.6, 0.7), (0.7, 1)))
    ours = best_times(early + late, fit_times(early, late))
    theirs = one_kernel(early + late)
    return [
        _row("log-loss (less is better)", *(_losses(told, test) for told in (ours, theirs))),
        _row("hit@24 of 168", *(_hits(told, test) for told in (ours, theirs))),
    ]


def one_kernel(counts: Any) -> Any:
    """The baseline."""
    everybody = counts.sum(axis=0) + 0.5
    prior = _PRIOR * everybody / everybody.sum()
    return (counts @ kernel(0.7, 0.4, 0.1) + prior) / (counts.sum(axis=1, keepdims=True) + _PRIOR)


def counted(weeks: list[list[int]], start: float, end: float) -> Any:
    """Counts, person × cell, of each person's own span of the history."""
    parts = [week[int(len(week) * start) : int(len(week) * end)] for week in weeks]
    return np.stack([np.bincount(part, minlength=CELLS) for part in parts]).astype(float)


def _losses(told: Any, test: Any) -> Any:
    return np.repeat(-np.log(told).ravel(), test.astype(int).ravel())


def _hits(told: Any, test: Any) -> Any:
    best = np.argsort(-told, axis=1, kind="stable")[:, :BEST]
    caught = np.zeros_like(told)
    np.put_along_axis(caught, best, 1.0, axis=1)
    return np.repeat(caught.ravel(), test.astype(int).ravel())


def _row(measure: str, ours: Any, theirs: Any) -> dict[str, Any]:
    low, high = interval(ours)
    difference, least, most = paired_difference(ours, theirs)
    return {
        "measure": measure,
        "n": len(ours),
        "ours": float(np.mean(ours)),
        "low": low,
        "high": high,
        "one kernel": float(np.mean(theirs)),
        "difference": difference,
        "difference low": least,
        "difference high": most,
    }
