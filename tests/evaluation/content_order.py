"""Content order: how often the last item a person rated is among the first ten of the whole catalogue.

Data: ``ratings/ml-100k.tsv`` and ``items.tsv`` of the development data. Protocol: the last rating of each
person, by time and order of lines, is the test; every rating counts as liking; all items but those the person
rated before compete. Weights of the features are learned on the last rating but one, with tables of what came
before it; the tables are then refitted on all but the last. The order is that of the integer scorer over the
200 best of item neighbours. The baseline, rerun on the same rows, is EASE with history × 0.9^n and ridge 300.
Intervals are those of resampled people, paired.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tests.evaluation.bootstrap import interval, paired_difference

from herenow.learning.neighbours import FEATURES, Neighbours, faded, features, fit_neighbours
from herenow.learning.rerank import OrderModel, fit_order, fixed, scores

CANDIDATES = 200
TOP = 10
HALF_LIFE_DAYS = 14.0
_FAR = 10**9
_DAY = 86_400
_NAMES = (*FEATURES, "trending", "taste")


@dataclass(frozen=True, slots=True)
class Person:
    """The items that somebody rated, oldest first, and when."""

    items: list[int]
    times: list[int]


@dataclass(frozen=True, slots=True)
class Sample:
    """Candidates of each person with their features, and which is the one to find (-1: not among them)."""

    shown: Any
    wanted: Any


def rows(data: Path) -> list[dict[str, Any]]:
    """HR@10 and NDCG@10. Raises ``FileNotFoundError`` without the files."""
    people, genres = read_ratings(data), read_genres(data)
    learned = _sample(people, genres, 2)
    seen = learned.wanted >= 0
    model = fit_order(_NAMES, learned.shown[seen], learned.wanted[seen])
    ours, theirs = _ranks(_sample(people, genres, 1), model), _ease_ranks(people, len(genres))
    measures = {f"HR@{TOP}": _hit, f"NDCG@{TOP}": _gain}
    return [_row(name, gain(ours), gain(theirs)) for name, gain in measures.items()]


def read_ratings(data: Path) -> list[Person]:
    """Everybody's ratings in the order of time, of equal times in that of the lines."""
    found: dict[str, list[tuple[int, int]]] = {}
    with (data / "ratings" / "ml-100k.tsv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            found.setdefault(row["user"], []).append((int(row["timestamp"]), int(row["item"]) - 1))
    ordered = (sorted(ratings, key=lambda rating: rating[0]) for ratings in found.values())
    return [Person([item for _, item in each], [at for at, _ in each]) for each in ordered]


def read_genres(data: Path) -> Any:
    """Item × genre, rows of length 1."""
    with (data / "ratings" / "items.tsv").open(encoding="utf-8") as stream:
        listed = [row["genres"].split(";") for row in csv.DictReader(stream, delimiter="\t")]
    names = sorted({genre for genres in listed for genre in genres})
    table = np.array([[float(name in genres) for name in names] for genres in listed])
    return table / np.linalg.norm(table, axis=1, keepdims=True)


def _sample(people: Sequence[Person], genres: Any, held: int) -> Sample:
    """The candidates of everybody when their last ``held`` ratings are not yet known."""
    histories = [person.items[:-held] for person in people]
    model = fit_neighbours(histories, len(genres))
    clocks = _clocks(people, held)
    parts = [_shown(model, genres, clocks, person, held) for person in people]
    return Sample(np.stack([shown for shown, _ in parts]), np.array([wanted for _, wanted in parts]))


def _shown(model: Neighbours, genres: Any, clocks: Any, person: Person, held: int) -> tuple[Any, int]:
    history, now = person.items[:-held], person.times[-held - 1]
    told = features(model, history)
    reach = faded(history, len(genres), 0.9) @ model.together
    reach[history] = -np.inf
    chosen = np.argsort(-reach, kind="stable")[:CANDIDATES]
    extra = np.stack([_trending(clocks, len(genres), now), _taste(genres, history)], axis=1)
    wanted = np.flatnonzero(chosen == person.items[-held])
    return np.hstack([told, extra])[chosen], int(wanted[0]) if len(wanted) else -1


def _clocks(people: Sequence[Person], held: int) -> Any:
    """All ratings that are known, as times and items."""
    known = [pair for each in people for pair in zip(each.times[:-held], each.items[:-held], strict=True)]
    times, items = np.array(known).T
    return times, items


def _trending(clocks: Any, items: int, now: int) -> Any:
    """Popularity as it stood at a person's last rating, half of it gone after 14 days."""
    times, rated = clocks
    weights = np.where(times <= now, 0.5 ** ((now - times) / _DAY / HALF_LIFE_DAYS), 0.0)
    return np.log1p(np.bincount(rated, weights=weights, minlength=items))


def _taste(genres: Any, history: Sequence[int]) -> Any:
    """How like the genres of an item are to those of the history, lately more than long ago."""
    liked = faded(history, len(genres), 0.9) @ genres
    return genres @ (liked / np.linalg.norm(liked))


def _ranks(sample: Sample, model: OrderModel) -> list[int]:
    told = scores(model, fixed(model, sample.shown))
    ranks = (told >= np.take_along_axis(told, np.maximum(sample.wanted, 0)[:, None], axis=1)).sum(axis=1) - 1
    return [int(rank) if wanted >= 0 else _FAR for rank, wanted in zip(ranks, sample.wanted, strict=True)]


def _ease_ranks(people: Sequence[Person], items: int) -> list[int]:
    model = fit_neighbours([person.items[:-1] for person in people], items, ridge=300)
    found = []
    for person in people:
        reach = faded(person.items[:-1], items, 0.9) @ model.together
        truth = reach[person.items[-1]]
        reach[person.items[:-1]] = -np.inf
        found.append(int((reach >= truth).sum()) - 1)
    return found


def _hit(ranks: list[int]) -> list[float]:
    return [float(rank < TOP) for rank in ranks]


def _gain(ranks: list[int]) -> list[float]:
    return [float(1 / np.log2(rank + 2)) if rank < TOP else 0.0 for rank in ranks]


def _row(measure: str, ours: list[float], theirs: list[float]) -> dict[str, Any]:
    low, high = interval(ours)
    difference, least, most = paired_difference(ours, theirs)
    return {
        "measure": measure,
        "n": len(ours),
        "ours": float(np.mean(ours)),
        "low": low,
        "high": high,
        "EASE, recency": float(np.mean(theirs)),
        "difference": difference,
        "difference low": least,
        "difference high": most,
    }
